// SPDX-License-Identifier: GPL-2.0
/* Tests the parser of animations: allowed text, frames, and reported faults. */
#include <linux/slab.h>

#include "animation_test.h"

/*
 * Include the sources: the suite tests their static functions too, and an
 * object cannot be part of two modules.
 */
#include "../../devices/parrot/check.c"
#include "../../devices/parrot/rows.c"
#include "../../devices/parrot/pages.c"
#include "../../devices/parrot/animation.c"

/* Buffer size for animation_random_text(), in bytes. */
#define ANIMATION_TEXT	256

/*
 * Return: the length of the UTF-8 sequence at @text, or 0. Decodes the bits,
 * then refuses overlong forms, surrogates, control characters and codes above
 * U+10FFFF.
 */
static size_t utf8_naive(const u8 *text, size_t len)
{
	static const u32 shortest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t need, i;
	u32 code;

	if (text[0] >> 5 == 6)
		need = 2;
	else if (text[0] >> 4 == 14)
		need = 3;
	else if (text[0] >> 3 == 30)
		need = 4;
	else
		return 0;
	if (len < need)
		return 0;
	code = text[0] & ((1 << (7 - need)) - 1);
	for (i = 1; i < need; i++) {
		if (text[i] >> 6 != 2)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	if (code < shortest[need] || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff) || code < 0xa0)
		return 0;
	return need;
}

static void utf8_expect(struct kunit *test, const u8 *text)
{
	size_t len;

	for (len = 1; len <= 4; len++)
		KUNIT_ASSERT_EQ_MSG(test, parrot_utf8_len(text, len),
				    utf8_naive(text, len),
				    "%zu bytes of %02x %02x %02x %02x", len,
				    text[0], text[1], text[2], text[3]);
}

/*
 * All first bytes from 0x80, with all second bytes and edge values of the third
 * byte. If the first byte is 0xf0 or above, also edge values of the fourth.
 */
static void utf8_agrees_with_naive(struct kunit *test)
{
	static const u8 edges[] = { 0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff };
	u8 text[4];
	int first, second;
	size_t i, j;

	for (first = 0x80; first < 0x100; first++) {
		for (second = 0; second < 0x100; second++) {
			for (i = 0; i < ARRAY_SIZE(edges); i++) {
				j = first < 0xf0 ? ARRAY_SIZE(edges) - 1 : 0;
				for (; j < ARRAY_SIZE(edges); j++) {
					text[0] = first;
					text[1] = second;
					text[2] = edges[i];
					text[3] = edges[j];
					utf8_expect(test, text);
				}
			}
		}
	}
}

/* The edges of the Unicode Standard's table of well-formed sequences. */
static void utf8_has_edges(struct kunit *test)
{
	static const struct {
		const char *text;
		size_t len;
	} edges[] = {
		{ "\xc2\x80", 0 }, { "\xc2\x9f", 0 }, { "\xc2\xa0", 2 },
		{ "\xdf\xbf", 2 }, { "\xe0\xa0\x80", 3 },
		{ "\xed\x9f\xbf", 3 }, { "\xed\xa0\x80", 0 },
		{ "\xed\xbf\xbf", 0 }, { "\xee\x80\x80", 3 },
		{ "\xef\xbf\xbf", 3 }, { "\xf0\x90\x80\x80", 4 },
		{ "\xf4\x8f\xbf\xbf", 4 }, { "\xf4\x90\x80\x80", 0 },
		{ "\xf5\x80\x80\x80", 0 }, { "\xc0\x80", 0 },
		{ "\xc1\xbf", 0 }, { "\xe0\x9f\xbf", 0 },
		{ "\xf0\x8f\xbf\xbf", 0 }, { "\x80", 0 }, { "\xff", 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(edges); i++)
		KUNIT_EXPECT_EQ_MSG(test, edges[i].len,
				    parrot_utf8_len((const u8 *)edges[i].text,
						    strlen(edges[i].text)),
				    "edge %zu", i);
}

/**
 * animation_parse() - parse a copy of a text
 * @test: the test case
 * @text: the text of the animation
 * @size: bytes in @text
 * @fault: filled if @ret is -EINVAL or -EFBIG
 * @ret: 0 or a negative errno
 *
 * The copy has exactly @size bytes, so that KASAN reports a read past the end.
 * May sleep.
 *
 * Return: an animation with one reference, or NULL.
 */
struct parrot_animation *animation_parse(struct kunit *test, const char *text,
					 size_t size,
					 struct parrot_fault *fault, int *ret)
{
	char *copy = kmemdup(text, size, GFP_KERNEL);
	struct parrot_animation *anim;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, copy);
	anim = parrot_animation_parse("kunit", copy, size, fault);
	kfree(copy);
	*ret = PTR_ERR_OR_ZERO(anim);
	return *ret ? NULL : anim;
}

