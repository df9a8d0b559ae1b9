/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rules of a device, what a pull makes of them, and the line that tells of
 * it. Pure: no locks, no state of its own. Inline, because each read of the
 * device comes this way: no printf, no allocation, no copy that can be spared.
 */
#ifndef ROULETTE_PULL_H
#define ROULETTE_PULL_H

#include <linux/build_bug.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/types.h>

#include "draw.h"

/* Up to this many printable characters. */
#define ROULETTE_LABEL_MAX	63

/* Longest line that a read returns, see roulette_pull_line(). */
#define ROULETTE_LINE_MAX	96

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

char *roulette_append_large(char *to, u32 number);
char *roulette_append_outcome(char *to, enum roulette_outcome outcome,
			      const struct roulette_action *action);

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
static __always_inline enum roulette_outcome
roulette_rules_look(const struct roulette_rules *rules, bool armed, u32 *drawn)
{
	u32 phase;

	if (likely(rules->respin))
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
static __always_inline void
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

static __always_inline char *roulette_append_bytes(char *to, const char *from,
						   size_t len)
{
	memcpy(to, from, len);
	return to + len;
}

/* Append a constant; the compiler turns the memcpy() into a few moves. */
#define roulette_append(_to, _text)					\
	roulette_append_bytes(_to, _text, sizeof(_text) - 1)

/* Two digits at most are the usual case, and twice as quick. */
static __always_inline char *roulette_append_u32(char *to, u32 number)
{
	u32 tens = number / 10;

	if (unlikely(number >= 100))
		return roulette_append_large(to, number);
	if (tens)
		*to++ = '0' + tens;
	*to++ = '0' + number - 10 * tens;
	return to;
}

/**
 * roulette_pull_line() - the line that tells of a pull
 * @rules: the rules right after the pull; the caller holds their lock
 * @outcome: how the pull ended
 * @drawn: what it drew
 * @line: room for ROULETTE_LINE_MAX bytes; not ended by NUL
 *
 * Any context.
 *
 * Return: its length.
 */
static __always_inline size_t
roulette_pull_line(const struct roulette_rules *rules,
		   enum roulette_outcome outcome, u32 drawn, char *line)
{
	char *to = line;

	BUILD_BUG_ON(sizeof("click: drew 4294967295, odds , held by interval\n") +
		     ROULETTE_ODDS_TEXT > ROULETTE_LINE_MAX);

	if (outcome == ROULETTE_BANG)
		to = roulette_append(to, "bang: drew ");
	else
		to = roulette_append(to, "click: drew ");
	to = roulette_append_u32(to, drawn);
	to = roulette_append(to, ", odds ");
	memcpy(to, rules->odds.text, sizeof(rules->odds.text));
	to += rules->odds.text_len;
	if (outcome != ROULETTE_CLICK)
		to = roulette_append_outcome(to, outcome, rules->action);
	*to++ = '\n';
	return to - line;
}

#endif
