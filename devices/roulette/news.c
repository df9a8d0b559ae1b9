// SPDX-License-Identifier: GPL-2.0
/*
 * Notifications about hits: poll() on the knob hits, and uevents, for example
 * for udev. A pull queues them, because sending needs memory and may sleep.
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

/* Delay of notifications about hits of action none: 20 ms, in jiffies. */
#define ROULETTE_NEWS_DELAY	DIV_ROUND_UP(HZ, 50)

/* Maximum number of uevents per second of all devices. */
#define ROULETTE_UEVENTS_ALL	100

/* Without this lock, __ratelimit() fails if another CPU is running it, too. */
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

/* Takes the first note of the queue. Return: false if the queue is empty. */
static bool roulette_news_take(struct roulette_news *news,
			       struct roulette_note *note)
{
	bool taken;

	spin_lock(&news->lock);
	taken = news->queued;
	if (taken) {
		*note = news->notes[news->first];
		news->first = (news->first + 1) % ROULETTE_UEVENTS_DEVICE;
		news->queued--;
	}
	spin_unlock(&news->lock);
	return taken;
}

static void roulette_news_work(struct work_struct *work)
{
	struct roulette_news *news = container_of(to_delayed_work(work),
						  struct roulette_news, work);
	struct roulette_note note;

	if (news->hits_knob)
		sysfs_notify_dirent(news->hits_knob);
	while (roulette_news_take(news, &note)) {
		if (roulette_news_may_send(news))
			roulette_news_send(news, &note);
	}
}

/**
 * roulette_news_init() - initialise the notifications of a new device
 * @news: the device's notifications
 * @rdev: the device, not visible yet
 *
 * Context: Process context.
 */
void roulette_news_init(struct roulette_news *news,
			struct roulette_device *rdev)
{
	news->rdev = rdev;
	spin_lock_init(&news->lock);
	INIT_DELAYED_WORK(&news->work, roulette_news_work);
	ratelimit_state_init(&news->limit, HZ, ROULETTE_UEVENTS_DEVICE);
	ratelimit_set_flags(&news->limit, RATELIMIT_MSG_ON_RELEASE);
}

/**
 * roulette_news_begin() - start the notifications
 * @news: notifications of a device that is in sysfs, but cannot be opened yet
 *
 * Context: Process context. May sleep.
 */
void roulette_news_begin(struct roulette_news *news)
{
	news->hits_knob = sysfs_get_dirent(news->rdev->dev.kobj.sd, "hits");
	/* A write to the knob reset may already call roulette_news_report(). */
	spin_lock(&news->lock);
	news->enabled = true;
	spin_unlock(&news->lock);
}

/**
 * roulette_news_end() - stop the notifications
 * @news: notifications of a device that is being removed
 *
 * Sends the queued notifications. Later notifications are dropped.
 *
 * Context: Process context. May sleep.
 */
void roulette_news_end(struct roulette_news *news)
{
	spin_lock(&news->lock);
	news->enabled = false;
	spin_unlock(&news->lock);
	flush_delayed_work(&news->work);
}

/**
 * roulette_news_free() - free the notifications with the device
 * @news: the device's notifications
 *
 * Context: Process context. May sleep.
 */
void roulette_news_free(struct roulette_news *news)
{
	sysfs_put(news->hits_knob);
}

static void roulette_news_add(struct roulette_news *news,
			      const struct roulette_shot *shot)
{
	struct roulette_note *note;

	lockdep_assert_held(&news->lock);
	if (news->queued == ROULETTE_UEVENTS_DEVICE)
		return;
	note = &news->notes[(news->first + news->queued) %
			    ROULETTE_UEVENTS_DEVICE];
	note->hit = shot->hit;
	note->action = shot->action;
	strscpy(note->label, shot->mark.label, sizeof(note->label));
	news->queued++;
}

/**
 * roulette_news_report() - queue the notifications about a hit, shot or reset
 * @news: the device's notifications
 * @shot: the shot that the uevent reports, or NULL for no uevent. Uevents above
 *	ROULETTE_UEVENTS_DEVICE or ROULETTE_UEVENTS_ALL per second are dropped
 *
 * The work runs without a delay and on any CPU, because the caller's CPU may be
 * about to lock up. One run costs as much as ten pulls. So hits of action none,
 * which lock up no CPU, are delayed and reported together.
 *
 * Context: Process context.
 */
void roulette_news_report(struct roulette_news *news,
			  const struct roulette_shot *shot)
{
	spin_lock(&news->lock);
	if (!news->enabled)
		goto unlock;
	if (shot)
		roulette_news_add(news, shot);
	if (shot && !shot->action->act)
		queue_delayed_work(system_dfl_wq, &news->work,
				   ROULETTE_NEWS_DELAY);
	else
		mod_delayed_work(system_dfl_wq, &news->work, 0);
unlock:
	spin_unlock(&news->lock);
}
