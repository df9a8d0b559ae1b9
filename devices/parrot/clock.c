// SPDX-License-Identifier: GPL-2.0
/*
 * The clock of a parrot. Except at rate max, the frame number depends on the
 * time only. So all readers get the same number, and none can delay the clock.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "clock.h"
#include "roulette.h"

/**
 * parrot_rate_parse() - parse a frame rate
 * @value: a number with up to three decimals, or "max"
 * @rate: the result; unchanged on an error
 *
 * Context: Any context.
 *
 * Return: 0; -EINVAL for any other text; -ERANGE for more than 1000 frames per
 * second.
 */
int parrot_rate_parse(const char *value, u32 *rate)
{
	const char *point = strchr(value, '.');
	size_t len = point ? point - value : strlen(value);
	u64 whole, part = 0;
	int ret;

	if (!strcmp(value, "max")) {
		*rate = PARROT_RATE_MAX;
		return 0;
	}
	if (point) {
		static const u32 unit[] = { 0, 100, 10, 1 };
		size_t decimals = strlen(point + 1);

		if (decimals >= ARRAY_SIZE(unit) ||
		    roulette_parse_u64(point + 1, decimals, 0, 999, &part))
			return -EINVAL;
		part *= unit[decimals];
	}
	ret = roulette_parse_u64(value, len, 0, PARROT_RATE_HIGHEST / 1000,
				 &whole);
	if (ret)
		return ret;
	if (whole * 1000 + part > PARROT_RATE_HIGHEST)
		return -ERANGE;
	*rate = whole * 1000 + part;
	return 0;
}

/**
 * parrot_rate_text() - format a frame rate without trailing zeros
 * @rate: the rate
 * @text: buffer of PARROT_RATE_TEXT bytes
 *
 * Context: Any context.
 *
 * Return: @text, or the constant "max".
 */
const char *parrot_rate_text(u32 rate, char *text)
{
	u32 part = rate % 1000;
	int decimals = 3;

	if (rate == PARROT_RATE_MAX)
		return "max";
	while (decimals && part % 10 == 0) {
		part /= 10;
		decimals--;
	}
	if (decimals)
		scnprintf(text, PARROT_RATE_TEXT, "%u.%0*u", rate / 1000,
			  decimals, part);
	else
		scnprintf(text, PARROT_RATE_TEXT, "%u", rate / 1000);
	return text;
}

static void parrot_clock_restart(struct parrot_clock *clock, u32 rate,
				 u64 frame, u64 start)
{
	clock->rate = rate;
	clock->frame = frame;
	clock->start = start;
	clock->newest = frame;
	if (parrot_clock_runs(clock))
		clock->interval = div_u64(1000ULL * NSEC_PER_SEC, rate);
}

/**
 * parrot_clock_init() - start a clock at frame 0
 * @clock: the clock
 * @rate: the frame rate
 * @now: the time in ns
 *
 * Context: Any context. The caller serialises access to @clock.
 */
void parrot_clock_init(struct parrot_clock *clock, u32 rate, u64 now)
{
	parrot_clock_restart(clock, rate, 0, now);
}

/**
 * parrot_clock_frame() - get the number of the current frame
 * @clock: the clock
 * @now: the time in ns, not before that of earlier calls
 *
 * Context: Any context. The caller serialises access to @clock.
 *
 * Return: the number.
 */
u64 parrot_clock_frame(const struct parrot_clock *clock, u64 now)
{
	if (!parrot_clock_runs(clock))
		return clock->frame;
	return clock->frame + div64_u64(now - clock->start, clock->interval);
}

/**
 * parrot_clock_next() - get the time at which the next frame begins
 * @clock: the clock, for which parrot_clock_runs() is true
 * @now: the time in ns, not before that of earlier calls
 *
 * Context: Any context. The caller serialises access to @clock.
 *
 * Return: the time in ns.
 */
u64 parrot_clock_next(const struct parrot_clock *clock, u64 now)
{
	u64 frames = parrot_clock_frame(clock, now) - clock->frame;

	return clock->start + (frames + 1) * clock->interval;
}

/**
 * parrot_clock_set() - change the rate and continue the frame numbers
 * @clock: the clock
 * @rate: the new rate
 * @now: the time in ns, not before that of earlier calls
 *
 * The next frame is due one new interval after the current frame began. If that
 * time has passed, for example after a pause, the next frame begins now, and no
 * frame is skipped.
 *
 * Context: Any context. The caller serialises access to @clock.
 */
void parrot_clock_set(struct parrot_clock *clock, u32 rate, u64 now)
{
	u64 frame = parrot_clock_frame(clock, now);
	u64 start = clock->start;

	if (parrot_clock_runs(clock))
		start += (frame - clock->frame) * clock->interval;
	if (clock->rate == PARROT_RATE_MAX) {
		if (rate == PARROT_RATE_MAX)
			return;
		/* Continue from a number that no reader has passed. */
		frame = clock->newest;
		start = now;
	}
	parrot_clock_restart(clock, rate, frame, start);
	if (parrot_clock_runs(clock) && now - start >= clock->interval)
		parrot_clock_restart(clock, rate, frame + 1, now);
}
