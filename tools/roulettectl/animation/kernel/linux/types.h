/* SPDX-License-Identifier: GPL-2.0 */
/*
 * These headers give the parser of devices/parrot the few interfaces of the
 * kernel that it uses. So user space accepts the files that the kernel accepts.
 */
#ifndef ROULETTECTL_KERNEL_TYPES_H
#define ROULETTECTL_KERNEL_TYPES_H

#include_next <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;

#define __printf(text, first) __attribute__((__format__(printf, text, first)))

#endif
