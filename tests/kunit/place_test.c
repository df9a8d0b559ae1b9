// SPDX-License-Identifier: GPL-2.0
/* Tests where a shot acts, by kind of action, context, delay and request. */
#include <kunit/test.h>

/* Include the source: an object cannot be part of two modules. */
#include "../../devices/roulette/shot/place.c"

static const struct roulette_action returns = {
	.name = "returns",
	.contexts = BIT(ROULETTE_CONTEXTS) - 1,
};

static const struct roulette_action kills = {
	.name = "kills",
	.contexts = BIT(ROULETTE_CONTEXTS) - 1,
	.kills = true,
};

static const struct roulette_action readers = {
	.name = "readers",
	.contexts = BIT(ROULETTE_PROCESS),
};

static const struct {
	const struct roulette_action *action;
	u32 delay_ms;
	bool sync;
	enum roulette_place process, elsewhere;
} place_table[] = {
	{ &returns, 0, true, ROULETTE_IN_READ, ROULETTE_IN_THREAD },
	{ &returns, 0, false, ROULETTE_IN_THREAD, ROULETTE_IN_THREAD },
	{ &returns, 1, true, ROULETTE_IN_THREAD, ROULETTE_IN_THREAD },
	{ &returns, U32_MAX, false, ROULETTE_IN_THREAD, ROULETTE_IN_THREAD },
	{ &kills, 0, true, ROULETTE_ON_RETURN, ROULETTE_IN_THREAD },
	{ &kills, 0, false, ROULETTE_IN_THREAD, ROULETTE_IN_THREAD },
	{ &kills, 1, true, ROULETTE_IN_THREAD, ROULETTE_IN_THREAD },
	{ &kills, U32_MAX, false, ROULETTE_IN_THREAD, ROULETTE_IN_THREAD },
	/* Such an action allows neither a delay nor another context. */
	{ &readers, 0, true, ROULETTE_IN_READ, ROULETTE_IN_THREAD },
	{ &readers, 0, false, ROULETTE_IN_READ, ROULETTE_IN_THREAD },
};

static void place_of_each(struct kunit *test)
{
	enum roulette_place want, got;
	int context, i;

	for (i = 0; i < ARRAY_SIZE(place_table); i++) {
		for (context = 0; context < ROULETTE_CONTEXTS; context++) {
			want = context == ROULETTE_PROCESS ?
				place_table[i].process :
				place_table[i].elsewhere;
			got = roulette_shot_place(place_table[i].action, context,
						  place_table[i].delay_ms,
						  place_table[i].sync);
			KUNIT_EXPECT_EQ_MSG(test, got, want,
					    "%s, context %d, delay_ms %u, sync %d",
					    place_table[i].action->name, context,
					    place_table[i].delay_ms,
					    place_table[i].sync);
		}
	}
}

static struct kunit_case place_cases[] = {
	KUNIT_CASE(place_of_each),
	{}
};

static struct kunit_suite place_suite = {
	.name = "roulette_place",
	.test_cases = place_cases,
};

kunit_test_suites(&place_suite);
