/* SPDX-License-Identifier: GPL-2.0 */
/* A device of type roulette. */
#ifndef ROULETTE_DEVICE_H
#define ROULETTE_DEVICE_H

#include <linux/fs.h>
#include <linux/kfifo.h>
#include <linux/ratelimit.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "pull/rules.h"
#include "roulette.h"

struct roulette_shot;

/* Uevents that can be queued: a power of two, and more than are sent in a second. */
#define ROULETTE_NOTES	16

/**
 * struct roulette_note - a hit that a uevent is to tell of
 * @hit: its number among the hits, from 1
 * @action: what it does
 * @label: the device's label at the time of the pull
 */
struct roulette_note {
	u64 hit;
	const struct roulette_action *action;
	char label[ROULETTE_LABEL_MAX + 1];
};

/**
 * struct roulette_news - what others hear of a device's hits, see news.c
 * @rdev: the device
 * @hits_knob: the knob hits in sysfs, NULL before it is there
 * @work: tells; the only one to take out of @notes, and to ask @limit
 * @limit: how many uevents in a second
 * @lock: guards @telling, and what is put into @notes. A leaf
 * @telling: sysfs has the device
 * @notes: what uevents are still to tell
 */
struct roulette_news {
	struct roulette_device *rdev;
	struct kernfs_node *hits_knob;
	struct delayed_work work;
	struct ratelimit_state limit;
	/* a leaf */
	spinlock_t lock;
	bool telling;
	DECLARE_KFIFO(notes, struct roulette_note, ROULETTE_NOTES);
};

/**
 * struct roulette_state - what a device of type roulette carries
 * @lock: guards @rules, and the kept line of each open file of the device. A
 *	leaf, held neither over a copy to user memory nor over a shot
 * @rules: knobs and counts
 * @news: what others hear of hits
 * @waiting: how many shots wait for their delay, see shot/takeoff.c
 * @removed: no shot takes off any more, likewise
 */
struct roulette_state {
	/* a leaf */
	spinlock_t lock;
	struct roulette_rules rules;
	struct roulette_news news;
	unsigned int waiting;
	bool removed;
};

/* file.c */
extern const struct file_operations roulette_file_ops;

/* knobs.c */
extern struct roulette_knob *const roulette_knobs[];

/* news.c */
void roulette_news_init(struct roulette_news *news,
			struct roulette_device *rdev);
void roulette_news_begin(struct roulette_news *news);
void roulette_news_end(struct roulette_news *news);
void roulette_news_free(struct roulette_news *news);
void roulette_news_tell(struct roulette_news *news,
			const struct roulette_shot *shot);

#endif
