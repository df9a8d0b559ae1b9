// SPDX-License-Identifier: GPL-2.0
/*
 * What others hear of a hit: who polls the knob hits, and who listens to uevents,
 * udev say. A pull only notes it and goes on: telling needs memory, may sleep, and
 * is dear. After a quiet time it is done at once, else after ROULETTE_NEWS_REST, so
 * that many hits cost no more than one.
 */
#include <linux/jiffies.h>
#include <linux/kernfs.h>
#include <linux/kobject.h>
#include <linux/lockdep.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "actions/action.h"
#include "compat.h"
#include "device.h"

/* In jiffies. */
#define ROULETTE_NEWS_REST	DIV_ROUND_UP(HZ, 50)
/* A bit more than the second in which ROULETTE_NEWS_MAX hits are told. */
#define ROULETTE_NEWS_SPAN	(HZ + HZ / 10)

static struct roulette_note *roulette_news_note(struct roulette_news *news,
						u64 number)
{
	u32 index;

	div_u64_rem(number, ROULETTE_NEWS_MAX, &index);
	return &news->notes[index];
}

/* Return: whether there is one, which counts as told then. */
static bool roulette_news_take(struct roulette_news *news,
			       struct roulette_note *copy)
{
	struct roulette_note *note;
	bool any;

	spin_lock(&news->lock);
	any = news->told < news->noted;
	if (any) {
		note = roulette_news_note(news, news->told++);
		note->sent = get_jiffies_64();
		*copy = *note;
	}
	spin_unlock(&news->lock);
	return any;
}

static void roulette_news_send(struct roulette_news *news,
			       const struct roulette_note *note)
{
	char hit[40], action[40], label[ROULETTE_LABEL_MAX + 20];
	char *env[] = { hit, action, label, NULL };

	snprintf(hit, sizeof(hit), "ROULETTE_HIT=%llu", note->hit);
	snprintf(action, sizeof(action), "ROULETTE_ACTION=%s",
		 note->action->name);
	snprintf(label, sizeof(label), "ROULETTE_LABEL=%s", note->label);
	kobject_uevent_env(&news->rdev->dev.kobj, KOBJ_CHANGE, env);
}

static void roulette_news_work(struct work_struct *work)
{
	struct roulette_news *news = container_of(to_delayed_work(work),
						  struct roulette_news, work);
	struct roulette_note note;

	spin_lock(&news->lock);
	news->busy_until = get_jiffies_64() + ROULETTE_NEWS_REST;
	spin_unlock(&news->lock);
	if (news->hits)
		sysfs_notify_dirent(news->hits);
	while (roulette_news_take(news, &note))
		roulette_news_send(news, &note);
}

static void roulette_news_queue(struct roulette_news *news)
{
	bool rest;

	lockdep_assert_held(&news->lock);
	if (news->ended || delayed_work_pending(&news->work))
		return;
	rest = time_before64(get_jiffies_64(), news->busy_until);
	queue_delayed_work(system_dfl_wq, &news->work,
			   rest ? ROULETTE_NEWS_REST : 0);
}

/**
 * roulette_news_init() - before the device is seen by anybody
 * @news: the device's
 * @rdev: the device
 */
void roulette_news_init(struct roulette_news *news,
			struct roulette_device *rdev)
{
	news->rdev = rdev;
	spin_lock_init(&news->lock);
	INIT_DELAYED_WORK(&news->work, roulette_news_work);
	/* There is nothing to poll yet. */
	news->ended = true;
}

/**
 * roulette_news_begin() - when sysfs has the device, and nobody can pull yet
 * @news: the device's
 *
 * May sleep.
 */
void roulette_news_begin(struct roulette_news *news)
{
	news->hits = sysfs_get_dirent(news->rdev->dev.kobj.sd, "hits");
	/* Knobs can be written already. */
	spin_lock(&news->lock);
	news->ended = false;
	spin_unlock(&news->lock);
}

/**
 * roulette_news_end() - the device is being removed
 * @news: the device's
 *
 * Tells what rests. May sleep. Nothing is told from here on.
 */
void roulette_news_end(struct roulette_news *news)
{
	spin_lock(&news->lock);
	news->ended = true;
	spin_unlock(&news->lock);
	flush_delayed_work(&news->work);
}

/**
 * roulette_news_free() - the last reference to the device has gone
 * @news: the device's
 *
 * May sleep.
 */
void roulette_news_free(struct roulette_news *news)
{
	/* A device that failed last thing was not removed. */
	cancel_delayed_work_sync(&news->work);
	sysfs_put(news->hits);
}

/**
 * roulette_news_changed() - the knob hits has another value
 * @news: the device's
 *
 * Tells of it at once, and on any CPU: the one of the hit, whose timers a rest would
 * need, may be about to stand still. (News of another device that rest there do wait
 * for it.) Task context.
 */
void roulette_news_changed(struct roulette_news *news)
{
	spin_lock(&news->lock);
	if (!news->ended)
		mod_delayed_work(system_dfl_wq, &news->work, 0);
	spin_unlock(&news->lock);
}

/**
 * roulette_news_hit() - a hit that the machine has survived, or is about to
 * @news: the device's
 * @hit: its number among the hits
 * @action: its action
 * @label: its label
 *
 * As roulette_news_changed(), and a uevent; what is more than ROULETTE_NEWS_MAX of
 * these in a second is not sent. Task context.
 */
void roulette_news_hit(struct roulette_news *news, u64 hit,
		       const struct roulette_action *action, const char *label)
{
	struct roulette_note *note;

	spin_lock(&news->lock);
	/* The note that this one would take the place of. */
	note = roulette_news_note(news, news->noted);
	if (news->noted < ROULETTE_NEWS_MAX ||
	    (news->noted - news->told < ROULETTE_NEWS_MAX &&
	     time_after_eq64(get_jiffies_64(),
			     note->sent + ROULETTE_NEWS_SPAN))) {
		note->hit = hit;
		note->action = action;
		strscpy(note->label, label, sizeof(note->label));
		news->noted++;
	}
	roulette_news_queue(news);
	spin_unlock(&news->lock);
}
