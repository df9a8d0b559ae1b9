// SPDX-License-Identifier: GPL-2.0
/* No type of device: a thread that blocks CPU 1, see brief.c. */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/sched.h>

#include "blocker.h"
#include "compat.h"

static struct task_struct *blocker;

static int blocker_run(void *unused)
{
	ktime_t end = ktime_add_ms(ktime_get(), 4000);

	while (ktime_before(ktime_get(), end))
		cpu_relax();
	module_put_and_kthread_exit(0);
	return 0;
}

/**
 * blocker_start() - for 4 s nobody of normal priority runs on CPU 1
 *
 * Once only. Does not sleep.
 */
void blocker_start(void)
{
	wake_up_process(blocker);
}
EXPORT_SYMBOL_GPL(blocker_start);

static int __init blocker_load(void)
{
	blocker = kthread_create(blocker_run, NULL, "blocker");
	if (IS_ERR(blocker))
		return PTR_ERR(blocker);
	kthread_bind(blocker, 1);
	sched_set_fifo_low(blocker);
	/* The thread's. */
	__module_get(THIS_MODULE);
	return 0;
}

static void __exit blocker_unload(void)
{
}

module_init(blocker_load);
module_exit(blocker_unload);

MODULE_DESCRIPTION("Blocks a CPU");
MODULE_AUTHOR("The kernel-roulette authors");
MODULE_LICENSE("GPL");
