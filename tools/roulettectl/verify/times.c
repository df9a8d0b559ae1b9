// SPDX-License-Identifier: GPL-2.0
/* Times for people. */
#define _GNU_SOURCE
#include <math.h>
#include <time.h>

#include "common/clock.h"
#include "common/message.h"
#include "times.h"

/**
 * time_text() - write a time in the zone of the user
 * @time: seconds of the clock
 *
 * Return: the text, such as "2026-11-28 14:03:20", or "?" for a time that cannot
 * be. The caller must free it.
 */
char *time_text(double time)
{
	time_t seconds = fabs(time) < TIME_MAX ? floor(time) : 0;
	char string[64];
	struct tm tm;

	if (!(fabs(time) < TIME_MAX) || !localtime_r(&seconds, &tm) ||
	    !strftime(string, sizeof(string), "%Y-%m-%d %H:%M:%S", &tm))
		return text("?");
	return text("%s", string);
}

/**
 * duration_text() - write a duration with two units at most
 * @seconds: the duration
 *
 * Return: the text, such as "0.2 s" or "3 min 20 s", or "?" for a duration that
 * cannot be. The caller must free it.
 */
char *duration_text(double seconds)
{
	const char *sign = seconds < 0 ? "-" : "";
	double rest = fabs(seconds);
	long long whole;

	if (!(rest < TIME_MAX))
		return text("?");
	if (rest < 10)
		return text("%s%.1f s", sign, rest);
	whole = llround(rest);
	if (whole < 60)
		return text("%s%lld s", sign, whole);
	if (whole < 3600)
		return text("%s%lld min %lld s", sign, whole / 60, whole % 60);
	whole /= 60;
	if (whole < 48 * 60)
		return text("%s%lld h %lld min", sign, whole / 60, whole % 60);
	return text("%s%lld days %lld h", sign, whole / 1440,
		    whole % 1440 / 60);
}
