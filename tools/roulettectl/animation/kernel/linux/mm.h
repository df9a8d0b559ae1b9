/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_KERNEL_MM_H
#define ROULETTECTL_KERNEL_MM_H

#include <stdlib.h>

#define kvzalloc(size, flags)	calloc(1, size)
#define kvfree(memory)		free(memory)

#define PAGE_SIZE		4096
#define PAGE_ALIGN(size)	(((size) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1ULL))

#endif
