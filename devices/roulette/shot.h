/* SPDX-License-Identifier: GPL-2.0 */
/* From a hit to the action. */
#ifndef ROULETTE_SHOT_H
#define ROULETTE_SHOT_H

#include <linux/types.h>

#include "action.h"

int roulette_shoot(const struct roulette_pull *pull, u64 seed,
		   const struct roulette_mark *mark, bool sync);
void roulette_shots_wait(void);

#endif
