// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks that may run the module's code without holding a reference to the module: a
 * task that dies there could not drop the reference. Module exit waits until each of
 * them has PF_EXITING, which do_exit() sets, outside the module.
 */
#include <linux/delay.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>

#include "shot.h"

/* Guards roulette_tasks. A leaf. */
static DEFINE_SPINLOCK(roulette_tasks_lock);
static LIST_HEAD(roulette_tasks);

/**
 * roulette_tasks_add() - have module exit wait for a task
 * @entry: its entry, filled in but for the list
 *
 * Context: Any context but an interrupt.
 */
void roulette_tasks_add(struct roulette_task *entry)
{
	get_task_struct(entry->task);
	spin_lock(&roulette_tasks_lock);
	list_add(&entry->list, &roulette_tasks);
	spin_unlock(&roulette_tasks_lock);
}

/**
 * roulette_tasks_prune() - forget the tasks that have left the module
 *
 * Context: Process context.
 *
 * Return: whether a task is left.
 */
bool roulette_tasks_prune(void)
{
	struct roulette_task *entry, *next;
	LIST_HEAD(left);
	bool any;

	spin_lock(&roulette_tasks_lock);
	list_for_each_entry_safe(entry, next, &roulette_tasks, list) {
		if (roulette_task_left(entry->task))
			list_move(&entry->list, &left);
	}
	any = !list_empty(&roulette_tasks);
	spin_unlock(&roulette_tasks_lock);

	list_for_each_entry_safe(entry, next, &left, list) {
		put_task_struct(entry->task);
		entry->free(entry);
	}
	return any;
}

/**
 * roulette_tasks_wait() - wait until no task can run the module's code
 *
 * Context: Module exit: without a device no shot can begin. May sleep.
 */
void roulette_tasks_wait(void)
{
	while (roulette_tasks_prune())
		usleep_range(1000, 2000);
}
