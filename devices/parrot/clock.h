/* SPDX-License-Identifier: GPL-2.0 */
/* The clock of a parrot. The time is an argument, so that tests can set it. */
#ifndef PARROT_CLOCK_H
#define PARROT_CLOCK_H

#include <linux/limits.h>
#include <linux/types.h>

/* Frame rates are in thousandths of a frame per second. */
#define PARROT_RATE_PAUSED	0
#define PARROT_RATE_HIGHEST	1000000
#define PARROT_RATE_MAX		U32_MAX	/* "max": readers never wait */

/* Room for "999.999" and NUL. */
#define PARROT_RATE_TEXT	8

/**
 * struct parrot_clock - the clock of a device, shared by all its readers
 * @rate: frame rate, see above
 * @interval: duration of a frame in ns; valid if parrot_clock_runs()
 * @frame: number of the frame that began at @start
 * @start: time in ns
 * @newest: greatest frame number of all readers; used at rate max, where each
 *	reader has its own number
 */
struct parrot_clock {
	u32 rate;
	u64 interval;
	u64 frame;
	u64 start;
	u64 newest;
};

int parrot_rate_parse(const char *value, u32 *rate);
const char *parrot_rate_text(u32 rate, char *text);

void parrot_clock_init(struct parrot_clock *clock, u32 rate, u64 now);
void parrot_clock_set(struct parrot_clock *clock, u32 rate, u64 now);
u64 parrot_clock_frame(const struct parrot_clock *clock, u64 now);
u64 parrot_clock_next(const struct parrot_clock *clock, u64 now);

/**
 * parrot_clock_runs() - check whether the frame number depends on the time
 * @clock: the clock
 *
 * Context: Any context. The caller serialises access to @clock.
 *
 * Return: false if the clock is paused, or at rate max.
 */
static inline bool parrot_clock_runs(const struct parrot_clock *clock)
{
	return clock->rate != PARROT_RATE_PAUSED &&
	       clock->rate != PARROT_RATE_MAX;
}

#endif
