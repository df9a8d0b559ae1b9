// SPDX-License-Identifier: GPL-2.0
/* The rarer parts of the line that tells of a pull. */
#include "line.h"

static char *roulette_append_string(char *to, const char *string)
{
	while (*string)
		*to++ = *string++;
	return to;
}

/**
 * roulette_append_outcome() - append what more there is to say of a low draw
 * @to: where
 * @outcome: how the pull ended, anything but a plain click
 * @action: what a hit does
 *
 * Any context.
 *
 * Return: the byte after it.
 */
char *roulette_append_outcome(char *to, enum roulette_outcome outcome,
			      const char *action)
{
	switch (outcome) {
	case ROULETTE_HELD_BY_ARMED:
		return roulette_append(to, ", held by armed");
	case ROULETTE_HELD_BY_TIMES:
		return roulette_append(to, ", held by times");
	case ROULETTE_HELD_BY_SPACE:
		return roulette_append(to, ", held by space");
	case ROULETTE_HELD_BY_INTERVAL:
		return roulette_append(to, ", held by interval");
	default:
		to = roulette_append(to, ", action ");
		return roulette_append_string(to, action);
	}
}
