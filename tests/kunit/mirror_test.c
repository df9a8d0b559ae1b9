// SPDX-License-Identifier: GPL-2.0
/* Tests mirror images of animations. */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "animation_test.h"

/* Include the source: an object cannot be part of two modules. */
#include "../../devices/parrot/mirror.c"

/* Buffer size for mirror_random_text(), in bytes. */
#define MIRROR_TEXT	512

static struct parrot_animation *mirror_parse(struct kunit *test,
					     const char *text, size_t size)
{
	struct parrot_animation *anim;
	struct parrot_fault fault;

	anim = parrot_animation_parse("kunit", text, size, &fault);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, anim);
	return anim;
}

static struct parrot_animation *mirror_of(const struct parrot_animation *anim)
{
	struct parrot_fault fault;

	return parrot_animation_mirror(anim, &fault);
}

static void mirror_expect(struct kunit *test, const char *text,
			  const char *want)
{
	struct parrot_animation *anim = mirror_parse(test, text, strlen(text));
	struct parrot_animation *mirror = mirror_of(anim);
	const struct parrot_frame *frame;
	char *shown;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, mirror);
	KUNIT_EXPECT_STREQ(test, (const char *)mirror->name, "kunit");
	KUNIT_EXPECT_EQ(test, mirror->count, 1U);
	KUNIT_EXPECT_EQ(test, mirror->not_ascii.line, 0U);
	frame = &mirror->frames[0];
	shown = kmemdup_nul(mirror->data + frame->start, frame->len,
			    GFP_KERNEL);
	KUNIT_EXPECT_STREQ(test, (const char *)shown, want);
	kfree(shown);
	parrot_animation_put(mirror);
	parrot_animation_put(anim);
}

/* The end of each row. */
#define END "\033[K"

static void mirror_turns_lines_around(struct kunit *test)
{
	mirror_expect(test, "a", "a" END);
	mirror_expect(test, "abc\n", "cba" END);
	mirror_expect(test, "abc\nx\n\nde",
		      "cba" END "\n  x" END "\n  \x20" END "\n ed" END);
	mirror_expect(test, " a\n", "a\x20" END);
	mirror_expect(test, "/\\([{<", ">}])/\\" END);
	mirror_expect(test, ">}])/\\", "/\\([{<" END);
	mirror_expect(test, "db\"'`pq", "qp`'\"bd" END);
}

/* A plain text of up to four frames, each of up to four lines. */
static size_t mirror_random_text(struct kunit_random *random, char *text)
{
	static const char bytes[] = "  ab/\\()[]{}<>|~";
	u32 frames = kunit_below(random, 4) + 1;
	size_t len = 0;
	u32 i, lines;

	while (frames--) {
		lines = kunit_below(random, 4) + 1;
		/* A frame that has only empty lines is invalid. */
		text[len++] = '!';
		while (lines--) {
			for (i = kunit_below(random, 12); i; i--)
				text[len++] = bytes[kunit_below(random,
								sizeof(bytes) - 1)];
			if (lines || frames || kunit_below(random, 2))
				text[len++] = '\n';
		}
		if (frames) {
			text[len++] = '\f';
			text[len++] = '\n';
		}
	}
	return len;
}

static char mirror_naive_char(char c)
{
	switch (c) {
	case '/': return '\\';
	case '\\': return '/';
	case '(': return ')';
	case ')': return '(';
	case '[': return ']';
	case ']': return '[';
	case '{': return '}';
	case '}': return '{';
	case '<': return '>';
	case '>': return '<';
	default: return c;
	}
}

/*
 * Byte by byte: each column of the mirror image has the mirrored character of
 * the column at the same distance from the other edge, or a blank. Each row has
 * its end and newline.
 */
static bool mirror_frame_is_right(const struct parrot_animation *anim,
				  const struct parrot_animation *mirror, u32 i)
{
	const struct parrot_frame *frame = &anim->frames[i];
	const char *from = anim->data + frame->start;
	const char *end = from + frame->len;
	const char *to = mirror->data + mirror->frames[i].start;
	const char *to_end = to + mirror->frames[i].len;
	u32 column, len;

	while (from < end) {
		for (len = 0; from[len] != '\033'; len++)
			;
		if (to_end - to < anim->width)
			return false;
		for (column = 0; column < anim->width; column++) {
			u32 other = anim->width - 1 - column;
			char want = other < len ? from[other] : ' ';

			if (to[column] != mirror_naive_char(want))
				return false;
		}
		to += anim->width;
		from += len + strlen(END);
		if (to_end - to < strlen(END) || memcmp(to, END, strlen(END)))
			return false;
		to += strlen(END);
		if (from < end) {
			if (to == to_end || *to != '\n')
				return false;
			to++;
			from++;
		}
	}
	return to == to_end;
}

static bool mirror_is_right(const struct parrot_animation *anim,
			    const struct parrot_animation *mirror)
{
	u32 i, page = 0;

	if (mirror->count != anim->count || mirror->width != anim->width ||
	    mirror->not_ascii.line)
		return false;
	for (i = 0; i < anim->count; i++) {
		page = animation_next_page(mirror, &mirror->frames[i], page);
		if (!page || mirror->frames[i].rows != anim->frames[i].rows ||
		    mirror->frames[i].color ||
		    !mirror_frame_is_right(anim, mirror, i))
			return false;
	}
	return true;
}

