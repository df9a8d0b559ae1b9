// SPDX-License-Identifier: GPL-2.0
/*
 * Tests the parsers of numbers, names and parameters. The suite calls the
 * functions that roulette_core exports, as device types do.
 */
#include <linux/module.h>

#include "kunit.h"
#include "roulette.h"

static const struct {
	const char *text;
	u64 min, max;
	int ret;
	u64 val;
} parse_table[] = {
	{ "0", 0, 0, 0, 0 },
	{ "7", 0, 9, 0, 7 },
	{ "007", 7, 7, 0, 7 },
	{ "0000000000000000000000000000000000001", 0, 1, 0, 1 },
	{ "18446744073709551615", 0, U64_MAX, 0, U64_MAX },
	{ "18446744073709551616", 0, U64_MAX, -ERANGE },
	{ "18446744073709551620", 0, U64_MAX, -ERANGE },
	{ "36893488147419103232", 0, U64_MAX, -ERANGE },
	{ "99999999999999999999999999", 0, U64_MAX, -ERANGE },
	{ "6", 7, 9, -ERANGE },
	{ "10", 7, 9, -ERANGE },
	{ "", 0, U64_MAX, -EINVAL },
	{ "+1", 0, U64_MAX, -EINVAL },
	{ "-1", 0, U64_MAX, -EINVAL },
	{ " 1", 0, U64_MAX, -EINVAL },
	{ "1 ", 0, U64_MAX, -EINVAL },
	{ "1\n", 0, U64_MAX, -EINVAL },
	{ "0x1", 0, U64_MAX, -EINVAL },
	{ "1e3", 0, U64_MAX, -EINVAL },
	{ "1_0", 0, U64_MAX, -EINVAL },
	{ "/", 0, U64_MAX, -EINVAL },
	{ ":", 0, U64_MAX, -EINVAL },
	{ "\xb2", 0, U64_MAX, -EINVAL },
	/* Junk is EINVAL, even after a number that is too large. */
	{ "99999999999999999999999999x", 0, U64_MAX, -EINVAL },
	{ "9x", 0, 1, -EINVAL },
};

static void parse_takes_plain_numbers(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parse_table); i++) {
		const char *text = parse_table[i].text;
		u64 val = 42;
		int ret = roulette_parse_u64(text, strlen(text),
					     parse_table[i].min,
					     parse_table[i].max, &val);

		KUNIT_EXPECT_EQ_MSG(test, ret, parse_table[i].ret, "'%s'",
				    text);
		KUNIT_EXPECT_EQ_MSG(test, val, ret ? 42 : parse_table[i].val,
				    "'%s'", text);
	}
}

/* Bytes after the length are not read; a NUL does not end the text. */
static void parse_reads_its_length(struct kunit *test)
{
	u64 val = 0;

	KUNIT_EXPECT_EQ(test, 0, roulette_parse_u64("123x", 3, 0, 999, &val));
	KUNIT_EXPECT_EQ(test, val, 123);
	KUNIT_EXPECT_EQ(test, 0, roulette_parse_u64("123x", 1, 0, 999, &val));
	KUNIT_EXPECT_EQ(test, val, 1);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			roulette_parse_u64("123", 0, 0, 999, &val));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			roulette_parse_u64("1\0", 2, 0, 999, &val));
	KUNIT_EXPECT_EQ(test, val, 1);
}

static void parse_agrees_with_the_kernel(struct kunit *test)
{
	static const char *const samples[] = {
		"0", "1", "42", "0042", "4294967295", "4294967296",
		"9223372036854775807", "18446744073709551615",
		"18446744073709551616", "184467440737095516150",
	};
	struct kunit_random random;
	char text[KUNIT_TEXT];
	int i;

	kunit_random_start(&random);
	for (i = 0; i < 30000; i++) {
		u64 a = kunit_random_size(&random);
		u64 b = kunit_random_size(&random);
		u64 min = min(a, b), max = max(a, b);
		u64 val = 42, want;
		int ret, want_ret;
		size_t len;

		kunit_text(&random, samples, ARRAY_SIZE(samples), text);
		len = strlen(text);
		want_ret = kunit_number(text, len, &want);
		if (!want_ret && (want < min || want > max))
			want_ret = -ERANGE;
		ret = roulette_parse_u64(text, len, min, max, &val);
		KUNIT_ASSERT_EQ_MSG(test, ret, want_ret,
				    "seed %#llx, '%s' in %llu to %llu",
				    random.seed, text, min, max);
		KUNIT_ASSERT_EQ_MSG(test, val, ret ? 42 : want,
				    "seed %#llx, '%s'", random.seed, text);
	}
}

