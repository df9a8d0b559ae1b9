// SPDX-License-Identifier: GPL-2.0
/* Actions that report a fault of the kernel, or stop the machine. */
#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/reboot.h>

#include "action.h"

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
	pr_emerg("roulette %s: survived a write to %#lx, label \"%s\"\n",
		 mark->device, address, mark->label);
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
