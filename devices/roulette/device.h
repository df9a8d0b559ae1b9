/* SPDX-License-Identifier: GPL-2.0 */
/* The private data of a device of type roulette. */
#ifndef ROULETTE_DEVICE_H
#define ROULETTE_DEVICE_H

#include <linux/fs.h>
#include <linux/ratelimit.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "pull/rules.h"
#include "roulette.h"

struct roulette_shot;

/*
 * Maximum number of uevents of a device per second. The queue has as many
 * places, because more would not be sent. With 10 places a device fits into
 * 2 KiB.
 */
#define ROULETTE_UEVENTS_DEVICE	10

/**
 * struct roulette_note - a queued uevent for a hit
 * @hit: number of the hit, from 1
 * @action: action of the hit
 * @label: the device's label at the time of the pull
 */
struct roulette_note {
	u64 hit;
	const struct roulette_action *action;
	char label[ROULETTE_LABEL_MAX + 1];
};

/**
 * struct roulette_news - notifications about a device's hits, see news.c
 * @rdev: the device
 * @hits_knob: the knob hits in sysfs, NULL before device_add()
 * @work: sends the notifications; only @work uses @limit
 * @limit: limit of the device's uevents per second
 * @lock: leaf lock; guards the members below
 * @enabled: true from roulette_news_begin() to roulette_news_end()
 * @queued: number of uevents to send
 * @first: index of the first of them
 * @notes: ring of the uevents to send
 */
struct roulette_news {
	struct roulette_device *rdev;
	struct kernfs_node *hits_knob;
	struct delayed_work work;
	struct ratelimit_state limit;
	/* Leaf lock. */
	spinlock_t lock;
	bool enabled;
	u8 queued;
	u8 first;
	struct roulette_note notes[ROULETTE_UEVENTS_DEVICE];
};

/**
 * struct roulette_state - private data of a device of type roulette
 * @lock: leaf lock; guards @rules, and the pulls and line of each open file of
 *	the device. Not held over a copy to user memory, or over a shot
 * @rules: knobs and counts
 * @news: notifications about hits
 * @waiting: number of shots with a delay that wait in their threads. A cancelled
 *	shot counts until its thread has run, see shot/takeoff.c
 * @pending: number of shots of @waiting that were pulled during @arming
 * @arming: roulette_arming at the start of the last wait
 * @removed: if true, no shot takes off any more, see shot/takeoff.c
 */
struct roulette_state {
	/* Leaf lock. */
	spinlock_t lock;
	struct roulette_rules rules;
	struct roulette_news news;
	unsigned int waiting;
	unsigned int pending;
	unsigned int arming;
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
void roulette_news_report(struct roulette_news *news,
			  const struct roulette_shot *shot);

#endif
