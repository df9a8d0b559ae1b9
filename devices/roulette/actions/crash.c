// SPDX-License-Identifier: GPL-2.0
/* Actions that report a fault of the kernel, or end it. */
#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/reboot.h>

#include "action.h"

/**
 * roulette_warn() - a WARNING, after which the kernel goes on
 * @mark: whose shot it is
 */
noinline void roulette_warn(const struct roulette_mark *mark)
{
	dev_WARN(&mark->rdev->dev, "shot, action warn, label \"%s\"\n",
		 mark->label);
}

/**
 * roulette_oops() - write to an address that is not mapped
 * @mark: whose shot it is
 *
 * The last page of the address space, where ERR_PTR() values lie, is mapped
 * by no architecture, and no process can map it, unlike page 0.
 */
noinline void roulette_oops(const struct roulette_mark *mark)
{
	unsigned long address = -PAGE_SIZE;

	/* The compiler would see the fault coming and drop the access. */
	OPTIMIZER_HIDE_VAR(address);
	WRITE_ONCE(*(char *)address, 0);
	pr_emerg("roulette %s: survived a write to %#lx, label \"%s\"\n",
		 mark->device, address, mark->label);
}

/**
 * roulette_bug() - a BUG, which kills the task
 * @mark: whose shot it is
 */
noinline void roulette_bug(const struct roulette_mark *mark)
{
	BUG();
}

/* LCOV_EXCL_START: nobody is left to say that this has run */
/**
 * roulette_panic() - end the machine
 * @mark: whose shot it is
 */
noinline void roulette_panic(const struct roulette_mark *mark)
{
	panic("%s: shot, action panic, label \"%s\"", mark->device,
	      mark->label);
}

/**
 * roulette_reboot() - restart the machine at once, without a panic
 * @mark: whose shot it is
 */
noinline void roulette_reboot(const struct roulette_mark *mark)
{
	/* A network card may not have sent the line yet that tells of it. */
	mdelay(100);
	emergency_restart();
}

/* LCOV_EXCL_STOP */
