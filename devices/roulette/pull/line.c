// SPDX-License-Identifier: GPL-2.0
/* The rare parts of the line of a pull, which are not inlined. */
#include "line.h"

static char *roulette_append_string(char *to, const char *string)
{
	while (*string)
		*to++ = *string++;
	return to;
}

/**
 * roulette_append_outcome() - append an outcome other than ROULETTE_CLICK
 * @to: end of the line so far
 * @outcome: how the pull ended
 * @action: name of the action
 *
 * Context: Any context.
 *
 * Return: the new end of the line.
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
