// SPDX-License-Identifier: GPL-2.0
/*
 * Not a device type: makes one mistake of each kind that debug kernels detect.
 * Write its name to the parameter mistake. Tests use the module to prove that
 * each instrument is on.
 */
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static LIST_HEAD(list);
static struct list_head entry;
static unsigned int shared;
static int sink;
/* Complements of addresses, which kmemleak does not recognize as pointers. */
static unsigned long lost[10];

/* Reads one byte past the end. */
static void overrun(void)
{
	char *object = kzalloc(13, GFP_KERNEL);
	int end = 13;

	/* Here and below: hides the mistake from the compiler. */
	OPTIMIZER_HIDE_VAR(end);
	if (object)
		WRITE_ONCE(sink, READ_ONCE(object[end]));
	kfree(object);
}

static void use_after_free(void)
{
	char *object = kzalloc(13, GFP_KERNEL);
	char *freed = object;

	OPTIMIZER_HIDE_VAR(freed);
	kfree(object);
	if (freed)
		WRITE_ONCE(sink, READ_ONCE(*freed));
}

static void shift(void)
{
	int forty = 40;

	OPTIMIZER_HIDE_VAR(forty);
	WRITE_ONCE(sink, 1 << forty);
}

static void give_back(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lost); i++) {
		if (lost[i])
			kfree((void *)~lost[i]);
		lost[i] = 0;
	}
}

static void leak(void)
{
	size_t i;

	give_back();
	/*
	 * Several objects, because kmemleak misses one whose address is still
	 * on a stack. give_back() frees them, so that later scans report none.
	 */
	for (i = 0; i < ARRAY_SIZE(lost); i++) {
		void *object = kzalloc(1000, GFP_KERNEL);

		if (object)
			lost[i] = ~(unsigned long)object;
	}
}

static void lock_order(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static void atomic_sleep(void)
{
	preempt_disable();
	might_sleep();
	preempt_enable();
}

static void nothing(struct timer_list *timer)
{
}

static void live_object(void)
{
	struct timer_list *timer = kzalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, nothing, 0);
	mod_timer(timer, jiffies + 100 * HZ);
	/* DEBUG_OBJECTS reports the active timer and stops it. */
	kfree(timer);
}

static void list_twice(void)
{
	list_add(&entry, &list);
	list_add(&entry, &list);
	list_del(&entry);
}

static int racer(void *unused)
{
	while (!kthread_should_stop()) {
		shared++;
		/* Without this, the compiler would count in a register. */
		barrier();
		cond_resched();
	}
	return 0;
}

static void race(void)
{
	struct task_struct *other = kthread_run(racer, NULL, "culprit");
	unsigned long end = jiffies + HZ;

	if (IS_ERR(other))
		return;
	while (time_before(jiffies, end)) {
		shared++;
		barrier();
		cond_resched();
	}
	kthread_stop(other);
}

static const struct {
	const char *name;
	void (*make)(void);
} mistakes[] = {
	{ "overrun", overrun },
	{ "use_after_free", use_after_free },
	{ "shift", shift },
	{ "leak", leak },
	{ "lock_order", lock_order },
	{ "atomic_sleep", atomic_sleep },
	{ "live_object", live_object },
	{ "list_twice", list_twice },
	{ "race", race },
};

static int mistake_set(const char *value, const struct kernel_param *param)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mistakes); i++) {
		if (sysfs_streq(value, mistakes[i].name)) {
			mistakes[i].make();
			return 0;
		}
	}
	return -EINVAL;
}

static const struct kernel_param_ops mistake_ops = { .set = mistake_set };
module_param_cb(mistake, &mistake_ops, NULL, 0200);
MODULE_PARM_DESC(mistake, "the mistake to make, see the source");

static int __init culprit_load(void)
{
	return 0;
}
module_init(culprit_load);

static void __exit culprit_unload(void)
{
	give_back();
}
module_exit(culprit_unload);

MODULE_DESCRIPTION("Makes the mistakes that debug kernels find, for tests");
MODULE_AUTHOR("The kernel-roulette authors");
MODULE_LICENSE("GPL");