/* Return: whether both animations have the same frames. */
static bool mirror_shows_the_same(const struct parrot_animation *a,
				  const struct parrot_animation *b)
{
	u32 i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++) {
		if (a->frames[i].len != b->frames[i].len ||
		    memcmp(a->data + a->frames[i].start,
			   b->data + b->frames[i].start, a->frames[i].len))
			return false;
	}
	return true;
}

static void mirror_agrees_with_naive(struct kunit *test)
{
	struct parrot_animation *anim, *once, *twice, *thrice;
	struct kunit_random random;
	char *text;
	int i;

	text = kunit_kzalloc(test, MIRROR_TEXT, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, text);
	kunit_random_start(&random);
	for (i = 0; i < 3000; i++) {
		size_t size = mirror_random_text(&random, text);

		anim = mirror_parse(test, text, size);
		once = mirror_of(anim);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, once);
		KUNIT_ASSERT_TRUE_MSG(test, mirror_is_right(anim, once),
				      "seed %#llx, text %d: %*pE", random.seed,
				      i, (int)size, text);
		/* Mirrored three times is the same as mirrored once. */
		twice = mirror_of(once);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, twice);
		KUNIT_ASSERT_TRUE_MSG(test, mirror_is_right(once, twice),
				      "seed %#llx, text %d", random.seed, i);
		thrice = mirror_of(twice);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, thrice);
		KUNIT_ASSERT_TRUE_MSG(test, mirror_shows_the_same(once, thrice),
				      "seed %#llx, text %d", random.seed, i);
		parrot_animation_put(thrice);
		parrot_animation_put(twice);
		parrot_animation_put(once);
		parrot_animation_put(anim);
	}
}

static void mirror_refuses_what_is_not_plain(struct kunit *test)
{
	static const struct {
		const char *text;
		u32 line;
		const char *what;
	} table[] = {
		{ "\033[31ma", 1, "colours" },
		{ "caf\xc3\xa9", 1, "characters that are not ASCII" },
		{ "a\n\f\n\033[m\n\xc3\xa9", 3, "colours" },
		{ "a\n\n\xf0\x9f\xa6\x9c\n\033[m", 3, "characters that are not ASCII" },
	};
	struct parrot_animation *anim;
	struct parrot_fault fault;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		anim = mirror_parse(test, table[i].text, strlen(table[i].text));
		KUNIT_EXPECT_PTR_EQ_MSG(test,
					parrot_animation_mirror(anim, &fault),
					(struct parrot_animation *)ERR_PTR(-EINVAL),
					"text %zu", i);
		KUNIT_EXPECT_EQ_MSG(test, fault.line, table[i].line, "text %zu",
				    i);
		KUNIT_EXPECT_NOT_NULL_MSG(test,
					  strstr(fault.what, table[i].what),
					  "text %zu: %s", i, fault.what);
		parrot_animation_put(anim);
	}
}

/* 2,048 lines of 8,188 bytes, with row ends and newlines, are 16 MiB. */
static void mirror_grows_to_16_mib(struct kunit *test)
{
	const u32 width = 8188, lines = 2048;
	const size_t size = width + 1 + 2 * lines;
	char *text = kunit_kzalloc(test, size, GFP_KERNEL);
	struct parrot_animation *anim, *mirror;
	const char *first, *last;
	u32 i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, text);
	memset(text, '<', width);
	text[width] = '\n';
	for (i = 0; i < lines; i++)
		memcpy(text + width + 1 + 2 * i, "x\n", 2);

	anim = mirror_parse(test, text, size - 2);
	mirror = mirror_of(anim);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, mirror);
	KUNIT_EXPECT_EQ(test, mirror->frames[0].len, (16U << 20) - 1);
	first = mirror->data + mirror->frames[0].start;
	last = first + mirror->frames[0].len - strlen(" x" END);
	KUNIT_EXPECT_EQ(test, memcmp(last, " x" END, strlen(" x" END)), 0);
	KUNIT_EXPECT_EQ(test, first[width - 1], '>');
	parrot_animation_put(mirror);
	parrot_animation_put(anim);

	anim = mirror_parse(test, text, size);
	KUNIT_EXPECT_PTR_EQ(test, mirror_of(anim),
			    (struct parrot_animation *)ERR_PTR(-EINVAL));
	parrot_animation_put(anim);
}

static struct kunit_case mirror_cases[] = {
	KUNIT_CASE(mirror_turns_lines_around),
	KUNIT_CASE(mirror_agrees_with_naive),
	KUNIT_CASE(mirror_refuses_what_is_not_plain),
	KUNIT_CASE(mirror_grows_to_16_mib),
	{}
};

static struct kunit_suite mirror_suite = {
	.name = "parrot_mirror",
	.test_cases = mirror_cases,
};

kunit_test_suites(&mirror_suite);
