// SPDX-License-Identifier: GPL-2.0
/* Repeatable random numbers: SplitMix64. */
#include "fuzz.h"

static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

uint64_t next(struct thread *t)
{
	t->random += 0x9e3779b97f4a7c15ULL;
	return mix(t->random);
}

unsigned int below(struct thread *t, unsigned int limit)
{
	return next(t) % limit;
}

bool chance(struct thread *t, unsigned int percent)
{
	return below(t, 100) < percent;
}

/* Starts the random numbers of the thread's operation t->op. */
void random_begin(struct thread *t)
{
	uint64_t stream = mix(options.seed + 1);

	stream = mix(stream + t->worker * THREADS + t->number + 1);
	t->random = mix(stream + t->op + 1);
}
