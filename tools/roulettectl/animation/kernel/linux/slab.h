/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_KERNEL_SLAB_H
#define ROULETTECTL_KERNEL_SLAB_H

#include <stdlib.h>

#define GFP_KERNEL	0

#endif
