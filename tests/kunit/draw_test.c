// SPDX-License-Identifier: GPL-2.0
/*
 * Tests the draw: of a cylinder that is spun before each pull, and of one that
 * is not.
 */
#include <linux/bitmap.h>
#include <linux/math64.h>
#include <linux/sched.h>

#include "kunit.h"

/*
 * Include the source: the suite tests its static functions too, and an object
 * cannot be part of two modules.
 */
#include "../../devices/roulette/pull/draw.c"

/*
 * Rounds are tested for each M up to this value. One round of each M is 2
 * million draws.
 */
#define DRAW_ALL	2000

/* The upper 32 bits of the 96-bit product, by long multiplication. */
static u32 draw_scale(u64 random, u32 below)
{
	u64 high = (random >> 32) * below;
	u64 low = (random & U32_MAX) * below;

	return (high + (low >> 32)) >> 32;
}

/* SplitMix64 as in its paper: add to the state, then apply the finalizer. */
static u64 draw_splitmix(u64 *state)
{
	u64 z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* Undoes x ^= x >> shift. */
static u64 draw_unshift(u64 x, int shift)
{
	u64 y = x;
	int known;

	for (known = shift; known < 64; known += shift)
		y = x ^ (y >> shift);
	return y;
}

/*
 * The inverse of @odd modulo 2^64. Newton's method starts with 3 correct bits,
 * and each step doubles their number.
 */
static u64 draw_inverse(u64 odd)
{
	u64 inverse = odd;
	int bits;

	for (bits = 3; bits < 64; bits *= 2)
		inverse *= 2 - odd * inverse;
	return inverse;
}

static u64 draw_unmix(u64 x)
{
	x = draw_unshift(x, 31) * draw_inverse(0x94d049bb133111ebULL);
	x = draw_unshift(x, 27) * draw_inverse(0xbf58476d1ce4e5b9ULL);
	return draw_unshift(x, 30);
}

/* The inverse of roulette_shuffle(). */
static u64 draw_unshuffle(u64 key, u64 place, const struct roulette_odds *odds)
{
	u32 left, right;
	int round;

	right = div_u64_rem(place, odds->columns, &left);
	for (round = 5; round >= 0; round--) {
		u32 size = round % 2 ? odds->rows : odds->columns;
		u32 before = left;
		u64 in = key ^ ((u64)round << 32 | before);

		left = (right + size - draw_scale(roulette_mix(in), size)) %
		       size;
		right = before;
	}
	return (u64)right * odds->columns + left;
}

/* The published first numbers of SplitMix64 from state 0. */
static void draw_mix_is_splitmix(struct kunit *test)
{
	static const u64 known[] = {
		0xe220a8397b1dcdafULL, 0x6e789e6aa1b965f4ULL,
		0x06c45d188009454fULL, 0xf88bb8a8724c81ecULL,
		0x1b39896a51a8749bULL,
	};
	u64 i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		KUNIT_EXPECT_EQ_MSG(test, known[i],
				    roulette_mix((i + 1) * ROULETTE_GAMMA),
				    "number %llu", i);
}

static void draw_mix_is_one_to_one(struct kunit *test)
{
	struct kunit_random random;
	int i;

	kunit_random_start(&random);
	for (i = 0; i < 50000; i++) {
		u64 x = kunit_random_size(&random);

		KUNIT_ASSERT_EQ_MSG(test, draw_unmix(roulette_mix(x)), x,
				    "seed %#llx", random.seed);
		/* Different seeds have different keys. */
		KUNIT_ASSERT_EQ_MSG(test, draw_unmix(roulette_draw_key(x)),
				    x + ROULETTE_GAMMA, "seed %#llx",
				    random.seed);
	}
}

static void draw_scale_is_exact(struct kunit *test)
{
	struct kunit_random random;
	int i;

	kunit_random_start(&random);
	for (i = 0; i < 50000; i++) {
		u64 x = kunit_random(&random);
		u32 below = (u32)kunit_random_size(&random) ?: 1;

		KUNIT_ASSERT_EQ_MSG(test, roulette_scale(x, below),
				    draw_scale(x, below),
				    "seed %#llx, %#llx below %u",
				    random.seed, x, below);
		KUNIT_ASSERT_LT_MSG(test, roulette_scale(x, below), below,
				    "seed %#llx, %#llx below %u",
				    random.seed, x, below);
	}
	KUNIT_EXPECT_EQ(test, roulette_scale(0, U32_MAX), 0U);
	KUNIT_EXPECT_EQ(test, roulette_scale(U64_MAX, U32_MAX), U32_MAX - 1);
	KUNIT_EXPECT_EQ(test, roulette_scale(U64_MAX, 1), 0U);
}

/* Of evenly spread numbers, each slot gets an equal share or one more. */
static void draw_scale_shares_evenly(struct kunit *test)
{
	static const u32 all_slots[] = { 1, 2, 3, 6, 100, 255, 256, 1000 };
	const u32 inputs = 1 << 14;
	u32 *count = kunit_kcalloc(test, 1000, sizeof(*count), GFP_KERNEL);
	u32 i, slot;
	size_t k;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, count);
	for (k = 0; k < ARRAY_SIZE(all_slots); k++) {
		u32 slots = all_slots[k];
		u32 share = inputs / slots;

		memset(count, 0, slots * sizeof(*count));
		for (i = 0; i < inputs; i++)
			count[roulette_scale((u64)i << 50, slots)]++;
		for (slot = 0; slot < slots; slot++)
			KUNIT_ASSERT_TRUE_MSG(test, count[slot] == share ||
					      count[slot] == share + 1,
					      "slot %u of %u was drawn %u times",
					      slot, slots, count[slot]);
	}
}

