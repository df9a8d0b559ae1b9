/* SPDX-License-Identifier: GPL-2.0 */
/* A device of type roulette. */
#ifndef ROULETTE_DEVICE_H
#define ROULETTE_DEVICE_H

#include <linux/fs.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "pull/rules.h"
#include "roulette.h"

/* Most hits of a device that are told by uevents within a second. */
#define ROULETTE_NEWS_MAX	10

/**
 * struct roulette_note - a hit that is to be told
 * @hit: its number among the hits, from 1
 * @action: what it did
 * @label: the device's label then
 * @sent: when it was told, in jiffies
 */
struct roulette_note {
	u64 hit;
	const struct roulette_action *action;
	char label[ROULETTE_LABEL_MAX + 1];
	u64 sent;
};

/**
 * struct roulette_news - what others hear of a device's hits, see news.c
 * @rdev: the device
 * @hits: the knob in sysfs, NULL before it is there
 * @work: tells
 * @lock: guards what follows. A leaf
 * @ended: nothing more is told
 * @busy_until: till then, in jiffies, hits that follow are told together
 * @noted: how many notes have been written
 * @told: how many of these have been told
 * @notes: the latest, by number modulo ROULETTE_NEWS_MAX
 */
struct roulette_news {
	struct roulette_device *rdev;
	struct kernfs_node *hits;
	struct delayed_work work;
	/* a leaf */
	spinlock_t lock;
	bool ended;
	u64 busy_until;
	u64 noted;
	u64 told;
	struct roulette_note notes[ROULETTE_NEWS_MAX];
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
void roulette_rules_reseed(struct roulette_rules *rules, u64 seed);

/* news.c */
void roulette_news_init(struct roulette_news *news,
			struct roulette_device *rdev);
void roulette_news_begin(struct roulette_news *news);
void roulette_news_end(struct roulette_news *news);
void roulette_news_free(struct roulette_news *news);
void roulette_news_changed(struct roulette_news *news);
void roulette_news_hit(struct roulette_news *news, u64 hit,
		       const struct roulette_action *action, const char *label);

#endif
