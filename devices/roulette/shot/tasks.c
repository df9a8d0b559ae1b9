// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that may run the module's code without a reference to the module,
 * because a thread that dies there could not drop the reference. Module exit
 * waits until each task has PF_EXITING, which do_exit() sets outside the
 * module.
 */
#include <linux/delay.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>

#include "shot.h"

/* Guards roulette_tasks. A leaf lock. */
static DEFINE_SPINLOCK(roulette_tasks_lock);
static LIST_HEAD(roulette_tasks);

/**
 * roulette_tasks_add() - make module exit wait for a task
 * @entry: entry of the task, with all members set except the list
 *
 * Context: Process context.
 */
void roulette_tasks_add(struct roulette_task *entry)
{
	get_task_struct(entry->task);
	spin_lock(&roulette_tasks_lock);
	list_add(&entry->list, &roulette_tasks);
	spin_unlock(&roulette_tasks_lock);
}

/**
 * roulette_tasks_prune() - drop the entries of tasks that have left the module
 *
 * Context: Process context.
 *
 * Return: true if any entry remains.
 */
bool roulette_tasks_prune(void)
{
	struct roulette_task *entry, *next;
	LIST_HEAD(exited);
	bool any;

	spin_lock(&roulette_tasks_lock);
	list_for_each_entry_safe(entry, next, &roulette_tasks, list) {
		if (roulette_task_exiting(entry->task))
			list_move(&entry->list, &exited);
	}
	any = !list_empty(&roulette_tasks);
	spin_unlock(&roulette_tasks_lock);

	list_for_each_entry_safe(entry, next, &exited, list) {
		put_task_struct(entry->task);
		entry->free(entry);
	}
	return any;
}

/**
 * roulette_tasks_wait() - wait until no task can run the module's code
 *
 * Context: Process context, in module exit, when no shot can begin any more.
 * May sleep.
 */
void roulette_tasks_wait(void)
{
	while (roulette_tasks_prune())
		usleep_range(1000, 2000);
}
