/* SPDX-License-Identifier: GPL-2.0 */
/* The rules of a device and what a pull makes of them. Pure. */
#ifndef ROULETTE_PULL_H
#define ROULETTE_PULL_H

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
	char label[ROULETTE_LABEL_MAX + 1];
};

/**
 * struct roulette_pull - a pull that has happened
 * @drawn: the number drawn
 * @outcome: how it ended
 * @odds_len: length of @odds
 * @odds: odds at that time
 * @number: of a hit: its number since the seed was set or reset, from 0
 * @action: of a hit: what it does
 *
 * All zero is no pull: its line is empty, because odds have a text.
 */
struct roulette_pull {
	u32 drawn;
	u16 outcome;
	u16 odds_len;
	char odds[ROULETTE_ODDS_TEXT];
	u64 number;
	const struct roulette_action *action;
};

bool roulette_rules_pull(struct roulette_rules *rules, bool armed,
			 struct roulette_pull *pull);
size_t roulette_pull_line(const struct roulette_pull *pull, char *line);

#endif