/* Parsing must return @want and, on an error, set the fault's line to @line. */
static void animation_expect(struct kunit *test, const char *text, size_t size,
			     int want, u32 line)
{
	int shown = min_t(size_t, size, 40);
	struct parrot_animation *anim;
	struct parrot_fault fault;
	int ret;

	anim = animation_parse(test, text, size, &fault, &ret);
	parrot_animation_put(anim);
	KUNIT_EXPECT_EQ_MSG(test, ret, want, "text %*pE", shown, text);
	if (ret && ret == want)
		KUNIT_EXPECT_EQ_MSG(test, fault.line, line, "text %*pE", shown,
				    text);
}

static void animation_takes_no_control_character(struct kunit *test)
{
	int c;

	for (c = 0; c < 256; c++) {
		const char within[] = { 'a', '\n', 'b', c, 'c' };
		const char last[] = { 'a', '\n', 'b', c };
		bool fine = (c >= ' ' && c <= '~') || c == '\n';

		animation_expect(test, within, sizeof(within),
				 fine ? 0 : -EINVAL, 2);
		animation_expect(test, last, sizeof(last), fine ? 0 : -EINVAL,
				 2);
	}
}

static void animation_takes_colors_only(struct kunit *test)
{
	static const char *const good[] = {
		"\033[m", "\033[0m", "\033[31m", "\033[1;31m", "\033[;m",
		"\033[38;2;255;128;0m", "\033[4:3m",
		"\033[0000000000000000000000000000000000000000m",
	};
	static const char *const bad[] = {
		"\033", "\033\033[m", "\033m", "\033[", "\033[3", "\033[31",
		"\033[2J", "\033[H", "\033[31mm\033", "\033[?25l", "\033[?m",
		"\033[ m", "\033[-1m", "\033[3\nm", "\033[3\xc2\xa0m",
		"\033]0;m", "\033(B", "\033c", "\033Pm", "\033[>4m", "\033[!m",
		"\033[3\033[m",
	};
	static const char nul[] = "\033[3\0m";
	struct parrot_animation *anim;
	struct parrot_fault fault;
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		anim = animation_parse(test, good[i], strlen(good[i]), &fault,
				       &ret);
		KUNIT_EXPECT_EQ_MSG(test, ret, 0, "'%s'", good[i] + 1);
		KUNIT_EXPECT_TRUE_MSG(test, anim && anim->frames[0].color &&
				      anim->not_ascii.line == 1, "'%s'", good[i] + 1);
		parrot_animation_put(anim);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		animation_expect(test, bad[i], strlen(bad[i]), -EINVAL, 1);
	animation_expect(test, nul, sizeof(nul) - 1, -EINVAL, 1);
}

/*
 * Each frame has a flag for colours. Only the animation as a whole records its
 * first line that is not plain ASCII.
 */
static void animation_tells_colors_by_frame(struct kunit *test)
{
	static const char text[] = "a\n\f\n\033[31mb\n\f\n\xc3\xa9\n";
	struct parrot_animation *anim;
	struct parrot_fault fault;
	int ret;

	anim = animation_parse(test, text, sizeof(text) - 1, &fault, &ret);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, anim);
	KUNIT_EXPECT_EQ(test, anim->count, 3U);
	KUNIT_EXPECT_EQ(test, anim->not_ascii.line, 3U);
	KUNIT_EXPECT_FALSE(test, anim->frames[0].color);
	KUNIT_EXPECT_TRUE(test, anim->frames[1].color);
	KUNIT_EXPECT_FALSE(test, anim->frames[2].color);
	parrot_animation_put(anim);
}