/*
 * A draw depends on the key, the number of the pull and M only. It equals the
 * output of a generator that advances pull by pull.
 */
static void draw_spun_follows_the_generator(struct kunit *test)
{
	struct kunit_random random;
	struct roulette_odds odds;
	int i, n;

	kunit_random_start(&random);
	for (i = 0; i < 300; i++) {
		u64 seed = kunit_random_size(&random);
		u64 key = roulette_draw_key(seed);
		u64 first = kunit_random_size(&random);
		u64 state;
		u32 slots = (u32)kunit_random_size(&random) ?: 1;

		roulette_odds_set(&odds, kunit_below(&random, slots), slots);
		/* The state one step before pull @first. */
		state = key + (first - 1) * ROULETTE_GAMMA;
		for (n = 0; n < 100; n++) {
			u32 want = draw_scale(draw_splitmix(&state), slots);
			u32 drawn = roulette_draw_spun(key, first + n, &odds);

			KUNIT_ASSERT_EQ_MSG(test, drawn, want,
					    "seed %#llx: pull %llu of %#llx, M %u",
					    random.seed, first + n, seed, slots);
			KUNIT_ASSERT_LT_MSG(test, drawn, slots, "seed %#llx",
					    random.seed);
		}
	}
}

/* A seed from an old log must give the same draws in later versions. */
static void draw_stays_what_it_is(struct kunit *test)
{
	static const u32 spun[] = { 5, 2, 2, 1, 5, 1, 0, 4, 5, 2, 2, 4 };
	static const u32 unspun[] = { 4, 3, 0, 2, 5, 1, 4, 3, 0, 2, 5, 1 };
	u64 key = roulette_draw_key(0x1f);
	struct roulette_odds odds;
	u64 n;

	roulette_odds_set(&odds, 1, 6);
	for (n = 0; n < 12; n++) {
		KUNIT_EXPECT_EQ_MSG(test, roulette_draw_spun(key, n, &odds),
				    spun[n], "pull %llu", n);
		KUNIT_EXPECT_EQ_MSG(test, roulette_draw_unspun(key, n, &odds),
				    unspun[n], "pull %llu", n);
	}
}

/*
 * Chi-squared test of 36,000 pairs of draws below 6, from two sequences. By
 * chance the result exceeds 75 once in 10,000 tests. The seeds are fixed, so
 * the result is the same in each run.
 */
static void draw_expect_unrelated(struct kunit *test, u64 seed_a, u64 seed_b,
				  u64 lag)
{
	u64 a = roulette_draw_key(seed_a), b = roulette_draw_key(seed_b);
	u32 count[36] = {};
	struct roulette_odds odds;
	u64 n, squares = 0;
	int i;

	roulette_odds_set(&odds, 1, 6);
	for (n = 0; n < 36000; n++)
		count[6 * roulette_draw_spun(a, n, &odds) +
		      roulette_draw_spun(b, n + lag, &odds)]++;
	for (i = 0; i < 36; i++) {
		s64 off = (s64)count[i] - 1000;

		squares += off * off;
	}
	KUNIT_EXPECT_LT_MSG(test, squares, 75000ULL,
			    "seeds %#llx and %#llx, %llu apart", seed_a, seed_b,
			    lag);
}

static void draw_spun_pulls_are_unrelated(struct kunit *test)
{
	draw_expect_unrelated(test, 0, 0, 1);
	draw_expect_unrelated(test, 1, 1, 1);
	draw_expect_unrelated(test, 1, 1, 2);
	draw_expect_unrelated(test, 1, 1, 6);
	draw_expect_unrelated(test, U64_MAX, U64_MAX, 1);
}

/*
 * Similar seeds, and seeds whose sequences would be shifted copies of each
 * other if roulette_draw_key() did not mix.
 */
