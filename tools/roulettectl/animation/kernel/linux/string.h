/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_KERNEL_STRING_H
#define ROULETTECTL_KERNEL_STRING_H

#include <stdio.h>
#include <string.h>

static inline void strscpy(char *to, const char *from, size_t size)
{
	snprintf(to, size, "%s", from);
}

#endif
