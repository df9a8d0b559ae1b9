/* SPDX-License-Identifier: GPL-2.0 */
/* A device of type roulette. */
#ifndef ROULETTE_DEVICE_H
#define ROULETTE_DEVICE_H

#include <linux/fs.h>
#include <linux/list.h>
#include <linux/spinlock.h>

#include "pull.h"
#include "roulette.h"

/* Most shots of a device that are still to come. */
#define ROULETTE_PENDING_MAX	100

/**
 * struct roulette_state - what a device of type roulette carries
 * @lock: guards @rules, and the kept line of each open file of the device. A
 *	leaf, held neither over a copy to user memory nor over a shot
 * @rules: knobs and counts
 * @pending: shots still to come, see launch.c
 */
struct roulette_state {
	/* a leaf */
	spinlock_t lock;
	struct roulette_rules rules;
	struct list_head pending;
};

/* file.c */
extern const struct file_operations roulette_file_ops;

/* knobs.c */
extern struct roulette_knob *const roulette_knobs[];
void roulette_rules_reseed(struct roulette_rules *rules, u64 seed);

/* main.c */
extern bool roulette_armed;

#endif