static void draw_spun_seeds_are_unrelated(struct kunit *test)
{
	draw_expect_unrelated(test, 0, 1, 0);
	draw_expect_unrelated(test, 1, 2, 0);
	draw_expect_unrelated(test, 1, 1ULL << 63 | 1, 0);
	draw_expect_unrelated(test, 5 + ROULETTE_GAMMA, 5, 1);
	draw_expect_unrelated(test, 5, 5 + ROULETTE_GAMMA, 1);
}

/*
 * Checks that M pulls, beginning with pull @first, draw M different numbers
 * below M. For each N, exactly N of these numbers must be below N.
 */
static void draw_expect_round(struct kunit *test, u64 key, u64 first, u32 slots,
			      unsigned long *seen)
{
	struct roulette_odds odds;
	u32 i, drawn = 0, hits = 0;

	roulette_odds_set(&odds, 0, slots);
	bitmap_zero(seen, slots);
	for (i = 0; i < slots; i++) {
		drawn = roulette_draw_unspun(key, first + i, &odds);
		if (drawn >= slots || test_bit(drawn, seen))
			break;
		__set_bit(drawn, seen);
	}
	KUNIT_ASSERT_EQ_MSG(test, i, slots,
			    "key %#llx, pull %llu, M %u: drew %u", key,
			    first + i, slots, drawn);
	for (i = 1; i <= slots; i++) {
		hits += test_bit(i - 1, seen);
		KUNIT_ASSERT_EQ_MSG(test, hits, i, "key %#llx, odds %u/%u", key,
				    i, slots);
	}
}

static void draw_unspun_hits_n_of_m(struct kunit *test)
{
	struct kunit_random random;
	unsigned long *seen;
	u32 slots;
	int i;

	seen = kunit_kcalloc(test, BITS_TO_LONGS(DRAW_ALL), sizeof(*seen),
			     GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, seen);
	kunit_random_start(&random);
	for (slots = 1; slots <= DRAW_ALL; slots++) {
		for (i = 0; i < 4; i++) {
			u64 key = roulette_draw_key(kunit_random_size(&random));
			/* Low enough that a round does not pass 2^64. */
			u64 first = kunit_random_size(&random) >> 1;

			draw_expect_round(test, key, first, slots, seen);
		}
		cond_resched();
	}
}

/*
 * Small M with many seeds: tables with one row or column, or with no place
 * beyond M.
 */
static void draw_unspun_hits_n_of_few(struct kunit *test)
{
	unsigned long seen[BITS_TO_LONGS(64)];
	struct kunit_random random;
	u32 slots;
	int i;

	kunit_random_start(&random);
	for (slots = 1; slots <= 64; slots++) {
		for (i = 0; i < 60; i++) {
			u64 key = roulette_draw_key(kunit_random_size(&random));
			u64 first = kunit_random_size(&random) >> 1;

			draw_expect_round(test, key, first, slots, seen);
		}
	}
}

static void draw_unspun_order_repeats(struct kunit *test)
{
	static const u32 all_slots[] = { 1, 6, 100, 1999, 65537, U32_MAX };
	struct kunit_random random;
	struct roulette_odds odds;
	size_t k;
	u32 i;

	kunit_random_start(&random);
	for (k = 0; k < ARRAY_SIZE(all_slots); k++) {
		u64 key = roulette_draw_key(kunit_random(&random));
		u64 round = kunit_random(&random) >> 34;
		u32 slots = all_slots[k];

		for (i = 0; i < min(slots, 500U); i++) {
			u32 drawn;

			/* The order does not depend on N. */
			roulette_odds_set(&odds, 0, slots);
			drawn = roulette_draw_unspun(key, i, &odds);
			roulette_odds_set(&odds, slots, slots);
			KUNIT_ASSERT_EQ_MSG(test, drawn,
					    roulette_draw_unspun(key, round * slots + i,
								 &odds),
					    "seed %#llx: key %#llx, M %u, round %llu, pull %u",
					    random.seed, key, slots, round, i);
		}
	}
}

/* Sets odds with M = @slots. The table must have at least M places. */
static void draw_set_odds(struct kunit *test, struct roulette_odds *odds,
			  u32 slots)
{
	roulette_odds_set(odds, 0, slots);
	KUNIT_ASSERT_GE_MSG(test, (u64)odds->columns * odds->rows, (u64)slots,
			    "M %u", slots);
}

