/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only file that knows kernel versions. Each entry says since when the
 * newer form is there; an entry goes when no supported kernel lacks it.
 */
#ifndef ROULETTE_COMPAT_H
#define ROULETTE_COMPAT_H

#include <linux/version.h>

/* 6.2: class.devnode takes a const device. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define roulette_devnode_const const
#else
#define roulette_devnode_const
#endif

/* 5.19: a local variable that is not to be filled with zeros or a pattern. */
#ifndef __uninitialized
#define __uninitialized
#endif

#endif
