/* SPDX-License-Identifier: GPL-2.0 */
/* The rules of a device, and how a pull applies them. Pure: no locks. */
#ifndef ROULETTE_RULES_H
#define ROULETTE_RULES_H

#include <linux/math64.h>
#include <linux/types.h>

#include "draw.h"

/* Maximum length of a label in printable ASCII characters. */
#define ROULETTE_LABEL_MAX	63

/* How a pull ended. The limits on hits are in the order of their checks. */
enum roulette_outcome {
	ROULETTE_CLICK,
	ROULETTE_HELD_BY_ARMED,
	ROULETTE_HELD_BY_TIMES,
	ROULETTE_HELD_BY_SPACE,
	ROULETTE_HELD_BY_INTERVAL,
	ROULETTE_BANG,
};

struct roulette_action;

/**
 * struct roulette_rules - knobs and counts of a device
 * @odds: N in M
 * @seed: seed of the draws
 * @key: roulette_draw_key() of @seed
 * @number: number of the next pull, from 0 after a write to seed or reset
 * @respin: spin the cylinder before each pull; else turn it by one slot
 * @times: hits left, -1 for no limit
 * @interval: at least 1; only every @interval-th pull can hit
 * @space: number of coming pulls that cannot hit
 * @pulls: pulls so far
 * @hits: hits so far
 * @action: action of a hit
 * @context: context of the action, an &enum roulette_context
 * @delay_ms: delay between pull and action in milliseconds
 * @hang_time: seconds after which a lockup ends, 0 for never
 * @label: text in the log that distinguishes a drill from a real crash
 */
struct roulette_rules {
	struct roulette_odds odds;
	u64 seed;
	u64 key;
	u64 number;
	bool respin;
	s64 times;
	u32 interval;
	u64 space;
	u64 pulls;
	u64 hits;
	const struct roulette_action *action;
	u8 context;
	u32 delay_ms;
	u32 hang_time;
	char label[ROULETTE_LABEL_MAX + 1];
};

/**
 * roulette_rules_look() - compute the outcome of the next pull
 * @rules: the rules; the caller holds their lock
 * @armed: false if no pull may hit
 * @drawn: set to the number that the pull draws
 *
 * Context: Any context.
 *
 * Return: the outcome.
 */
static inline enum roulette_outcome
roulette_rules_look(const struct roulette_rules *rules, bool armed, u32 *drawn)
{
	u32 phase;

	if (rules->respin)
		*drawn = roulette_draw_spun(rules->key, rules->number,
					    &rules->odds);
	else
		*drawn = roulette_draw_unspun(rules->key, rules->number,
					      &rules->odds);
	if (*drawn >= rules->odds.hits)
		return ROULETTE_CLICK;
	if (!armed)
		return ROULETTE_HELD_BY_ARMED;
	if (!rules->times)
		return ROULETTE_HELD_BY_TIMES;
	if (rules->space)
		return ROULETTE_HELD_BY_SPACE;
	if (rules->interval > 1) {
		div_u64_rem(rules->number + 1, rules->interval, &phase);
		if (phase)
			return ROULETTE_HELD_BY_INTERVAL;
	}
	return ROULETTE_BANG;
}

/**
 * roulette_rules_count() - count a pull
 * @rules: the rules; the caller has held their lock since roulette_rules_look()
 * @outcome: result of roulette_rules_look()
 *
 * Context: Any context.
 */
static inline void
roulette_rules_count(struct roulette_rules *rules, enum roulette_outcome outcome)
{
	rules->number++;
	rules->pulls++;
	if (rules->space)
		rules->space--;
	if (outcome == ROULETTE_BANG) {
		rules->hits++;
		if (rules->times > 0)
			rules->times--;
	}
}

/**
 * roulette_rules_reseed() - set the seed and start its sequence
 * @rules: the rules; the caller holds their lock, unless the device is not
 *	visible yet
 * @seed: the seed
 *
 * Context: Any context.
 */
static inline void roulette_rules_reseed(struct roulette_rules *rules, u64 seed)
{
	rules->seed = seed;
	rules->key = roulette_draw_key(seed);
	rules->number = 0;
}

#endif