/* Inverts the shuffle, also where a round would be too long to test. */
static void draw_shuffle_can_be_undone(struct kunit *test)
{
	struct kunit_random random;
	struct roulette_odds odds;
	int i;

	kunit_random_start(&random);
	for (i = 0; i < 20000; i++) {
		u32 slots = (u32)kunit_random_size(&random) ?: U32_MAX;
		u64 key = kunit_random(&random);
		u64 places, place, to;

		draw_set_odds(test, &odds, slots);
		places = (u64)odds.columns * odds.rows;
		div64_u64_rem(kunit_random(&random), places, &place);
		to = roulette_shuffle(key, place, &odds);
		KUNIT_ASSERT_LT_MSG(test, to, places,
				    "seed %#llx: key %#llx, place %llu, M %u",
				    random.seed, key, place, slots);
		KUNIT_ASSERT_EQ_MSG(test, draw_unshuffle(key, to, &odds), place,
				    "seed %#llx: key %#llx, M %u", random.seed,
				    key, slots);
	}
}

/* Calculates the pull from the draw, and skips the same places as the draw. */
static void draw_unspun_can_be_undone(struct kunit *test)
{
	struct kunit_random random;
	struct roulette_odds odds;
	int i;

	kunit_random_start(&random);
	for (i = 0; i < 10000; i++) {
		u32 slots = (u32)kunit_random_size(&random) ?: U32_MAX;
		u64 key = kunit_random(&random);
		u64 number = kunit_random_size(&random);
		u32 back, turn;
		u64 place;

		draw_set_odds(test, &odds, slots);
		place = roulette_draw_unspun(key, number, &odds);
		KUNIT_ASSERT_LT_MSG(test, place, (u64)slots,
				    "seed %#llx: key %#llx, pull %llu, M %u",
				    random.seed, key, number, slots);
		do {
			place = draw_unshuffle(key, place, &odds);
		} while (place >= slots);
		div_u64_rem(place + slots - draw_scale(key, slots), slots,
			    &back);
		div_u64_rem(number, slots, &turn);
		KUNIT_ASSERT_EQ_MSG(test, back, turn,
				    "seed %#llx: key %#llx, pull %llu, M %u",
				    random.seed, key, number, slots);
	}
}

/* Over many seeds, each of six slots is drawn first about equally often. */
static void draw_unspun_starts_anywhere(struct kunit *test)
{
	struct roulette_odds odds;
	u32 count[6] = {};
	u64 seed;
	int i;

	roulette_odds_set(&odds, 1, 6);
	for (seed = 0; seed < 6000; seed++)
		count[roulette_draw_unspun(roulette_draw_key(seed), 0,
					   &odds)]++;
	/* 150 is five standard deviations. The seeds are fixed. */
	for (i = 0; i < 6; i++)
		KUNIT_EXPECT_LT_MSG(test, abs((int)count[i] - 1000), 150,
				    "slot %d was drawn first %u times", i,
				    count[i]);
}

/* The seed decides the order: all 720 orders of 6 slots occur. */
static void draw_unspun_order_is_the_seeds(struct kunit *test)
{
	struct roulette_odds odds;
	u64 seed, order;
	unsigned long *seen;
	u32 i;

	/* One bit for each order, with the order as a number in base 6. */
	seen = kunit_kcalloc(test, BITS_TO_LONGS(46656), sizeof(*seen),
			     GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, seen);
	roulette_odds_set(&odds, 1, 6);
	for (seed = 0; seed < 10000; seed++) {
		u64 key = roulette_draw_key(seed);

		order = 0;
		for (i = 0; i < 6; i++)
			order = 6 * order +
				roulette_draw_unspun(key, i, &odds);
		__set_bit(order, seen);
	}
	KUNIT_EXPECT_EQ(test, bitmap_weight(seen, 46656), 720);
}

static struct kunit_case draw_cases[] = {
	KUNIT_CASE(draw_mix_is_splitmix),
	KUNIT_CASE(draw_mix_is_one_to_one),
	KUNIT_CASE(draw_scale_is_exact),
	KUNIT_CASE(draw_scale_shares_evenly),
	KUNIT_CASE(draw_spun_follows_the_generator),
	KUNIT_CASE(draw_stays_what_it_is),
	KUNIT_CASE(draw_spun_pulls_are_unrelated),
	KUNIT_CASE(draw_spun_seeds_are_unrelated),
	KUNIT_CASE(draw_unspun_hits_n_of_m),
	KUNIT_CASE(draw_unspun_hits_n_of_few),
	KUNIT_CASE(draw_unspun_order_repeats),
	KUNIT_CASE(draw_shuffle_can_be_undone),
	KUNIT_CASE(draw_unspun_can_be_undone),
	KUNIT_CASE(draw_unspun_starts_anywhere),
	KUNIT_CASE(draw_unspun_order_is_the_seeds),
	{}
};

static struct kunit_suite draw_suite = {
	.name = "roulette_draw",
	.test_cases = draw_cases,
};

kunit_test_suites(&draw_suite);
