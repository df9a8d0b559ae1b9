// SPDX-License-Identifier: GPL-2.0
/*
 * Shots that come elsewhere than in the reader: in a kernel thread named after
 * it, or in an interrupt of its CPU, which such a thread brings about; at once,
 * or later. A stand-in is one that dies in place of a reader who must not: whose
 * request is not synchronous, since its task may be a worker, which io_uring
 * waits for, or be holding locks of io_uring.
 *
 * A thread that waits for its time holds a reference to the device but none to the
 * module: removing the device, unloading the module included, cancels it. From when
 * it acts on it holds both, unless it dies of it.
 */
#include <linux/bottom_half.h>
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/processor.h>
#include <linux/refcount.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "compat.h"
#include "device.h"
#include "shot.h"

/**
 * struct roulette_launch - a shot that comes in a thread of its own
 * @victim: the thread
 * @rdev: the device, a reference
 * @hit: the hit
 * @users: the thread, and who launched it
 * @pending: in the device's list until it acts, under roulette_pending_lock
 * @cancelled: the device has been removed; written under roulette_pending_lock
 * @timer: brings about the interrupt, with context hardirq
 * @tasklet: likewise with softirq
 * @acted: the action there is over
 * @started: the thread runs
 * @over: the shot is
 */
struct roulette_launch {
	struct roulette_victim victim;
	struct roulette_device *rdev;
	struct roulette_hit hit;
	refcount_t users;
	struct list_head pending;
	bool cancelled;
	union {
		struct hrtimer timer;
		struct tasklet_struct tasklet;
	};
	bool acted;
	struct completion started;
	struct completion over;
};

/* Guards the lists of pending shots of all devices. A leaf. */
static DEFINE_SPINLOCK(roulette_pending_lock);

/* Where threads wait for their time, and for their interrupt. */
static DECLARE_WAIT_QUEUE_HEAD(roulette_launches);

static void roulette_launch_put(struct roulette_launch *launch)
{
	if (refcount_dec_and_test(&launch->users))
		kfree(launch);
}

static void roulette_launch_free(struct roulette_victim *victim)
{
	roulette_launch_put(container_of(victim, struct roulette_launch,
					 victim));
}

static void roulette_interrupt(struct roulette_launch *launch)
{
	roulette_act(launch->hit.action, &launch->hit.mark);
	WRITE_ONCE(launch->acted, true);
	/* Whose references to what is here it holds till it has been woken. */
	wake_up_process(launch->victim.task);
}

static enum hrtimer_restart roulette_hardirq(struct hrtimer *timer)
{
	roulette_interrupt(container_of(timer, struct roulette_launch, timer));
	return HRTIMER_NORESTART;
}

static void roulette_softirq(struct tasklet_struct *tasklet)
{
	roulette_interrupt(container_of(tasklet, struct roulette_launch,
					tasklet));
}

