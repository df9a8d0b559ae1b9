/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random numbers and texts for the suites. All of them follow from one seed,
 * which failure messages print; the same seed repeats the same inputs.
 */
#ifndef ROULETTE_KUNIT_H
#define ROULETTE_KUNIT_H

#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

/* Buffer size for kunit_text(), with the NUL. */
#define KUNIT_TEXT	48

/**
 * struct kunit_random - a random number generator
 * @seed: the initial seed, for messages
 * @state: the current state
 */
struct kunit_random {
	u64 seed;
	u64 state;
};

void kunit_random_start(struct kunit_random *random);
u64 kunit_random(struct kunit_random *random);
u64 kunit_random_size(struct kunit_random *random);
const char *kunit_text(struct kunit_random *random, const char *const *samples,
		       u32 count, char *text);
int kunit_number(const char *digits, size_t len, u64 *number);

/**
 * kunit_below() - return a random number in [0, @below)
 * @random: the generator
 * @below: the upper limit, at least 1
 *
 * Return: the number.
 */
static inline u32 kunit_below(struct kunit_random *random, u32 below)
{
	return (u32)(kunit_random(random) >> 32) % below;
}

#endif
