// SPDX-License-Identifier: GPL-2.0
/* Tests the row ends in frames, and how much they enlarge an animation. */
#include <linux/err.h>
#include <linux/slab.h>

#include "animation_test.h"

static void rows_expect(struct kunit *test, const char *text, const char *want)
{
	struct parrot_animation *anim;
	struct parrot_fault fault;
	char *shown;
	int ret;

	anim = animation_parse(test, text, strlen(text), &fault, &ret);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, anim);
	shown = kmemdup_nul(anim->data + anim->frames[0].start,
			    anim->frames[0].len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, shown);
	KUNIT_EXPECT_STREQ_MSG(test, (const char *)shown, want, "text '%*pE'",
			       (int)strlen(text), text);
	kfree(shown);
	parrot_animation_put(anim);
}

/* A frame ends without a newline, whether or not the text ends with one. */
static void rows_end_with_erase(struct kunit *test)
{
	rows_expect(test, "a", "a\033[K");
	rows_expect(test, "a\n", "a\033[K");
	rows_expect(test, "a\n\n b\n", "a\033[K\n\033[K\n b\033[K");
	rows_expect(test, "\na\n\n", "\033[K\na\033[K\n\033[K");
	rows_expect(test, "\033[31ma\nb", "\033[31ma\033[K\nb\033[K");
}

/*
 * The text has two rows: colours and "a", then "b". Background and inverse are
 * off at each erase, and on again at the start of row "b".
 */
static void rows_erase_no_background(struct kunit *test)
{
	static const struct {
		const char *colors, *background;
		bool inverse;
	} table[] = {
		{ "40", "40" }, { "47", "47" }, { "100", "100" },
		{ "107", "107" }, { "039" }, { "49" }, { "99" }, { "108" },
		{ "0041", "0041" }, { "1;41;4", "41" }, { "41;42", "42" },
		{ "41;49" }, { "41;0" }, { "41;" }, { "41;;1" }, { "0;41", "41" },
		{ "48;5;7", "48;5;7" }, { "48;2;1;2;3", "48;2;1;2;3" },
		{ "1;48;2;0;49;0;3", "48;2;0;49;0" },
		{ "48:5:7", "48:5:7" }, { "48:2::1:2:3;1", "48:2::1:2:3" },
		/* Numbers that are arguments of other codes. */
		{ "38;5;41" }, { "38;2;41;42;7" }, { "58;5;41" },
		{ "38:5:41" }, { "58:2::41:7:48" }, { "4:7" },
		{ "38;5;0;41", "41" }, { "41;38;2;0;0;0", "41" },
		/* Missing arguments, and the number 2^32 + 41. */
		{ "48", "48" }, { "48;5", "48;5" }, { "48;2;1", "48;2;1" },
		{ "41;38", "41" }, { "4294967337" },
		/* Inverse. */
		{ "7", NULL, true }, { "7;27" }, { "7;0" },
		{ "7;44", "44", true }, { "44;7;49", NULL, true },
	};
	char text[64], want[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		const char *background = table[i].background;
		bool inverse = table[i].inverse;
		const char *off = inverse ? "\033[27m" : "";

		scnprintf(text, sizeof(text), "\033[%sma\nb",
			  table[i].colors);
		scnprintf(want, sizeof(want),
			  "\033[%sma%s%s\033[K\n%s%s%s%sb%s%s\033[K",
			  table[i].colors, off, background ? "\033[49m" : "",
			  background ? "\033[" : "", background ?: "",
			  background ? "m" : "", inverse ? "\033[7m" : "",
			  off, background ? "\033[49m" : "");
		rows_expect(test, text, want);
	}
}

/*
 * An empty row grows from 1 to 4 bytes. Without background and inverse no row
 * grows by a greater factor.
 */
static void rows_grow_to_16_mib(struct kunit *test)
{
	const size_t size = PARROT_SIZE_MAX;
	char *text = kvmalloc(size, GFP_KERNEL);
	struct parrot_animation *anim;
	struct parrot_fault fault;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, text);
	memset(text, '\n', size);
	text[0] = 'x';
	anim = parrot_animation_parse("kunit", text, size, &fault);
	KUNIT_EXPECT_FALSE(test, IS_ERR_OR_NULL(anim));
	if (!IS_ERR_OR_NULL(anim)) {
		KUNIT_EXPECT_EQ(test, anim->frames[0].len, (16U << 20) - 4);
		parrot_animation_put(anim);
	}

	memcpy(text, "\033[41m", 5);
	KUNIT_EXPECT_PTR_EQ(test,
			    parrot_animation_parse("kunit", text, size, &fault),
			    (struct parrot_animation *)ERR_PTR(-EFBIG));
	KUNIT_EXPECT_EQ(test, fault.line, 0U);
	kvfree(text);
}

static struct kunit_case rows_cases[] = {
	KUNIT_CASE(rows_end_with_erase),
	KUNIT_CASE(rows_erase_no_background),
	KUNIT_CASE(rows_grow_to_16_mib),
	{}
};

static struct kunit_suite rows_suite = {
	.name = "parrot_rows",
	.test_cases = rows_cases,
};

kunit_test_suites(&rows_suite);
