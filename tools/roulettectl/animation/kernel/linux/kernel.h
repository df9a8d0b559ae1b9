/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_KERNEL_KERNEL_H
#define ROULETTECTL_KERNEL_KERNEL_H

#include <linux/minmax.h>
#include <linux/types.h>
#include <stdarg.h>
#include <stdio.h>

#define container_of(pointer, type, member) \
	((type *)((char *)(pointer) - offsetof(type, member)))

#endif