static void animation_has_no_empty_frame(struct kunit *test)
{
	static const struct {
		const char *text;
		int ret;
		u32 line;
	} table[] = {
		{ "a" }, { "a\n" }, { " " }, { "\na" }, { "\n\n a\n\n" },
		{ "a\n\f\nb" }, { "a\n\f\nb\n" }, { "a\n\n\f\n\nb\n\n" },
		{ "\n", -EINVAL, 2 },
		{ "\n\n\n", -EINVAL, 4 },
		{ "\f", -EINVAL, 1 },
		{ "\f\na", -EINVAL, 1 },
		{ "a\n\f", -EINVAL, 3 },
		{ "a\n\f\n", -EINVAL, 3 },
		{ "a\n\f\n\n", -EINVAL, 4 },
		{ "a\n\f\n\f\nb", -EINVAL, 3 },
		{ "a\n\f\n\n\n\f\nb", -EINVAL, 5 },
		/* A separator is a line with a form feed and nothing else. */
		{ "a\f", -EINVAL, 1 },
		{ "a\n\f\x20\nb", -EINVAL, 2 },
		{ "a\n \f\nb", -EINVAL, 2 },
		{ "a\n\f\f\nb", -EINVAL, 2 },
		{ "a\n\f\nb\r\nc", -EINVAL, 3 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		animation_expect(test, table[i].text, strlen(table[i].text),
				 table[i].ret, table[i].line);
}

static void animation_has_1024_frames(struct kunit *test)
{
	const size_t size = 4 * 1025;
	char *text = kunit_kzalloc(test, size, GFP_KERNEL);
	struct parrot_animation *anim;
	struct parrot_fault fault;
	int ret, i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, text);
	for (i = 0; i < 1025; i++)
		memcpy(text + 4 * i, "x\n\f\n", 4);
	anim = animation_parse(test, text, 4 * 1024 - 2, &fault, &ret);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, anim);
	KUNIT_EXPECT_EQ(test, anim->count, 1024U);
	/* Each frame begins a page. Its picture is "x" and PARROT_ROW_END. */
	KUNIT_EXPECT_EQ(test, anim->frames[1023].start,
			PAGE_SIZE * 1023 + strlen(PARROT_HOME));
	KUNIT_EXPECT_EQ(test, anim->frames[1023].len, 4U);
	parrot_animation_put(anim);

	/* The fault is in the line that ends the 1025th frame. */
	animation_expect(test, text, 4 * 1025 - 2, -EFBIG, 2050);
	animation_expect(test, text, 4 * 1025, -EFBIG, 2050);
	/* An empty 1025th frame is EINVAL, not EFBIG. */
	animation_expect(test, text, 4 * 1024, -EINVAL, 2049);
}

/* The state that colour sequences set. */
struct naive_pen {
	u32 background;
	bool inverse;
};

/* Supports only ";" between parameters. */
static void naive_set(struct naive_pen *pen, const char *at)
{
	u32 codes[8] = {};
	size_t count = 1, i;

	for (; *at != 'm'; at++) {
		if (*at == ';')
			count++;
		else
			codes[count - 1] = codes[count - 1] * 10 + *at - '0';
	}
	for (i = 0; i < count; i++) {
		if (!codes[i])
			*pen = (struct naive_pen){};
		else if (codes[i] == 7 || codes[i] == 27)
			pen->inverse = codes[i] == 7;
		else if (codes[i] >= 41 && codes[i] <= 47)
			pen->background = codes[i];
		else if (codes[i] == 49)
			pen->background = 0;
		else if (codes[i] == 48)
			pen->background = 256 + codes[i + 2];
		if (codes[i] == 38 || codes[i] == 48)
			i += 2;
	}
}

/* A character and the state that applies to it. */
struct naive_cell {
	char c;
	struct naive_pen pen;
};

/*
 * Splits @text into cells, and counts the erases. Return: the number of cells,
 * or 0 after a wrong erase: with background or inverse on, or not at the end of
 * a row.
 */
