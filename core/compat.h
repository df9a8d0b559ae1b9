/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only file that knows kernel versions. Each entry says since when the
 * newer form is there; an entry goes when no supported kernel lacks it.
 */
#ifndef ROULETTE_COMPAT_H
#define ROULETTE_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/version.h>
#include <linux/workqueue.h>

/* 6.17: the workqueue whose work runs on any CPU. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define system_dfl_wq system_unbound_wq
#endif

/* 6.13: an hrtimer gets its function when it is set up. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define hrtimer_setup roulette_hrtimer_setup
static inline void
hrtimer_setup(struct hrtimer *timer,
	      enum hrtimer_restart (*function)(struct hrtimer *),
	      clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/* 6.4: class.class_release takes a const class. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define roulette_class_const const
#else
#define roulette_class_const
#endif

/* 6.2: class.devnode takes a const device. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define roulette_devnode_const const
#else
#define roulette_devnode_const
#endif

/* 6.7, and 6.0 by another name: a file's place among a task's work. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 0, 0)
#define f_task_work f_u.fu_rcuhead
#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#define f_task_work f_rcuhead
#endif

#endif
