// SPDX-License-Identifier: GPL-2.0
/*
 * What others hear of a hit: who polls the knob hits, and who listens to uevents,
 * such as udev. A pull only queues the news: telling may sleep, and needs memory.
 */
#include <linux/jiffies.h>
#include <linux/kernfs.h>
#include <linux/kobject.h>
#include <linux/lockdep.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "actions/action.h"
#include "compat.h"
#include "device.h"
#include "shot/shot.h"

/* Jiffies by which the news of a hit of action none is delayed. */
#define ROULETTE_NEWS_REST	DIV_ROUND_UP(HZ, 50)

/* Most uevents of hits in a second: of a device, and of all devices together. */
#define ROULETTE_UEVENTS_DEVICE	10
#define ROULETTE_UEVENTS_ALL	100

/* Guards roulette_uevents, since __ratelimit() refuses while another CPU is in it. */
static DEFINE_SPINLOCK(roulette_uevents_lock);
static struct ratelimit_state roulette_uevents =
	RATELIMIT_STATE_INIT_FLAGS(roulette_uevents, HZ, ROULETTE_UEVENTS_ALL,
				   RATELIMIT_MSG_ON_RELEASE);

static bool roulette_news_may_send(struct roulette_news *news)
{
	bool may;

	if (!__ratelimit(&news->limit))
		return false;
	spin_lock(&roulette_uevents_lock);
	may = __ratelimit(&roulette_uevents);
	spin_unlock(&roulette_uevents_lock);
	return may;
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

	if (news->hits_knob)
		sysfs_notify_dirent(news->hits_knob);
	/* Nobody else takes notes out, so no lock is needed for it. */
	while (kfifo_get(&news->notes, &note)) {
		if (roulette_news_may_send(news))
			roulette_news_send(news, &note);
	}
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
	INIT_KFIFO(news->notes);
	ratelimit_state_init(&news->limit, HZ, ROULETTE_UEVENTS_DEVICE);
	ratelimit_set_flags(&news->limit, RATELIMIT_MSG_ON_RELEASE);
}

/**
 * roulette_news_begin() - when sysfs has the device, and nobody can pull yet
 * @news: the device's
 *
 * Context: Process context. May sleep.
 */
void roulette_news_begin(struct roulette_news *news)
{
	news->hits_knob = sysfs_get_dirent(news->rdev->dev.kobj.sd, "hits");
	/* Knobs can be written already. */
	spin_lock(&news->lock);
	news->telling = true;
	spin_unlock(&news->lock);
}

/**
 * roulette_news_end() - the device is being removed
 * @news: the device's
 *
 * Tells what is queued. Nothing is told from here on.
 *
 * Context: Process context. May sleep.
 */
void roulette_news_end(struct roulette_news *news)
{
	spin_lock(&news->lock);
	news->telling = false;
	spin_unlock(&news->lock);
	flush_delayed_work(&news->work);
}

/**
 * roulette_news_free() - the last reference to the device has gone
 * @news: the device's
 *
 * Context: Process context. May sleep.
 */
void roulette_news_free(struct roulette_news *news)
{
	sysfs_put(news->hits_knob);
}

static void roulette_news_note(struct roulette_news *news,
			       const struct roulette_shot *shot)
{
	struct roulette_note note = {
		.hit = shot->hit,
		.action = shot->action,
	};

	lockdep_assert_held(&news->lock);
	strscpy(note.label, shot->mark.label, sizeof(note.label));
	kfifo_put(&news->notes, note);
}

/**
 * roulette_news_tell() - the knob hits has another value, or a shot takes off
 * @news: the device's
 * @shot: the shot, for a uevent, which is not sent if ROULETTE_UEVENTS_DEVICE of the
 *	device were within a second, or ROULETTE_UEVENTS_ALL of all devices; or NULL
 *
 * The work runs at once, and on any CPU: the caller's CPU may be about to stop, and
 * with it the timer of a delayed work. Only the news of action none is delayed, so that
 * many hits are told together: a work for each would cost as much as ten pulls.
 *
 * Context: Task context.
 */
void roulette_news_tell(struct roulette_news *news,
			const struct roulette_shot *shot)
{
	spin_lock(&news->lock);
	if (!news->telling)
		goto unlock;
	if (shot && !kfifo_is_full(&news->notes))
		roulette_news_note(news, shot);
	if (shot && !shot->action->act)
		queue_delayed_work(system_dfl_wq, &news->work,
				   ROULETTE_NEWS_REST);
	else
		mod_delayed_work(system_dfl_wq, &news->work, 0);
unlock:
	spin_unlock(&news->lock);
}
