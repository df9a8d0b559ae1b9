/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_EXPECT_H
#define ROULETTECTL_EXPECT_H

#include <stdbool.h>

/**
 * struct expectation - the hits to expect, before limits hold some of them
 * @mean: mean number of hits
 * @low: least number
 * @high: greatest number
 * @certain: the number is always between @low and @high; else in 95 % of runs
 */
struct expectation {
	double mean;
	unsigned long long low;
	unsigned long long high;
	bool certain;
};

struct expectation expect_spun(unsigned long long pulls,
			       const unsigned long long odds[2]);
struct expectation expect_unspun(unsigned long long pulls,
				 const unsigned long long odds[2]);

#endif
