// SPDX-License-Identifier: GPL-2.0
/*
 * The draw: a pure function of seed, number of the pull, odds and respin, so
 * that a drill can be repeated. Quick rather than secret: who can read the
 * seed knob can foretell every pull anyway.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/math64.h>

#include "draw.h"

/* Enough for the order to look random; the count of hits is exact with any. */
#define ROULETTE_ROUNDS	6

/**
 * roulette_draw_key() - what the draws of a seed start from
 * @seed: the seed
 *
 * One to one, and far apart for seeds that are near to each other.
 *
 * Return: the key.
 */
u64 roulette_draw_key(u64 seed)
{
	return roulette_mix(seed + ROULETTE_GAMMA);
}

/*
 * A random order of the places [0, columns * rows): the generalized Feistel
 * network of Black and Rogaway, "Ciphers with Arbitrary Finite Domains",
 * CT-RSA 2002. One to one whatever the round function says.
 */
static u64 roulette_shuffle(u64 key, u64 place, const struct roulette_odds *odds)
{
	u32 left_size = odds->columns;
	u32 right_size = odds->rows;
	u32 right, left, round;

	BUILD_BUG_ON(ROULETTE_ROUNDS % 2);
	right = div_u64_rem(place, left_size, &left);
	for (round = 0; round < ROULETTE_ROUNDS; round++) {
		u64 in = key ^ ((u64)round << 32 | right);
		u32 sum = left + roulette_scale(roulette_mix(in), left_size);

		left = right;
		right = sum >= left_size ? sum - left_size : sum;
		swap(left_size, right_size);
	}
	/* An even number of rounds: left is a column again, right a row. */
	return (u64)right * odds->columns + left;
}

/**
 * roulette_draw_unspun() - draw of a cylinder that only turns by one
 * @key: roulette_draw_key() of the seed
 * @number: which pull since the seed was set, from 0
 * @odds: the odds
 *
 * Any M pulls in a row draw each number in [0, M) once; the order is the same
 * each round. Places that the table has beyond M are walked past until one
 * below M comes ("cycle walking", as in the paper above), fewer than two steps
 * on average. Any context.
 *
 * Return: a number in [0, M).
 */
u32 roulette_draw_unspun(u64 key, u64 number, const struct roulette_odds *odds)
{
	u32 slots = odds->slots;
	u64 place;
	u32 turn;

	/* Starting anywhere makes every slot the first equally often. */
	div_u64_rem(number, slots, &turn);
	place = (u64)turn + roulette_scale(key, slots);
	if (place >= slots)
		place -= slots;
	do {
		place = roulette_shuffle(key, place, odds);
	} while (place >= slots);
	return place;
}
