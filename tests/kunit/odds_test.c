// SPDX-License-Identifier: GPL-2.0
/* Tests odds: their text, and their table for the unspun cylinder. */
#include "kunit.h"

/* Include the source: an object cannot be part of two modules. */
#include "../../devices/roulette/pull/odds.c"

static const struct {
	const char *text;
	int ret;
	u32 hits, slots;
} odds_table[] = {
	{ "0", 0, 0, 100 },
	{ "10", 0, 10, 100 },
	{ "100", 0, 100, 100 },
	{ "1/6", 0, 1, 6 },
	{ "007/0010", 0, 7, 10 },
	{ "0/1", 0, 0, 1 },
	{ "1/1", 0, 1, 1 },
	{ "10/100", 0, 10, 100 },
	{ "0/4294967295", 0, 0, U32_MAX },
	{ "4294967295/4294967295", 0, U32_MAX, U32_MAX },
	{ "101", -ERANGE },
	{ "4294967296", -ERANGE },
	{ "18446744073709551626", -ERANGE },
	{ "7/6", -ERANGE },
	{ "0/0", -ERANGE },
	{ "1/0", -ERANGE },
	{ "1/4294967296", -ERANGE },
	{ "4294967296/4294967296", -ERANGE },
	{ "", -EINVAL },
	{ "/", -EINVAL },
	{ "1/", -EINVAL },
	{ "/6", -EINVAL },
	{ "1//6", -EINVAL },
	{ "1/6/", -EINVAL },
	{ "1/6/7", -EINVAL },
	{ "1 /6", -EINVAL },
	{ "1/ 6", -EINVAL },
	{ "1/6\n", -EINVAL },
	{ "+1/6", -EINVAL },
	{ "1/-6", -EINVAL },
	{ "0x1/6", -EINVAL },
	{ "1.5", -EINVAL },
	{ "ten", -EINVAL },
	/* The form of both numbers is checked before their ranges. */
	{ "101/x", -EINVAL },
	{ "4294967296/x", -EINVAL },
	{ "x/0", -EINVAL },
	{ "x/4294967296", -EINVAL },
};

/* Compares all bytes of the odds; an error must not change any of them. */
static void odds_expect(struct kunit *test, const char *text, u64 seed,
			int want_ret, u32 hits, u32 slots)
{
	struct roulette_odds odds, before, want;
	int ret;

	memset(&before, 0x55, sizeof(before));
	odds = before;
	ret = roulette_odds_parse(text, &odds);
	KUNIT_ASSERT_EQ_MSG(test, ret, want_ret, "seed %#llx, '%s'", seed,
			    text);
	if (!ret) {
		roulette_odds_set(&want, hits, slots);
		KUNIT_ASSERT_EQ_MSG(test, odds.hits, hits, "seed %#llx, '%s'",
				    seed, text);
		KUNIT_ASSERT_EQ_MSG(test, odds.slots, slots, "seed %#llx, '%s'",
				    seed, text);
	} else {
		want = before;
	}
	KUNIT_ASSERT_EQ_MSG(test, memcmp(&odds, &want, sizeof(odds)), 0,
			    "seed %#llx, '%s'", seed, text);
}

static void odds_parse_takes_both_forms(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(odds_table); i++)
		odds_expect(test, odds_table[i].text, 0, odds_table[i].ret,
			    odds_table[i].hits, odds_table[i].slots);
}

/* A second parser: splits at the first slash and uses kstrtoull(). */
static int odds_naive(const char *text, u32 *hits, u32 *slots)
{
	size_t len = strcspn(text, "/");
	u64 n, m = 100;
	int n_ret = kunit_number(text, len, &n);
	int m_ret = 0;

	if (text[len])
		m_ret = kunit_number(text + len + 1, strlen(text + len + 1),
				     &m);
	if (n_ret == -EINVAL || m_ret == -EINVAL)
		return -EINVAL;
	if (n_ret || m_ret || m == 0 || m >> 32 || n > m)
		return -ERANGE;
	*hits = n;
	*slots = m;
	return 0;
}

