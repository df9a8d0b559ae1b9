/* SPDX-License-Identifier: GPL-2.0 */
/* The draw of a pull. Pure: no locks, no state. */
#ifndef ROULETTE_DRAW_H
#define ROULETTE_DRAW_H

#include <linux/math64.h>
#include <linux/types.h>

#include "odds.h"

u64 roulette_draw_key(u64 seed);
u32 roulette_draw_unspun(u64 key, u64 number, const struct roulette_odds *odds);

/* The odd integer nearest to 2^64 divided by the golden ratio. */
#define ROULETTE_GAMMA	0x9e3779b97f4a7c15ULL

/*
 * Spreads each bit of @x over the whole result, one to one. This is the
 * finalizer of SplitMix64: Steele, Lea, Flood, "Fast Splittable Pseudorandom
 * Number Generators", OOPSLA 2014 (constants by Stafford, "Mix13").
 */
static inline u64 roulette_mix(u64 x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

/* Scales @random to [0, @below), with a relative bias of less than 2^-32. */
static inline u32 roulette_scale(u64 random, u32 below)
{
	return mul_u64_u64_shr(random, below, 64);
}

/**
 * roulette_draw_spun() - draw from a cylinder that is spun before each pull
 * @key: roulette_draw_key() of the seed
 * @number: number of the pull since the seed was set, from 0
 * @odds: the odds
 *
 * SplitMix64 with random access: after n steps its state is @key plus n times
 * ROULETTE_GAMMA.
 *
 * Context: Any context.
 *
 * Return: a number in [0, M), independent of other pulls.
 */
static inline u32 roulette_draw_spun(u64 key, u64 number,
				     const struct roulette_odds *odds)
{
	return roulette_scale(roulette_mix(key + number * ROULETTE_GAMMA),
			      odds->slots);
}

#endif
