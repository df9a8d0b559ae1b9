/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Replacements for interfaces that some kernels lack. No other file tests for
 * such an interface. Kbuild searches the kernel's headers and defines
 * KERNEL_HAS_... for each match. An interface that is a macro needs only
 * #ifndef here, and no search by Kbuild. Remove an entry when no supported
 * kernel needs it.
 */
#ifndef ROULETTE_COMPAT_H
#define ROULETTE_COMPAT_H

#include <linux/compiler.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/workqueue.h>

/* Since 5.14. Before, <linux/kernel.h> declared panic_notifier_list. */
#ifdef KERNEL_HAS_PANIC_NOTIFIER
#include <linux/panic_notifier.h>
#endif

/* The newer name of the workqueue whose work may run on any CPU. */
#ifndef KERNEL_HAS_SYSTEM_DFL_WQ
#define system_dfl_wq system_unbound_wq
#endif

/*
 * SLUB checks that an object is not freed twice in a row. Sheaves skip this
 * check: arrays of free objects for each CPU, which most caches have since 7.0.
 */
#ifdef KERNEL_HAS_SHEAVES
#define roulette_slub_checks_frees 0
#else
#define roulette_slub_checks_frees 1
#endif

/* Unlike hrtimer_init(), hrtimer_setup() also sets the timer's function. */
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

/* const if class.class_release takes a const class. */
#ifdef KERNEL_HAS_CONST_CLASS
#define roulette_class_const const
#else
#define roulette_class_const
#endif

/* const if class.devnode takes a const device. */
#ifdef KERNEL_HAS_CONST_DEVNODE
#define roulette_devnode_const const
#else
#define roulette_devnode_const
#endif

/* The member of struct file that fput() queues as task work. */
#ifndef KERNEL_HAS_F_TASK_WORK
#ifdef KERNEL_HAS_F_RCUHEAD
#define f_task_work f_rcuhead
#else
#define f_task_work f_u.fu_rcuhead
#endif
#endif

/* 5.10.218, the oldest supported kernel, lacks the next two macros. */
#ifndef module_put_and_kthread_exit
#define module_put_and_kthread_exit(code) module_put_and_exit(code)
#endif
#ifndef __uninitialized
#define __uninitialized
#endif

#endif
