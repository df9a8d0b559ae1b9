// SPDX-License-Identifier: GPL-2.0
/* Clocks, in seconds. */
#include <time.h>

#include "clock.h"

/**
 * clock_now() - get the time of the monotonic clock
 *
 * Return: seconds since an unknown moment.
 */
double clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/**
 * clock_wall() - get the time of the wall clock
 *
 * Return: seconds since 1970.
 */
double clock_wall(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}
