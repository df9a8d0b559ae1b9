// SPDX-License-Identifier: GPL-2.0
/* Decides where a shot acts. Pure: no locks. */
#include "shot.h"

/**
 * roulette_shot_place() - decide where a shot acts
 * @action: the action
 * @context: value of the knob context
 * @delay_ms: value of the knob delay_ms
 * @sync: the read runs in a system call of the reader, after which the task
 *	returns to user mode. Otherwise the task may be a worker of io_uring, or
 *	hold locks of io_uring
 *
 * Context: Any context.
 *
 * Return: the place.
 */
enum roulette_place roulette_shot_place(const struct roulette_action *action,
					enum roulette_context context,
					u32 delay_ms, bool sync)
{
	if (context != ROULETTE_PROCESS || delay_ms)
		return ROULETTE_IN_THREAD;
	/* A task that dies in a system call never releases what it holds. */
	if (action->kills)
		return sync ? ROULETTE_ON_RETURN : ROULETTE_IN_THREAD;
	/* An action that cannot run in a thread is about the reader itself. */
	if (!sync && roulette_shot_possible(action, ROULETTE_KTHREAD, 0))
		return ROULETTE_IN_THREAD;
	return ROULETTE_IN_READ;
}