static void odds_parse_agrees_with_naive(struct kunit *test)
{
	static const char *const samples[] = {
		"0", "10", "100", "101", "1/6", "7/6", "0/1", "1/0",
		"0007/00010", "4294967295/4294967295", "1/4294967296",
		"4294967296/4294967296", "18446744073709551616/1",
	};
	struct kunit_random random;
	char text[KUNIT_TEXT];
	int i;

	kunit_random_start(&random);
	for (i = 0; i < 20000; i++) {
		u32 hits = 0, slots = 0;
		int ret;

		kunit_text(&random, samples, ARRAY_SIZE(samples), text);
		ret = odds_naive(text, &hits, &slots);
		odds_expect(test, text, random.seed, ret, hits, slots);
	}
}

static void odds_text_reads_back(struct kunit *test)
{
	struct kunit_random random;
	int i;

	kunit_random_start(&random);
	for (i = 0; i < 10000; i++) {
		u32 slots = (u32)kunit_random_size(&random) ?: 1;
		u32 hits = kunit_below(&random, slots);
		struct roulette_odds odds;
		char text[KUNIT_TEXT];

		if (kunit_below(&random, 16) == 0)
			hits = slots;
		roulette_odds_set(&odds, hits, slots);
		scnprintf(text, sizeof(text), "%u/%u", hits, slots);
		KUNIT_ASSERT_STREQ_MSG(test, (const char *)odds.text,
				       (const char *)text,
				       "seed %#llx", random.seed);
		KUNIT_ASSERT_EQ_MSG(test, (size_t)odds.text_len, strlen(text),
				    "seed %#llx, '%s'", random.seed, text);
		odds_expect(test, text, random.seed, 0, hits, slots);
	}
}

/* The line of a pull copies all bytes of the text, so the rest must be NUL. */
static void odds_text_is_padded(struct kunit *test)
{
	struct roulette_odds odds;
	size_t i;

	memset(&odds, 0x55, sizeof(odds));
	roulette_odds_set(&odds, 1, 6);
	for (i = odds.text_len; i < sizeof(odds.text); i++)
		KUNIT_EXPECT_EQ_MSG(test, odds.text[i], 0, "byte %zu", i);
}

static void odds_expect_table(struct kunit *test, u32 slots, u64 seed)
{
	struct roulette_odds odds;
	u64 places;

	roulette_odds_set(&odds, 0, slots);
	places = (u64)odds.columns * odds.rows;
	KUNIT_ASSERT_GE_MSG(test, places, (u64)slots, "seed %#llx, M %u", seed,
			    slots);
	/* Nearly square, without a spare row: a draw walks past few places. */
	KUNIT_ASSERT_LT_MSG(test, places - slots, (u64)odds.columns,
			    "seed %#llx, M %u", seed, slots);
	KUNIT_ASSERT_LE_MSG(test, odds.rows, odds.columns, "seed %#llx, M %u",
			    seed, slots);
	KUNIT_ASSERT_LE_MSG(test, odds.columns - odds.rows, 1U,
			    "seed %#llx, M %u", seed, slots);
}

static void odds_table_holds_all_slots(struct kunit *test)
{
	struct kunit_random random;
	u32 slots, root;

	kunit_random_start(&random);
	for (slots = 1; slots <= 20000; slots++)
		odds_expect_table(test, slots, 0);
	for (root = 2; root <= U16_MAX; root += 13) {
		odds_expect_table(test, root * root - 1, 0);
		odds_expect_table(test, root * root, 0);
		odds_expect_table(test, root * root + 1, 0);
		odds_expect_table(test, (u32)kunit_random(&random) ?: 1,
				  random.seed);
	}
	for (slots = U32_MAX - 200000; slots >= U32_MAX - 200000; slots += 997)
		odds_expect_table(test, slots, 0);
	odds_expect_table(test, U32_MAX, 0);
}

static struct kunit_case odds_cases[] = {
	KUNIT_CASE(odds_parse_takes_both_forms),
	KUNIT_CASE(odds_parse_agrees_with_naive),
	KUNIT_CASE(odds_text_reads_back),
	KUNIT_CASE(odds_text_is_padded),
	KUNIT_CASE(odds_table_holds_all_slots),
	{}
};

static struct kunit_suite odds_suite = {
	.name = "roulette_odds",
	.test_cases = odds_cases,
};

kunit_test_suites(&odds_suite);
