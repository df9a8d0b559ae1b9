/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_CLOCK_H
#define ROULETTECTL_CLOCK_H

/* Thousands of years, in seconds. The number of a damaged file may be larger. */
#define TIME_MAX	1e12

double clock_now(void);
double clock_wall(void);

#endif
