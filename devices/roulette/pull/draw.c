// SPDX-License-Identifier: GPL-2.0
/*
 * The draw: a pure function of seed, pull number, odds and respin, so that a
 * drill can be repeated. It is fast, not secret: a reader of the knob seed can
 * predict every pull.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/math64.h>

#include "draw.h"

/* Even, see roulette_shuffle(); enough for an order that looks random. */
#define ROULETTE_ROUNDS	6

/**
 * roulette_draw_key() - compute the key of a seed's draws
 * @seed: the seed
 *
 * Different seeds have different keys. Similar seeds have very different keys.
 *
 * Context: Any context.
 *
 * Return: the key.
 */
u64 roulette_draw_key(u64 seed)
{
	return roulette_mix(seed + ROULETTE_GAMMA);
}

/*
 * Permutes the places [0, columns * rows) by the generalized Feistel network of
 * Black and Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002. The
 * result is one to one with any round function, so the number of hits is exact.
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
	/* The number of rounds is even: left is a column again, right a row. */
	return (u64)right * odds->columns + left;
}

/**
 * roulette_draw_unspun() - draw from a cylinder that only turns by one slot
 * @key: roulette_draw_key() of the seed
 * @number: number of the pull since the seed was set, from 0
 * @odds: the odds
 *
 * Any M successive pulls draw each number in [0, M) once. Then the order
 * repeats. The table of @odds->rows by @odds->columns may have more than M
 * places, so the place is shuffled until it is below M ("cycle walking", as in
 * the paper above). This takes fewer than two shuffles on average.
 *
 * Context: Any context.
 *
 * Return: a number in [0, M).
 */
u32 roulette_draw_unspun(u64 key, u64 number, const struct roulette_odds *odds)
{
	u32 slots = odds->slots;
	u64 place;
	u32 turn;

	/* The key chooses the first slot, each with the same probability. */
	div_u64_rem(number, slots, &turn);
	place = (u64)turn + roulette_scale(key, slots);
	if (place >= slots)
		place -= slots;
	do {
		place = roulette_shuffle(key, place, odds);
	} while (place >= slots);
	return place;
}
