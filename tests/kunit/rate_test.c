// SPDX-License-Identifier: GPL-2.0
/* Tests the parser and the text of frame rates. */
#include "../../devices/parrot/clock.h"
#include "kunit.h"

static const struct {
	const char *text;
	int ret;
	u32 rate;
} rate_table[] = {
	{ "0", 0, PARROT_RATE_PAUSED },
	{ "0.0", 0, PARROT_RATE_PAUSED },
	{ "0.001", 0, 1 },
	{ "0.01", 0, 10 },
	{ "0.1", 0, 100 },
	{ "1", 0, 1000 },
	{ "1.0", 0, 1000 },
	{ "23.976", 0, 23976 },
	{ "29.97", 0, 29970 },
	{ "007.5", 0, 7500 },
	{ "999.999", 0, 999999 },
	{ "1000", 0, PARROT_RATE_HIGHEST },
	{ "1000.000", 0, PARROT_RATE_HIGHEST },
	{ "max", 0, PARROT_RATE_MAX },
	{ "1000.001", -ERANGE },
	{ "1001", -ERANGE },
	{ "4294967.295", -ERANGE },
	{ "18446744073709551616", -ERANGE },
	{ "18446744073709551616.5", -ERANGE },
	{ "", -EINVAL },
	{ ".", -EINVAL },
	{ ".5", -EINVAL },
	{ "5.", -EINVAL },
	{ "5.0000", -EINVAL },
	{ "5.5.5", -EINVAL },
	{ "-1", -EINVAL },
	{ "+1", -EINVAL },
	{ "1.-1", -EINVAL },
	{ "1,5", -EINVAL },
	{ " 1", -EINVAL },
	{ "1\n", -EINVAL },
	{ "1e3", -EINVAL },
	{ "Max", -EINVAL },
	{ "max ", -EINVAL },
	{ "maximum", -EINVAL },
	{ "max.5", -EINVAL },
	{ "ma", -EINVAL },
	/* The form is checked before the range. */
	{ "1001.x", -EINVAL },
	{ "1001.0000", -EINVAL },
	{ "9999x", -EINVAL },
};

static void rate_expect(struct kunit *test, const char *text, u64 seed,
			int want_ret, u32 want)
{
	u32 rate = 42;
	int ret = parrot_rate_parse(text, &rate);

	KUNIT_ASSERT_EQ_MSG(test, ret, want_ret, "seed %#llx, '%s'", seed,
			    text);
	KUNIT_ASSERT_EQ_MSG(test, rate, ret ? 42 : want, "seed %#llx, '%s'",
			    seed, text);
}

static void rate_parse_takes_three_decimals(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rate_table); i++)
		rate_expect(test, rate_table[i].text, 0, rate_table[i].ret,
			    rate_table[i].rate);
}

/* A second parser: pads to three decimals and uses kstrtoull(). */
static int rate_naive(const char *text, u32 *rate)
{
	size_t len = strlen(text), whole = strcspn(text, ".");
	char digits[KUNIT_TEXT + 4];
	u64 number;
	size_t i;
	int ret;

	if (!strcmp(text, "max")) {
		*rate = PARROT_RATE_MAX;
		return 0;
	}
	if (!whole || whole + 1 == len || len > whole + 4)
		return -EINVAL;
	memcpy(digits, text, whole);
	for (i = 0; i < 3; i++)
		digits[whole + i] = whole + 1 + i < len ? text[whole + 1 + i] :
							  '0';
	ret = kunit_number(digits, whole + 3, &number);
	if (!ret && number > 1000000)
		ret = -ERANGE;
	if (!ret)
		*rate = number;
	return ret;
}

static void rate_parse_agrees_with_naive(struct kunit *test)
{
	static const char *const samples[] = {
		"0", "20", "23.976", "29.97", "0.001", "999.999", "1000",
		"1000.001", "max", "000.500", "1001", "18446744073709551.616",
		"18446744073709551616", "18446744073709551616.000",
	};
	struct kunit_random random;
	char text[KUNIT_TEXT];
	int i;

	kunit_random_start(&random);
	for (i = 0; i < 30000; i++) {
		u32 rate = 0;
		int ret;

		kunit_text(&random, samples, ARRAY_SIZE(samples), text);
		ret = rate_naive(text, &rate);
		rate_expect(test, text, random.seed, ret, rate);
	}
}

static void rate_expect_text(struct kunit *test, u32 rate, const char *want)
{
	char text[PARROT_RATE_TEXT];

	KUNIT_EXPECT_STREQ(test, parrot_rate_text(rate, text), want);
}

static void rate_text_has_no_spare_zeros(struct kunit *test)
{
	rate_expect_text(test, PARROT_RATE_PAUSED, "0");
	rate_expect_text(test, 1, "0.001");
	rate_expect_text(test, 10, "0.01");
	rate_expect_text(test, 100, "0.1");
	rate_expect_text(test, 1000, "1");
	rate_expect_text(test, 1010, "1.01");
	rate_expect_text(test, 10000, "10");
	rate_expect_text(test, 23976, "23.976");
	rate_expect_text(test, 999999, "999.999");
	rate_expect_text(test, PARROT_RATE_HIGHEST, "1000");
	rate_expect_text(test, PARROT_RATE_MAX, "max");
}

/* All rates below 10 frames per second, and every 41st of the others. */
static void rate_text_reads_back(struct kunit *test)
{
	u32 rate;

	for (rate = 0; rate <= PARROT_RATE_HIGHEST;
	     rate += rate < 10000 ? 1 : 41) {
		char buffer[PARROT_RATE_TEXT];
		const char *text = parrot_rate_text(rate, buffer);
		size_t len = strlen(text);

		rate_expect(test, text, 0, 0, rate);
		KUNIT_ASSERT_FALSE_MSG(test, strchr(text, '.') &&
				       (text[len - 1] == '0' ||
					text[len - 1] == '.'), "'%s'", text);
	}
	rate_expect(test, "1000", 0, 0, PARROT_RATE_HIGHEST);
}

static struct kunit_case rate_cases[] = {
	KUNIT_CASE(rate_parse_takes_three_decimals),
	KUNIT_CASE(rate_parse_agrees_with_naive),
	KUNIT_CASE(rate_text_has_no_spare_zeros),
	KUNIT_CASE(rate_text_reads_back),
	{}
};

static struct kunit_suite rate_suite = {
	.name = "parrot_rate",
	.test_cases = rate_cases,
};

kunit_test_suites(&rate_suite);
