/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_KERNEL_KREF_H
#define ROULETTECTL_KERNEL_KREF_H

#include <linux/kernel.h>

/* roulettectl has one thread. */
struct kref {
	u32 count;
};

static inline void kref_init(struct kref *ref)
{
	ref->count = 1;
}

static inline void kref_get(struct kref *ref)
{
	ref->count++;
}

static inline void kref_put(struct kref *ref, void (*release)(struct kref *ref))
{
	if (--ref->count == 0)
		release(ref);
}

#endif
