// SPDX-License-Identifier: GPL-2.0
/*
 * A number written to /sys/module/hasten/parameters/seconds puts jiffies
 * forward by as much. Clocks stay as they are.
 *
 * CONFIG_DEBUG_KOBJECT_RELEASE puts each release of a kobject off by one to
 * four seconds, and who unloads a module, or fails to load it, waits for that.
 * A test that does so for hundreds of times would take half an hour.
 */
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/smp.h>

static void hasten_wake(void *unused)
{
}

static int hasten_set(const char *value, const struct kernel_param *kp)
{
	unsigned int seconds;
	int ret = kstrtouint(value, 0, &seconds);

	if (ret)
		return ret;
	/*
	 * Without the lock, which is not exported: at worst this meets a tick
	 * of the clock, and one of the two is lost.
	 */
	jiffies_64 += (u64)seconds * HZ;
	/* An idle CPU looks at its timers anew. */
	on_each_cpu(hasten_wake, NULL, true);
	return 0;
}

static const struct kernel_param_ops hasten_ops = {
	.set = hasten_set,
};

module_param_cb(seconds, &hasten_ops, NULL, 0200);
MODULE_PARM_DESC(seconds, "puts jiffies forward");

MODULE_DESCRIPTION("Jiffies that can be put forward, for tests on debug kernels");
MODULE_AUTHOR("The kernel-roulette authors");
MODULE_LICENSE("GPL");