static size_t naive_cells(const char *text, size_t len,
			  struct naive_cell *cells, size_t *erased)
{
	struct naive_pen pen = {};
	size_t i, count = 0;

	memset(cells, 0, ANIMATION_TEXT * sizeof(*cells));
	*erased = 0;
	for (i = 0; i < len; i++) {
		if (text[i] != '\033') {
			cells[count].c = text[i];
			if (text[i] != '\n')
				cells[count].pen = pen;
			count++;
			continue;
		}
		if (text[i + 2] == 'K') {
			if (pen.background || pen.inverse)
				return 0;
			i += 2;
			if (i + 1 < len && text[i + 1] != '\n')
				return 0;
			++*erased;
			continue;
		}
		naive_set(&pen, text + i + 2);
		while (text[i] != 'm')
			i++;
	}
	return count;
}

/* Return: whether frame @i has the cells of @text and one erase in each row. */
static bool animation_shows(const struct parrot_animation *anim, u32 i,
			    const char *text, size_t len,
			    struct naive_cell *cells)
{
	struct naive_cell *shown = cells + ANIMATION_TEXT;
	size_t count, rows = 1, erased, none, k;

	if (len && text[len - 1] == '\n')
		len--;
	for (k = 0; k < len; k++)
		rows += text[k] == '\n';
	count = naive_cells(text, len, cells, &none);
	return naive_cells(anim->data + anim->frames[i].start,
			   anim->frames[i].len, shown, &erased) == count &&
	       erased == rows && !none &&
	       !memcmp(cells, shown, count * sizeof(*cells));
}

/*
 * A second parser, line by line, written from the documentation. On success it
 * fills @anim; start and len of a frame then refer to @text.
 */
static int animation_naive(const char *text, size_t size,
			   struct parrot_animation *anim, u32 *line)
{
	bool full = false, ends = false;
	size_t from = 0, i, step, frame = 0;

	memset(anim, 0, struct_size(anim, frames, ANIMATION_TEXT));
	for (*line = 1; !ends; (*line)++) {
		size_t len = 0;

		ends = from == size;
		while (from + len < size && text[from + len] != '\n')
			len++;
		if (ends || (len == 1 && text[from] == '\f')) {
			if (!full)
				return -EINVAL;
			anim->frames[anim->count].start = frame;
			anim->frames[anim->count].len = from - frame;
			anim->count++;
			full = false;
			frame = min(from + len + 1, size);
		} else {
			full |= len > 0;
			anim->frames[anim->count].rows++;
			anim->width = max_t(u32, anim->width, len);
		}
		for (i = from; i < from + len && !ends; i += step) {
			size_t left = from + len - i;
			const char *at = text + i;

			step = 1;
			if (*at >= ' ' && *at <= '~')
				continue;
			if (len == 1 && *at == '\f')
				continue;
			if (!anim->not_ascii.line)
				anim->not_ascii.line = *line;
			if (*at & 0x80) {
				step = utf8_naive((const u8 *)at, left);
			} else {
				step = 2;
				while (step < left && strchr("0123456789;:", at[step]))
					step++;
				if (left < 3 || *at != '\033' || at[1] != '[' ||
				    step == left || at[step] != 'm')
					return -EINVAL;
				step++;
				anim->frames[anim->count].color = true;
			}
			if (!step)
				return -EINVAL;
		}
		from = min(from + len + 1, size);
	}
	return 0;
}

/* Joins pieces, most of them valid, so that some whole texts are valid. */
static size_t animation_random_text(struct kunit_random *random, char *text)
{
	static const char *const good[] = {
		"\n", "\n", "\n", "a", "parrot", "  ", "/\\", "<(o)>", "\n\f\n",
		"\n\f\n", "\033[31m", "\033[m", "\xc3\xa9", "\xe2\x96\x88",
		"\xf0\x9f\xa6\x9c", "\033[1;41m", "\033[48;5;7m", "\033[7m",
		"\033[27;49m",
	};
	static const char *const bad[] = {
		"\f", "\t", "\033", "\033[2J", "\033[3", "\xc3", "\xed\xa0\x80",
		"\xc2\x85", "\x7f", "\r\n", "\n\f\n\f\n",
	};
	u32 pieces = kunit_below(random, 20) + 1;
	bool spoil = kunit_below(random, 2);
	size_t len = 0;

	while (pieces--) {
		const char *piece =
			good[kunit_below(random, ARRAY_SIZE(good))];

		if (spoil && kunit_below(random, 20) == 0)
			piece = bad[kunit_below(random, ARRAY_SIZE(bad))];
		len += scnprintf(text + len, ANIMATION_TEXT - len, "%s", piece);
	}
	return len;
}

