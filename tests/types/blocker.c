// SPDX-License-Identifier: GPL-2.0
/* Not a device type: a thread that blocks CPU 1 for 4 s. For brief.c. */
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
 * blocker_start() - start the thread that blocks CPU 1 for 4 s
 *
 * No task of normal priority runs on CPU 1 in this time. May be called only
 * once. Does not sleep.
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
	/* The thread drops this reference when it ends. */
	__module_get(THIS_MODULE);
	return 0;
}

static void __exit blocker_unload(void)
{
}

module_init(blocker_load);
module_exit(blocker_unload);

MODULE_DESCRIPTION("Blocks CPU 1 for 4 s, for tests");
MODULE_AUTHOR("The kernel-roulette authors");
MODULE_LICENSE("GPL");
