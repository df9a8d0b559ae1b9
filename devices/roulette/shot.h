/* SPDX-License-Identifier: GPL-2.0 */
/* From a hit to the action. */
#ifndef ROULETTE_SHOT_H
#define ROULETTE_SHOT_H

#include <linux/types.h>

#include "action.h"

/**
 * struct roulette_hit - a pull that is to act
 * @action: what it does
 * @number: its number since the seed was set or reset, from 0
 * @seed: what it was drawn with
 * @drawn: the number drawn
 * @odds: the odds
 * @mark: device and label
 */
struct roulette_hit {
	const struct roulette_action *action;
	u64 number;
	u64 seed;
	u32 drawn;
	char odds[ROULETTE_ODDS_TEXT];
	struct roulette_mark mark;
};

int roulette_shoot(const struct roulette_hit *hit, bool sync);
void roulette_shots_wait(void);

#endif
