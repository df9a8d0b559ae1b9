// SPDX-License-Identifier: GPL-2.0
/* Compares the line that describes a pull with the output of scnprintf(). */
#include "kunit.h"

/* Include the source: an object cannot be part of two modules. */
#include "../../devices/roulette/pull/line.c"

/* A name of the maximum length of an action's name. */
static const char line_action[] = "fifteen-letters";

static const char *const line_held[] = {
	[ROULETTE_CLICK] = "",
	[ROULETTE_HELD_BY_ARMED] = ", held by armed",
	[ROULETTE_HELD_BY_TIMES] = ", held by times",
	[ROULETTE_HELD_BY_SPACE] = ", held by space",
	[ROULETTE_HELD_BY_INTERVAL] = ", held by interval",
	[ROULETTE_BANG] = ", action fifteen-letters",
};

static void line_expect(struct kunit *test, u64 seed,
			enum roulette_outcome outcome, u32 hits, u32 slots,
			u32 drawn)
{
	struct roulette_rules rules = { };
	char line[ROULETTE_LINE_MAX + 8];
	char want[2 * ROULETTE_LINE_MAX];
	size_t len, want_len, i;

	want_len = scnprintf(want, sizeof(want), "%s: drew %u, odds %u/%u%s\n",
			     outcome == ROULETTE_BANG ? "bang" : "click", drawn,
			     hits, slots, line_held[outcome]);
	roulette_odds_set(&rules.odds, hits, slots);
	memset(line, 0x55, sizeof(line));
	len = roulette_pull_line(&rules, outcome, drawn, line_action,
				 line);
	KUNIT_ASSERT_EQ_MSG(test, len, want_len, "seed %#llx: %s", seed, want);
	KUNIT_ASSERT_LE_MSG(test, len, (size_t)ROULETTE_LINE_MAX,
			    "seed %#llx: %s", seed, want);
	KUNIT_ASSERT_EQ_MSG(test, memcmp(line, want, len), 0, "seed %#llx: %s",
			    seed, want);
	for (i = ROULETTE_LINE_MAX; i < sizeof(line); i++)
		KUNIT_ASSERT_EQ_MSG(test, line[i], 0x55, "byte %zu after %s",
				    i, want);
}

static const u32 line_numbers[] = {
	0, 1, 9, 10, 11, 99, 100, 101, 999, 1000, 9999, 10000, 99999, 100000,
	999999, 1000000, 9999999, 10000000, 99999999, 100000000, 999999999,
	1000000000, 2147483647, 2147483648U, 4294967294U, U32_MAX,
};

/* Includes impossible pulls, such as a draw of M or above. */
static void line_tells_each_outcome(struct kunit *test)
{
	enum roulette_outcome outcome;
	size_t i, j;

	for (outcome = ROULETTE_CLICK; outcome <= ROULETTE_BANG; outcome++) {
		for (i = 0; i < ARRAY_SIZE(line_numbers); i++) {
			u32 number = line_numbers[i];

			for (j = 0; j < ARRAY_SIZE(line_numbers); j++)
				line_expect(test, 0, outcome, number,
					    line_numbers[j], number);
			line_expect(test, 0, outcome, 10, 100, number);
		}
	}
}

static void line_tells_random_pulls(struct kunit *test)
{
	struct kunit_random random;
	int i;

	kunit_random_start(&random);
	for (i = 0; i < 5000; i++) {
		enum roulette_outcome outcome = kunit_below(&random,
							    ROULETTE_BANG + 1);
		u32 hits = kunit_random_size(&random);
		u32 slots = kunit_random_size(&random);

		line_expect(test, random.seed, outcome, hits, slots,
			    kunit_random_size(&random));
	}
}

static void line_writes_numbers(struct kunit *test)
{
	char text[16], want[16];
	struct kunit_random random;
	size_t len, want_len;
	u32 number, i;

	kunit_random_start(&random);
	for (i = 0; i < 20000; i++) {
		number = i < 12000 ? i : (u32)kunit_random_size(&random);
		want_len = scnprintf(want, sizeof(want), "%u", number);
		len = roulette_append_u32(text, number) - text;
		KUNIT_ASSERT_EQ_MSG(test, len, want_len, "seed %#llx, %u",
				    random.seed, number);
		KUNIT_ASSERT_EQ_MSG(test, memcmp(text, want, len), 0,
				    "seed %#llx, %u", random.seed, number);
	}
}

static struct kunit_case line_cases[] = {
	KUNIT_CASE(line_tells_each_outcome),
	KUNIT_CASE(line_tells_random_pulls),
	KUNIT_CASE(line_writes_numbers),
	{}
};

static struct kunit_suite line_suite = {
	.name = "roulette_line",
	.test_cases = line_cases,
};

kunit_test_suites(&line_suite);
