// SPDX-License-Identifier: GPL-2.0
/*
 * A type that holds a reference to its default device until the parameter drop
 * is written. Then a work item on CPU 1 drops the last reference. This wakes
 * rmmod, which preempts the work item if rmmod has a real-time priority on that
 * CPU. After the type is unregistered, blocker.c keeps the work item from
 * running.
 */
#include <linux/workqueue.h>

#include "blocker.h"
#include "roulette.h"

static struct roulette_device *kept;
static bool dropped;

static void brief_drop(struct work_struct *work)
{
	roulette_put(kept);
	/* Prevents a tail call, so the work item returns to this function. */
	WRITE_ONCE(dropped, true);
}

static DECLARE_WORK(drop_work, brief_drop);

static int brief_drop_set(const char *value, const struct kernel_param *kp)
{
	schedule_work_on(1, &drop_work);
	return 0;
}

static const struct kernel_param_ops brief_drop_ops = { .set = brief_drop_set };

module_param_cb(drop, &brief_drop_ops, NULL, 0200);

static void brief_added(struct roulette_device *rdev)
{
	get_device(&rdev->dev);
	kept = rdev;
}

static const struct file_operations brief_fops = {
	.owner = THIS_MODULE,
	.release = roulette_release,
};

static struct roulette_knob *const brief_knobs[] = { NULL };
static const bool brief_default = true;

static const struct roulette_type brief_type = {
	.name = "brief",
	.owner = THIS_MODULE,
	.mode = 0400,
	.fops = &brief_fops,
	.knobs = brief_knobs,
	.added = brief_added,
	.default_name = "brief",
	.default_device = &brief_default,
};

static int __init brief_load(void)
{
	return roulette_type_register(&brief_type);
}

static void __exit brief_unload(void)
{
	roulette_type_unregister(&brief_type);
	blocker_start();
}

module_init(brief_load);
module_exit(brief_unload);

MODULE_DESCRIPTION("A type that holds its device during unload, for tests");
MODULE_AUTHOR("The kernel-roulette authors");
MODULE_LICENSE("GPL");
