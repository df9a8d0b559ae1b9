// SPDX-License-Identifier: GPL-2.0
/* Tests the rules of a pull: the limits, their order, and the counts. */
#include <linux/math64.h>

#include "../../devices/roulette/pull/rules.h"
#include "kunit.h"

static void rules_start(struct roulette_rules *rules, u32 hits, u32 slots)
{
	memset(rules, 0, sizeof(*rules));
	roulette_odds_set(&rules->odds, hits, slots);
	rules->respin = true;
	rules->times = -1;
	rules->interval = 1;
}

static enum roulette_outcome roulette_rules_pull(struct roulette_rules *rules,
						 bool armed, u32 *drawn)
{
	enum roulette_outcome outcome = roulette_rules_look(rules, armed, drawn);

	roulette_rules_count(rules, outcome);
	return outcome;
}

/*
 * Every draw is low. It hits unless a limit holds it; the first limit in
 * order[] is reported.
 */
static void rules_name_what_holds_first(struct kunit *test)
{
	static const enum roulette_outcome order[] = {
		ROULETTE_HELD_BY_ARMED, ROULETTE_HELD_BY_TIMES,
		ROULETTE_HELD_BY_SPACE, ROULETTE_HELD_BY_INTERVAL,
	};
	struct roulette_rules rules;
	int set, i;
	u32 drawn;

	for (set = 0; set < 16; set++) {
		enum roulette_outcome want = ROULETTE_BANG;

		for (i = 3; i >= 0; i--) {
			if (set & 1 << i)
				want = order[i];
		}
		rules_start(&rules, 6, 6);
		rules.times = set & 2 ? 0 : 5;
		rules.space = set & 4 ? 1 : 0;
		rules.interval = set & 8 ? 2 : 1;
		KUNIT_EXPECT_EQ_MSG(test, roulette_rules_pull(&rules, !(set & 1),
							      &drawn),
				    want, "limits %#x", set);

		/* A draw that is not low is a click, whatever the limits. */
		rules_start(&rules, 0, 6);
		rules.times = set & 2 ? 0 : 5;
		rules.space = set & 4 ? 1 : 0;
		rules.interval = set & 8 ? 2 : 1;
		KUNIT_EXPECT_EQ_MSG(test, roulette_rules_pull(&rules, !(set & 1),
							      &drawn),
				    ROULETTE_CLICK, "limits %#x", set);
	}
}

/* Knobs and counts of the model. */
struct rules_model {
	u32 hits_in, slots, interval;
	u64 key, number;
	bool respin, armed;
	bool limited;
	u64 left, blocked;
	u64 pulls, hits;
};

/* The documented rules, one after another. */
static enum roulette_outcome rules_naive(struct rules_model *model, u32 drawn)
{
	bool in_phase = div64_u64(model->number, model->interval) *
			model->interval == model->number;
	bool low = drawn < model->hits_in;
	bool spaced = model->blocked > 0;

	model->pulls++;
	if (spaced)
		model->blocked--;
	if (!low)
		return ROULETTE_CLICK;
	if (!model->armed)
		return ROULETTE_HELD_BY_ARMED;
	if (model->limited && model->left == 0)
		return ROULETTE_HELD_BY_TIMES;
	if (spaced)
		return ROULETTE_HELD_BY_SPACE;
	if (!in_phase)
		return ROULETTE_HELD_BY_INTERVAL;
	if (model->limited)
		model->left--;
	model->hits++;
	return ROULETTE_BANG;
}

