/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the suites share: the numbers and texts that they are fed with. All
 * follow from one seed, which a failure prints: the same seed, the same cases.
 */
#ifndef ROULETTE_KUNIT_H
#define ROULETTE_KUNIT_H

#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

/* Room for a text of kunit_text() and NUL. */
#define KUNIT_TEXT	48

/**
 * struct kunit_random - a source of numbers
 * @seed: where it started, for messages
 * @state: where it is
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
 * kunit_below() - a number in [0, @below)
 * @random: the source
 * @below: at least 1
 *
 * Return: the number.
 */
static inline u32 kunit_below(struct kunit_random *random, u32 below)
{
	return (u32)(kunit_random(random) >> 32) % below;
}

#endif