static const char name_starts[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/* strchr() would also find the terminating NUL. */
static bool in_set(const char *set, char c)
{
	return c && strchr(set, c);
}

static void name_starts_with_letter_or_digit(struct kunit *test)
{
	int c;

	for (c = 1; c < 256; c++) {
		const char alone[] = { c, '\0' };
		const char first[] = { c, 'a', '\0' };
		bool want = in_set(name_starts, c);

		KUNIT_EXPECT_EQ_MSG(test, roulette_name_valid(alone), want,
				    "character %#x alone", c);
		KUNIT_EXPECT_EQ_MSG(test, roulette_name_valid(first), want,
				    "character %#x first", c);
	}
	KUNIT_EXPECT_FALSE(test, roulette_name_valid(""));
}

static void name_goes_on_with_more(struct kunit *test)
{
	int c;

	for (c = 1; c < 256; c++) {
		const char within[] = { 'a', c, 'b', '\0' };
		const char last[] = { 'a', c, '\0' };
		bool want = in_set(name_starts, c) || in_set("._-", c);

		KUNIT_EXPECT_EQ_MSG(test, roulette_name_valid(within), want,
				    "character %#x within", c);
		KUNIT_EXPECT_EQ_MSG(test, roulette_name_valid(last), want,
				    "character %#x last", c);
	}
}

static void name_has_a_length(struct kunit *test)
{
	char name[ROULETTE_NAME_MAX + 3];
	size_t len;

	for (len = 1; len < sizeof(name); len++) {
		memset(name, 'n', len);
		name[len] = '\0';
		KUNIT_EXPECT_EQ_MSG(test, roulette_name_valid(name), len <= 63,
				    "%zu characters", len);
	}
}

static char param_line[16];
static int param_ret;

static int param_parse(const char *value)
{
	strscpy(param_line, value, sizeof(param_line));
	return param_ret;
}

static void param_is_given_a_line(struct kunit *test)
{
	static const struct kernel_param kp = {
		.name = "kunit",
		.mod = THIS_MODULE,
	};

	param_ret = 0;
	KUNIT_EXPECT_EQ(test, 0, roulette_param_set("one\ntwo\n", &kp, "",
						    param_parse));
	KUNIT_EXPECT_STREQ(test, (const char *)param_line, "one");
	KUNIT_EXPECT_EQ(test, 0, roulette_param_set("three", &kp, "",
						    param_parse));
	KUNIT_EXPECT_STREQ(test, (const char *)param_line, "three");
	KUNIT_EXPECT_EQ(test, 0, roulette_param_set("", &kp, "", param_parse));
	KUNIT_EXPECT_STREQ(test, (const char *)param_line, "");
}

static void param_refuses_all_alike(struct kunit *test)
{
	static const struct kernel_param kp = {
		.name = "kunit",
		.mod = THIS_MODULE,
	};

	param_ret = -ERANGE;
	KUNIT_EXPECT_EQ(test, -EINVAL, roulette_param_set("7/6", &kp, "odds",
							  param_parse));
	param_ret = -EINVAL;
	KUNIT_EXPECT_EQ(test, -EINVAL, roulette_param_set("x", &kp, "odds",
							  param_parse));
}

static struct kunit_case parse_cases[] = {
	KUNIT_CASE(parse_takes_plain_numbers),
	KUNIT_CASE(parse_reads_its_length),
	KUNIT_CASE(parse_agrees_with_the_kernel),
	KUNIT_CASE(name_starts_with_letter_or_digit),
	KUNIT_CASE(name_goes_on_with_more),
	KUNIT_CASE(name_has_a_length),
	KUNIT_CASE(param_is_given_a_line),
	KUNIT_CASE(param_refuses_all_alike),
	{}
};

static struct kunit_suite parse_suite = {
	.name = "roulette_parse",
	.test_cases = parse_cases,
};

kunit_test_suites(&parse_suite);