/* Writes a random knob, in the rules and in the model. */
static void rules_change(struct kunit_random *random,
			 struct roulette_rules *rules, struct rules_model *model)
{
	switch (kunit_below(random, 8)) {
	case 0:
		model->slots = (u32)kunit_random_size(random) ?: 1;
		model->hits_in = kunit_below(random, model->slots) + 1;
		roulette_odds_set(&rules->odds, model->hits_in, model->slots);
		break;
	case 1:
		model->limited = kunit_below(random, 2);
		model->left = kunit_random_size(random) >> 1;
		if (kunit_below(random, 2))
			model->left = kunit_below(random, 4);
		rules->times = model->limited ? (s64)model->left : -1;
		break;
	case 2:
		model->blocked = kunit_below(random, 5);
		if (kunit_below(random, 8) == 0)
			model->blocked = kunit_random_size(random);
		rules->space = model->blocked;
		break;
	case 3:
		model->interval = kunit_below(random, 5) + 1;
		if (kunit_below(random, 8) == 0)
			model->interval = (u32)kunit_random_size(random) ?: 1;
		rules->interval = model->interval;
		break;
	case 4:
		model->respin = !model->respin;
		rules->respin = model->respin;
		break;
	case 5:
		/* Set the seed; sometimes continue far on in its sequence. */
		model->key = kunit_random(random);
		model->number = 0;
		if (kunit_below(random, 4) == 0)
			model->number = kunit_random_size(random) >> 1;
		rules->key = model->key;
		rules->number = model->number;
		break;
	case 6:
		model->armed = kunit_below(random, 4);
		break;
	default:
		/* reset */
		model->pulls = 0;
		model->hits = 0;
		model->number = 0;
		rules->pulls = 0;
		rules->hits = 0;
		rules->number = 0;
	}
}

static bool rules_match(const struct roulette_rules *rules,
			const struct rules_model *model)
{
	return rules->pulls == model->pulls && rules->hits == model->hits &&
	       rules->number == model->number && rules->key == model->key &&
	       rules->space == model->blocked &&
	       rules->interval == model->interval &&
	       rules->respin == model->respin &&
	       rules->odds.hits == model->hits_in &&
	       rules->odds.slots == model->slots &&
	       rules->times == (model->limited ? (s64)model->left : -1);
}

static void rules_agree_with_naive(struct kunit *test)
{
	struct rules_model model = {
		.hits_in = 6, .slots = 6, .interval = 1, .respin = true,
		.armed = true,
	};
	u32 seen[ROULETTE_BANG + 1] = {};
	struct kunit_random random;
	struct roulette_rules rules;
	int i;

	kunit_random_start(&random);
	rules_start(&rules, 6, 6);
	for (i = 0; i < 60000; i++) {
		enum roulette_outcome outcome, want;
		u32 drawn, want_drawn;

		if (kunit_below(&random, 3) == 0)
			rules_change(&random, &rules, &model);
		want_drawn = model.respin ?
			     roulette_draw_spun(model.key, model.number,
						&rules.odds) :
			     roulette_draw_unspun(model.key, model.number,
						  &rules.odds);
		/* The interval counts pulls from 1. */
		model.number++;
		want = rules_naive(&model, want_drawn);
		outcome = roulette_rules_pull(&rules, model.armed, &drawn);
		KUNIT_ASSERT_EQ_MSG(test, outcome, want,
				    "seed %#llx, pull %d", random.seed, i);
		KUNIT_ASSERT_EQ_MSG(test, drawn, want_drawn,
				    "seed %#llx, pull %d", random.seed, i);
		KUNIT_ASSERT_TRUE_MSG(test, rules_match(&rules, &model),
				      "seed %#llx, pull %d: knobs or counts",
				      random.seed, i);
		seen[outcome]++;
	}
	/* Each outcome occurred often enough. */
	for (i = 0; i <= ROULETTE_BANG; i++)
		KUNIT_EXPECT_GT_MSG(test, seen[i], 500U, "outcome %d", i);
}

static void rules_times_counts_hits_down(struct kunit *test)
{
	struct roulette_rules rules;
	u32 drawn;
	int i;

	rules_start(&rules, 1, 1);
	rules.times = 3;
	for (i = 0; i < 10; i++)
		KUNIT_EXPECT_EQ_MSG(test, roulette_rules_pull(&rules, true,
							      &drawn),
				    i < 3 ? ROULETTE_BANG :
					    ROULETTE_HELD_BY_TIMES,
				    "pull %d", i);
	KUNIT_EXPECT_EQ(test, rules.times, 0LL);
	KUNIT_EXPECT_EQ(test, rules.hits, 3ULL);
	KUNIT_EXPECT_EQ(test, rules.pulls, 10ULL);

	rules.times = S64_MAX;
	roulette_rules_pull(&rules, true, &drawn);
	KUNIT_EXPECT_EQ(test, rules.times, S64_MAX - 1);
	rules.times = -1;
	roulette_rules_pull(&rules, true, &drawn);
	KUNIT_EXPECT_EQ(test, rules.times, -1LL);
	KUNIT_EXPECT_EQ(test, rules.hits, 5ULL);
}

