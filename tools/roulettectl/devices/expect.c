// SPDX-License-Identifier: GPL-2.0
/* The number of hits to expect from a number of pulls. */
#include <math.h>

#include "expect.h"

/* Each tail outside the interval has at most this probability. */
#define TAIL	0.025

/* Logarithm of the probability of @hits in @pulls. */
static double log_probability(double pulls, double hits, double p)
{
	return lgamma(pulls + 1) - lgamma(hits + 1) - lgamma(pulls - hits + 1) +
	       hits * log(p) + (pulls - hits) * log1p(-p);
}

/**
 * expect_spun() - compute the expectation if each pull is drawn independently
 * @pulls: number of pulls
 * @odds: N and M: each pull hits N times in M
 *
 * Return: the mean, and the quantiles 2.5 % and 97.5 % of the binomial
 * distribution.
 */
struct expectation expect_spun(unsigned long long pulls,
			       const unsigned long long odds[2])
{
	double p = (double)odds[0] / odds[1];
	double mean = pulls * p;
	/* The sum starts where all that it omits is below 1e-15. */
	double hits = floor(fmax(0, mean - 12 * sqrt(mean * (1 - p)) - 100));
	struct expectation result = { .mean = mean, .low = hits };
	double sum = 0;

	if (p <= 0 || p >= 1) {
		result.low = p <= 0 ? 0 : pulls;
		result.high = result.low;
		result.certain = true;
		return result;
	}
	for (; hits < pulls; hits++) {
		sum += exp(log_probability(pulls, hits, p));
		if (sum <= TAIL)
			result.low = hits + 1;
		if (sum >= 1 - TAIL)
			break;
	}
	result.high = hits;
	return result;
}

/**
 * expect_unspun() - compute the expectation if the cylinder is never spun
 * @pulls: number of pulls, with no other pulls between them
 * @odds: N and M: any M pulls in a row hit N times
 *
 * Return: the mean, and the least and greatest possible number.
 */
struct expectation expect_unspun(unsigned long long pulls,
				 const unsigned long long odds[2])
{
	unsigned long long rounds = pulls / odds[1], rest = pulls % odds[1];
	unsigned long long clicks = odds[1] - odds[0];

	return (struct expectation){
		.mean = (double)pulls * odds[0] / odds[1],
		.low = rounds * odds[0] + (rest > clicks ? rest - clicks : 0),
		.high = rounds * odds[0] + (rest < odds[0] ? rest : odds[0]),
		.certain = true,
	};
}