u32 animation_next_page(const struct parrot_animation *anim,
			const struct parrot_frame *frame, u32 page)
{
	const char *data = anim->data + page;
	u32 tail = strlen(PARROT_HOME) + frame->len;

	if (frame->start != page + strlen(PARROT_HOME) ||
	    memcmp(data, PARROT_HOME, strlen(PARROT_HOME)) ||
	    memcmp(data + tail, PARROT_TAIL_COLORED,
		   strlen(PARROT_TAIL_COLORED)))
		return 0;
	return PAGE_ALIGN(page + tail + strlen(PARROT_TAIL_COLORED));
}

/* Compares the parsed animation @a with @b, whose frames refer to @text. */
static bool animation_same(const struct parrot_animation *a,
			   const struct parrot_animation *b, const char *text,
			   struct naive_cell *cells)
{
	u32 i, page = 0;

	if (a->count != b->count || a->not_ascii.line != b->not_ascii.line ||
	    a->width != b->width)
		return false;
	for (i = 0; i < a->count; i++) {
		page = animation_next_page(a, &a->frames[i], page);
		if (!page || a->frames[i].rows != b->frames[i].rows ||
		    a->frames[i].color != b->frames[i].color ||
		    !animation_shows(a, i, text + b->frames[i].start,
				     b->frames[i].len, cells))
			return false;
	}
	return true;
}

static void animation_agrees_with_naive(struct kunit *test)
{
	struct parrot_animation *anim, *want;
	struct kunit_random random;
	struct naive_cell *cells;
	char text[ANIMATION_TEXT];
	u32 line, good = 0;
	int i;

	cells = kunit_kzalloc(test, 2 * ANIMATION_TEXT * sizeof(*cells),
			      GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, cells);
	want = kunit_kzalloc(test, struct_size(want, frames, ANIMATION_TEXT),
			     GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, want);
	kunit_random_start(&random);
	for (i = 0; i < 6000; i++) {
		size_t size = animation_random_text(&random, text);
		int want_ret = animation_naive(text, size, want, &line);
		struct parrot_fault fault;
		int ret;

		anim = animation_parse(test, text, size, &fault, &ret);
		KUNIT_ASSERT_EQ_MSG(test, ret, want_ret,
				    "seed %#llx, text %d: %*pE", random.seed, i,
				    (int)size, text);
		if (ret) {
			KUNIT_ASSERT_EQ_MSG(test, fault.line, line,
					    "seed %#llx, text %d: %*pE",
					    random.seed, i, (int)size, text);
			continue;
		}
		good++;
		KUNIT_ASSERT_TRUE_MSG(test,
				      animation_same(anim, want, text, cells),
				      "seed %#llx, text %d: %*pE", random.seed,
				      i, (int)size, text);
		parrot_animation_put(anim);
	}
	/* More than 10 % of the texts are valid, and more than 10 % are not. */
	KUNIT_EXPECT_GT(test, good, 600U);
	KUNIT_EXPECT_LT(test, good, 5400U);
}

static struct kunit_case animation_cases[] = {
	KUNIT_CASE(utf8_agrees_with_naive),
	KUNIT_CASE(utf8_has_edges),
	KUNIT_CASE(animation_takes_no_control_character),
	KUNIT_CASE(animation_takes_colors_only),
	KUNIT_CASE(animation_tells_colors_by_frame),
	KUNIT_CASE(animation_has_no_empty_frame),
	KUNIT_CASE(animation_has_1024_frames),
	KUNIT_CASE(animation_agrees_with_naive),
	{}
};

static struct kunit_suite animation_suite = {
	.name = "parrot_animation",
	.test_cases = animation_cases,
};

kunit_test_suites(&animation_suite);
