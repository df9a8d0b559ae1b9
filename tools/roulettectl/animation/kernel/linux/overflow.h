/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_KERNEL_OVERFLOW_H
#define ROULETTECTL_KERNEL_OVERFLOW_H

/* The parser limits the count. */
#define struct_size(pointer, member, count) \
	(sizeof(*(pointer)) + sizeof(*(pointer)->member) * (count))

#endif
