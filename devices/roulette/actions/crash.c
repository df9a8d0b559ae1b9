// SPDX-License-Identifier: GPL-2.0
/* Actions that report a fault of the kernel, or stop the machine. */
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/poison.h>
#include <linux/reboot.h>

#include "action.h"

/**
 * roulette_log_survived() - log that an action has not killed the task
 * @mark: device and label
 * @what: the failure that the kernel has allowed
 *
 * Context: Any context.
 */
void roulette_log_survived(const struct roulette_mark *mark, const char *what)
{
	pr_emerg("roulette %s: survived %s, label \"%s\"\n", mark->device, what,
		 mark->label);
}

/**
 * roulette_warn() - report a WARNING, after which the kernel continues
 * @mark: device and label
 */
noinline void roulette_warn(const struct roulette_mark *mark)
{
	dev_WARN(&mark->rdev->dev, "shot, action warn, label \"%s\"\n",
		 mark->label);
}

/**
 * roulette_oops() - write to an address that is not mapped
 * @mark: device and label
 *
 * No architecture maps the last page of the address space, where ERR_PTR()
 * values lie. No process can map it, unlike page 0.
 */
noinline void roulette_oops(const struct roulette_mark *mark)
{
	unsigned long address = -PAGE_SIZE;

	/* The compiler must not use its knowledge that the address is bad. */
	OPTIMIZER_HIDE_VAR(address);
	WRITE_ONCE(*(char *)address, 0);
	roulette_log_survived(mark, "a write to the last page");
}

/**
 * roulette_null() - write to address 0
 * @mark: device and label
 *
 * A reader that has mapped page 0 may survive. The write changes nothing there,
 * because outside the reader's own task page 0 may belong to any process.
 */
noinline void roulette_null(const struct roulette_mark *mark)
{
	atomic_t *null = NULL;

	OPTIMIZER_HIDE_VAR(null);
	atomic_or(0, null);
	roulette_log_survived(mark, "a write to address 0");
}

/**
 * roulette_gpf() - read from a non-canonical address
 * @mark: device and label
 *
 * The address is that in the links of a list entry after list_del(). Only on
 * x86-64 the CPU reports such addresses as general protection faults.
 */
noinline void roulette_gpf(const struct roulette_mark *mark)
{
	char *address = LIST_POISON1;

	OPTIMIZER_HIDE_VAR(address);
	READ_ONCE(*address);
	roulette_log_survived(mark, "a read from a non-canonical address");
}

/**
 * roulette_divide() - divide by 0
 * @mark: device and label
 *
 * Only for CPUs that trap a division by 0.
 */
noinline void roulette_divide(const struct roulette_mark *mark)
{
	int dividend = 1, divisor = 0;

	/* The compiler replaces 1 / x by comparisons. */
	OPTIMIZER_HIDE_VAR(dividend);
	OPTIMIZER_HIDE_VAR(divisor);
	dividend /= divisor;
	/* The compiler removes a division without a use. */
	barrier_data(&dividend);
	roulette_log_survived(mark, "a division by 0");
}

/**
 * roulette_bug() - kill the task by BUG()
 * @mark: unused
 */
noinline void roulette_bug(const struct roulette_mark *mark)
{
	BUG();
}

/* LCOV_EXCL_START: the machine stops before coverage data is read */
/**
 * roulette_panic() - stop the machine by panic()
 * @mark: device and label
 */
noinline void roulette_panic(const struct roulette_mark *mark)
{
	panic("%s: shot, action panic, label \"%s\"", mark->device,
	      mark->label);
}

/**
 * roulette_reboot() - restart the machine at once, without a panic
 * @mark: unused
 */
noinline void roulette_reboot(const struct roulette_mark *mark)
{
	/* Time for a network card to send the log line of the hit. */
	mdelay(100);
	emergency_restart();
}

/* LCOV_EXCL_STOP */
