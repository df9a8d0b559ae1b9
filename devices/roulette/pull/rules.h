/* SPDX-License-Identifier: GPL-2.0 */
/* The rules of a device, and what a pull makes of them. Pure: no locks. */
#ifndef ROULETTE_RULES_H
#define ROULETTE_RULES_H

#include <linux/math64.h>
#include <linux/types.h>

#include "draw.h"

/* Up to this many printable characters. */
#define ROULETTE_LABEL_MAX	63

/* How a pull ended; what holds a low draw, in the order it is looked at. */
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
 * @seed: what the draws follow from
 * @key: roulette_draw_key() of @seed
 * @number: number of the next pull since the seed was set or reset
 * @respin: draw every pull afresh, else turn the cylinder by one
 * @times: hits left, -1 for no limit
 * @interval: only every so many pulls can hit, at least 1
 * @space: pulls still to come that cannot hit
 * @pulls: pulls so far
 * @hits: hits so far
 * @action: what a hit does
 * @context: where, an &enum roulette_context
 * @delay_ms: how many milliseconds after the pull
 * @hang_time: seconds after which a lockup ends, 0 for never
 * @label: tells a drill from a real crash
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
 * roulette_rules_look() - what would the next pull be?
 * @rules: the rules, which do not change; the caller holds their lock
 * @armed: whether any pull may hit
 * @drawn: the number that it would draw
 *
 * Any context.
 *
 * Return: how it would end.
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
 * roulette_rules_count() - pull the trigger, by what roulette_rules_look() said
 * @rules: the rules, which the pull counts in; the caller has held their lock
 *	since it looked
 * @outcome: how the pull ends
 *
 * Any context.
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
 * @rules: the rules, whose lock the caller holds if anybody else sees them
 * @seed: the seed
 *
 * Any context.
 */
static inline void roulette_rules_reseed(struct roulette_rules *rules, u64 seed)
{
	rules->seed = seed;
	rules->key = roulette_draw_key(seed);
	rules->number = 0;
}

#endif
