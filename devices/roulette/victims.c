// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks that may be inside the module without holding a reference to it: one
 * that dies there could not drop it any more. They are past the module's code
 * when they have PF_EXITING, which module exit waits for.
 */
#include <linux/delay.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>

#include "shot.h"

/* Guards roulette_victims. A leaf. */
static DEFINE_SPINLOCK(roulette_victims_lock);
static LIST_HEAD(roulette_victims);

/**
 * roulette_victims_add() - begin to look after a task
 * @victim: its entry, filled in but for the list
 *
 * Any context but an interrupt.
 */
void roulette_victims_add(struct roulette_victim *victim)
{
	get_task_struct(victim->task);
	spin_lock(&roulette_victims_lock);
	list_add(&victim->list, &roulette_victims);
	spin_unlock(&roulette_victims_lock);
}

/**
 * roulette_victims_prune() - forget those that are dead
 *
 * Context: Process context.
 * Return: whether one still lives.
 */
bool roulette_victims_prune(void)
{
	struct roulette_victim *victim, *next;
	LIST_HEAD(dead);
	bool alive;

	spin_lock(&roulette_victims_lock);
	list_for_each_entry_safe(victim, next, &roulette_victims, list) {
		if (READ_ONCE(victim->task->flags) & PF_EXITING)
			list_move(&victim->list, &dead);
	}
	alive = !list_empty(&roulette_victims);
	spin_unlock(&roulette_victims_lock);

	list_for_each_entry_safe(victim, next, &dead, list) {
		put_task_struct(victim->task);
		victim->free(victim);
	}
	return alive;
}

/**
 * roulette_victims_wait() - wait until no task can be inside the module
 *
 * Context: Module exit: no new shot can come, since there is no device any
 * more. May sleep.
 */
void roulette_victims_wait(void)
{
	while (roulette_victims_prune())
		usleep_range(1000, 2000);
}