/* What is interrupted is this task: of all tasks another might hold a lock. */
static void roulette_act_in_hardirq(struct roulette_launch *launch)
{
	hrtimer_setup(&launch->timer, roulette_hardirq, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
	preempt_disable();
	hrtimer_start(&launch->timer, 0, HRTIMER_MODE_REL_PINNED_HARD);
	while (!READ_ONCE(launch->acted))
		cpu_relax();
	preempt_enable();
	/* Till it is out of our code. */
	hrtimer_cancel(&launch->timer);
}

/* Likewise: a tasklet runs where softirqs are enabled again. */
static void roulette_act_in_softirq(struct roulette_launch *launch)
{
	tasklet_setup(&launch->tasklet, roulette_softirq);
	local_bh_disable();
	tasklet_schedule(&launch->tasklet);
	local_bh_enable();
	wait_event_idle(roulette_launches, READ_ONCE(launch->acted));
	/* Till it is out of our code. */
	tasklet_kill(&launch->tasklet);
}

/* With references to module and device. */
static void roulette_act_there(struct roulette_launch *launch)
{
	const struct roulette_hit *hit = &launch->hit;

	switch (hit->context) {
	case ROULETTE_SOFTIRQ:
		roulette_act_in_softirq(launch);
		break;
	case ROULETTE_HARDIRQ:
		roulette_act_in_hardirq(launch);
		break;
	default:
		roulette_act(hit->action, &hit->mark);
	}
}

/* As this thread dies of it, all is dropped before; module exit waits for it. */
static void __noreturn roulette_die_there(struct roulette_launch *launch)
{
	const struct roulette_hit *hit = &launch->hit;

	roulette_shot_tell(hit, launch->rdev);
	roulette_put(launch->rdev);
	launch->hit.mark.rdev = NULL;
	module_put(THIS_MODULE);
	roulette_act_and_die(hit->action, &hit->mark);
}

static bool roulette_dies_there(const struct roulette_hit *hit)
{
	return hit->action->kills && hit->context != ROULETTE_SOFTIRQ &&
	       hit->context != ROULETTE_HARDIRQ;
}

/*
 * Return: NULL if the shot comes, with the module pinned, or else why it does
 * not.
 */
static const char *roulette_take_off(struct roulette_launch *launch)
{
	const char *why = NULL;

	spin_lock(&roulette_pending_lock);
	if (launch->cancelled || !try_module_get(THIS_MODULE)) {
		why = "the device was removed";
	} else if (!READ_ONCE(roulette_armed) ||
		   launch->hit.disarms != READ_ONCE(roulette_disarms)) {
		module_put(THIS_MODULE);
		why = "armed was set to N";
	}
	list_del_init(&launch->pending);
	spin_unlock(&roulette_pending_lock);
	return why;
}

/* Rounded up; what is more than the kernel can wait for, is that. */
static unsigned long roulette_delay(u32 ms)
{
	u64 ticks = div_u64((u64)ms * HZ + MSEC_PER_SEC - 1, MSEC_PER_SEC);

	return min_t(u64, ticks, MAX_JIFFY_OFFSET);
}

static bool roulette_called_off(const struct roulette_launch *launch)
{
	return READ_ONCE(launch->cancelled) ||
	       launch->hit.disarms != READ_ONCE(roulette_disarms);
}

static int roulette_launched(void *data)
{
	struct roulette_launch *launch = data;
	const struct roulette_hit *hit = &launch->hit;
	const char *why;

	complete(&launch->started);
	if (hit->delay_ms) {
		wait_event_idle_timeout(roulette_launches,
					roulette_called_off(launch),
					roulette_delay(hit->delay_ms));
		why = roulette_take_off(launch);
		if (why) {
			dev_notice(&launch->rdev->dev,
				   "pull %llu: action %s is cancelled, %s, label \"%s\"\n",
				   hit->number, hit->action->name, why,
				   hit->mark.label);
			roulette_put(launch->rdev);
			return 0;
		}
		roulette_shot_log(hit, launch->rdev, 0);
	}
	if (roulette_dies_there(hit))
		roulette_die_there(launch);
	roulette_act_there(launch);
	roulette_shot_tell(hit, launch->rdev);
	roulette_put(launch->rdev);
	complete(&launch->over);
	module_put_and_kthread_exit(0);
	return 0;
}

/**
 * roulette_cancel() - keep what is pending of a removed device from coming
 * @state: the device's
 *
 * Process context.
 */
void roulette_cancel(struct roulette_state *state)
{
	struct roulette_launch *launch, *next;

	spin_lock(&roulette_pending_lock);
	list_for_each_entry_safe(launch, next, &state->pending, pending) {
		list_del_init(&launch->pending);
		WRITE_ONCE(launch->cancelled, true);
	}
	spin_unlock(&roulette_pending_lock);
	wake_up_all(&roulette_launches);
}

/**
 * roulette_disarmed() - keep from coming what is pending of all devices
 *
 * Process context, when roulette_disarms has another value.
 */
void roulette_disarmed(void)
{
	wake_up_all(&roulette_launches);
}

/* Each pending shot is a thread, which the machine has only so many of. */
static bool roulette_pending_full(struct roulette_state *state)
{
	struct list_head *each;
	unsigned int count = 0;

	spin_lock(&roulette_pending_lock);
	list_for_each(each, &state->pending)
		count++;
	spin_unlock(&roulette_pending_lock);
	return count >= ROULETTE_PENDING_MAX;
}

/* Unless the device has been removed meanwhile. */
static void roulette_pend(struct roulette_launch *launch,
			  struct roulette_device *rdev)
{
	struct roulette_state *state = rdev->priv;

	spin_lock(&roulette_pending_lock);
	launch->cancelled = roulette_gone(rdev);
	if (!launch->cancelled)
		list_add(&launch->pending, &state->pending);
	spin_unlock(&roulette_pending_lock);
}

static struct roulette_launch *roulette_launch_prepare(struct roulette_hit *hit)
{
	struct roulette_launch *launch = kzalloc(sizeof(*launch), GFP_KERNEL);
	struct task_struct *task;

	if (!launch)
		return ERR_PTR(-ENOMEM);
	task = kthread_create(roulette_launched, launch, "%d/%s", hit->pid,
			      hit->comm);
	if (IS_ERR(task)) {
		kfree(launch);
		/* Of a thread's many parts, some that lack memory say so. */
		return task == ERR_PTR(-EAGAIN) ? ERR_PTR(-ENOMEM) :
						  ERR_CAST(task);
	}
	/* A stand-in may die anywhere. */
	if (hit->context != ROULETTE_PROCESS || hit->delay_ms)
		kthread_bind(task, hit->cpu);
	launch->hit = *hit;
	launch->victim.task = task;
	launch->victim.free = roulette_launch_free;
	refcount_set(&launch->users, 2);
	INIT_LIST_HEAD(&launch->pending);
	init_completion(&launch->started);
	init_completion(&launch->over);
	return launch;
}

/* Until the thread is dead, which is a moment, or has acted. */
static int roulette_launch_wait(struct roulette_launch *launch,
				struct task_struct *task)
{
	if (!roulette_dies_there(&launch->hit))
		return wait_for_completion_killable(&launch->over) ? -EINTR : 0;
	/* Without this a quick kthread_stop() would keep it from running. */
	if (wait_for_completion_killable(&launch->started))
		return -EINTR;
	kthread_stop(task);
	return 0;
}

/**
 * roulette_launch() - log a hit and act in a thread, or bring it about there
 * @hit: the hit
 * @rdev: the device
 *
 * Called in the read, with no lock held. May sleep: without a delay until the
 * shot is over, or the reader is killed. The open file pins the module.
 *
 * Return: 0, or an errno if the shot could not be prepared, -EBUSY if too many are
 * pending; -EINTR if the reader was killed.
 */
int roulette_launch(struct roulette_hit *hit, struct roulette_device *rdev)
{
	struct roulette_launch *launch;
	struct task_struct *task;
	int err;

	roulette_victims_prune();
	if (hit->delay_ms && roulette_pending_full(rdev->priv))
		launch = ERR_PTR(-EBUSY);
	else
		launch = roulette_launch_prepare(hit);
	err = PTR_ERR_OR_ZERO(launch);
	if (err || !hit->delay_ms)
		roulette_shot_log(hit, rdev, err);
	if (err)
		return err;
	task = get_task_struct(launch->victim.task);
	roulette_victims_add(&launch->victim);
	launch->rdev = rdev;
	/* The open file has one. */
	get_device(&rdev->dev);
	if (hit->delay_ms) {
		roulette_pend(launch, rdev);
		/* So high that a journal is written to disk before the shot. */
		dev_crit(&rdev->dev,
			 "pull %llu: action %s comes in %u ms, label \"%s\"\n",
			 hit->number, hit->action->name, hit->delay_ms,
			 hit->mark.label);
	} else {
		/* What is prepared comes. The open file has one of these, too. */
		__module_get(THIS_MODULE);
	}
	wake_up_process(task);
	if (!hit->delay_ms)
		err = roulette_launch_wait(launch, task);
	put_task_struct(task);
	roulette_launch_put(launch);
	return err;
}
