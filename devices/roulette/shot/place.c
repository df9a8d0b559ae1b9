// SPDX-License-Identifier: GPL-2.0
/* Where a shot acts. Pure. */
#include "shot.h"

/**
 * roulette_shot_place() - where a shot acts
 * @action: the action
 * @context: the knob context
 * @delay_ms: the knob delay_ms
 * @sync: the reader's own task is in a system call that waits for the read, and
 *	returns to user mode after it. Else it may be a worker of io_uring, or hold
 *	locks of io_uring
 *
 * Any context.
 *
 * Return: the place.
 */
enum roulette_place roulette_shot_place(const struct roulette_action *action,
					enum roulette_context context,
					u32 delay_ms, bool sync)
{
	if (context != ROULETTE_PROCESS || delay_ms)
		return ROULETTE_IN_THREAD;
	/* A task that dies in a system call gives back nothing that it holds there. */
	if (action->kills)
		return sync ? ROULETTE_ON_RETURN : ROULETTE_IN_THREAD;
	/* What can act in no thread is about the reader itself. */
	if (!sync && roulette_shot_possible(action, ROULETTE_KTHREAD, 0))
		return ROULETTE_IN_THREAD;
	return ROULETTE_IN_READ;
}
