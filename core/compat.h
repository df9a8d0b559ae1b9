/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only file that knows how kernels differ. Kbuild asks the kernel's headers and
 * defines KERNEL_HAS_... for each yes; macros are asked for here. An entry goes
 * when no supported kernel lacks what it stands in for.
 */
#ifndef ROULETTE_COMPAT_H
#define ROULETTE_COMPAT_H

#include <linux/compiler.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/workqueue.h>

/* Of 5.14; before, panic_notifier_list was <linux/kernel.h>'s. */
#ifdef KERNEL_HAS_PANIC_NOTIFIER
#include <linux/panic_notifier.h>
#endif

/* The workqueue whose work runs on any CPU. */
#ifndef KERNEL_HAS_SYSTEM_DFL_WQ
#define system_dfl_wq system_unbound_wq
#endif

/* An hrtimer gets its function when it is set up. */
#ifndef KERNEL_HAS_HRTIMER_SETUP
static inline void
hrtimer_setup(struct hrtimer *timer,
	      enum hrtimer_restart (*function)(struct hrtimer *),
	      clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/* class.class_release takes a const class. */
#ifdef KERNEL_HAS_CONST_CLASS
#define roulette_class_const const
#else
#define roulette_class_const
#endif

/* class.devnode takes a const device. */
#ifdef KERNEL_HAS_CONST_DEVNODE
#define roulette_devnode_const const
#else
#define roulette_devnode_const
#endif

/* A file's place among a task's work. */
#ifndef KERNEL_HAS_F_TASK_WORK
#ifdef KERNEL_HAS_F_RCUHEAD
#define f_task_work f_rcuhead
#else
#define f_task_work f_u.fu_rcuhead
#endif
#endif

/* 5.10.218 lacks both. */
#ifndef module_put_and_kthread_exit
#define module_put_and_kthread_exit(code) module_put_and_exit(code)
#endif
#ifndef __uninitialized
#define __uninitialized
#endif

#endif
