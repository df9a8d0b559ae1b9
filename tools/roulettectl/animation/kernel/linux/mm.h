/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_KERNEL_MM_H
#define ROULETTECTL_KERNEL_MM_H

#include <stdlib.h>

#define kvmalloc(size, flags)	malloc(size)
#define kvzalloc(size, flags)	calloc(1, size)
#define kvfree(memory)		free(memory)

#endif