static void rules_space_counts_pulls_down(struct kunit *test)
{
	struct roulette_rules rules;
	u32 drawn;
	int i;

	rules_start(&rules, 1, 1);
	rules.space = 4;
	for (i = 0; i < 10; i++) {
		/* A click counts too. */
		roulette_odds_set(&rules.odds, i != 2, 1);
		KUNIT_EXPECT_EQ_MSG(test, roulette_rules_pull(&rules, true,
							      &drawn),
				    i == 2 ? ROULETTE_CLICK :
				    i < 4 ? ROULETTE_HELD_BY_SPACE :
					    ROULETTE_BANG, "pull %d", i);
	}
	KUNIT_EXPECT_EQ(test, rules.space, 0ULL);
	rules.space = U64_MAX;
	KUNIT_EXPECT_EQ(test, roulette_rules_pull(&rules, true, &drawn),
			ROULETTE_HELD_BY_SPACE);
	KUNIT_EXPECT_EQ(test, rules.space, U64_MAX - 1);
}

static void rules_interval_lets_each_nth_hit(struct kunit *test)
{
	struct roulette_rules rules;
	u32 interval, drawn;
	int n;

	for (interval = 1; interval <= 20; interval++) {
		rules_start(&rules, 1, 1);
		rules.interval = interval;
		for (n = 0; n < 100; n++)
			KUNIT_EXPECT_EQ_MSG(test, roulette_rules_pull(&rules, true,
								      &drawn),
					    (n + 1) % interval ?
					    ROULETTE_HELD_BY_INTERVAL :
					    ROULETTE_BANG,
					    "interval %u, pull %d", interval, n);
	}
	rules_start(&rules, 1, 1);
	rules.interval = U32_MAX;
	rules.number = 5ULL * U32_MAX - 2;
	KUNIT_EXPECT_EQ(test, roulette_rules_pull(&rules, true, &drawn),
			ROULETTE_HELD_BY_INTERVAL);
	KUNIT_EXPECT_EQ(test, roulette_rules_pull(&rules, true, &drawn),
			ROULETTE_BANG);
	KUNIT_EXPECT_EQ(test, roulette_rules_pull(&rules, true, &drawn),
			ROULETTE_HELD_BY_INTERVAL);
}

/* Any M pulls in a row of an unspun cylinder hit N times. */
static void rules_unspun_hit_n_of_m(struct kunit *test)
{
	struct kunit_random random;
	struct roulette_rules rules;
	u32 hits, slots, drawn, i;

	kunit_random_start(&random);
	for (slots = 1; slots <= 40; slots++) {
		for (hits = 0; hits <= slots; hits++) {
			rules_start(&rules, hits, slots);
			rules.respin = false;
			rules.key = kunit_random(&random);
			rules.number = kunit_random_size(&random) >> 1;
			for (i = 0; i < slots; i++)
				roulette_rules_pull(&rules, true, &drawn);
			KUNIT_ASSERT_EQ_MSG(test, rules.hits, (u64)hits,
					    "seed %#llx: key %#llx, odds %u/%u",
					    random.seed, rules.key, hits, slots);
		}
	}
}

static struct kunit_case rules_cases[] = {
	KUNIT_CASE(rules_name_what_holds_first),
	KUNIT_CASE(rules_agree_with_naive),
	KUNIT_CASE(rules_times_counts_hits_down),
	KUNIT_CASE(rules_space_counts_pulls_down),
	KUNIT_CASE(rules_interval_lets_each_nth_hit),
	KUNIT_CASE(rules_unspun_hit_n_of_m),
	{}
};

static struct kunit_suite rules_suite = {
	.name = "roulette_rules",
	.test_cases = rules_cases,
};

kunit_test_suites(&rules_suite);
