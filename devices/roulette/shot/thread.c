// SPDX-License-Identifier: GPL-2.0
/*
 * Shots that act in a kernel thread named after the reader, or in an interrupt
 * on top of the thread. With context process, a shot without a delay comes here
 * only if the request is asynchronous. If its action kills the thread, the
 * reader is killed, too.
 *
 * A thread holds a reference to the device from the start, but takes one to the
 * module only before the take-off. So an unload of the module can remove the
 * device, which cancels the shot. A thread that may die of its shot drops both
 * references before the action.
 */
#include <linux/bottom_half.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/processor.h>
#include <linux/refcount.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "compat.h"
#include "shot.h"

/**
 * struct roulette_thread - a shot that acts in a thread
 * @entry: the thread, for module exit
 * @users: number of references: one of @entry until the thread has exited, and
 *	one of the reader until its read ends
 * @timer: raises the interrupt for context softirq or hardirq
 * @shot: the shot, with a reference to the device
 */
struct roulette_thread {
	struct roulette_task entry;
	refcount_t users;
	struct hrtimer timer;
	struct roulette_shot shot;
};

static void roulette_thread_put(struct roulette_thread *thread)
{
	if (refcount_dec_and_test(&thread->users))
		kfree(thread);
}

static void roulette_thread_free(struct roulette_task *entry)
{
	roulette_thread_put(container_of(entry, struct roulette_thread, entry));
}

static enum hrtimer_restart roulette_thread_interrupt(struct hrtimer *timer)
{
	struct roulette_thread *thread =
		container_of(timer, struct roulette_thread, timer);

	roulette_act(thread->shot.action, &thread->shot.mark);
	return HRTIMER_NORESTART;
}

/*
 * Spins so that the interrupt hits this task. Any other task that it hits might
 * hold a lock, and die with it.
 */
static void roulette_act_in_hardirq(struct roulette_thread *thread)
{
	hrtimer_setup(&thread->timer, roulette_thread_interrupt,
		      CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	preempt_disable();
	hrtimer_start(&thread->timer, 0, HRTIMER_MODE_REL_PINNED_HARD);
	while (hrtimer_active(&thread->timer))
		cpu_relax();
	preempt_enable();
}

/* Except on PREEMPT_RT, local_bh_enable() runs the softirq in this task. */
static void roulette_act_in_softirq(struct roulette_thread *thread)
{
	hrtimer_setup(&thread->timer, roulette_thread_interrupt,
		      CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_SOFT);
	local_bh_disable();
	hrtimer_start(&thread->timer, 0, HRTIMER_MODE_REL_PINNED_SOFT);
	while (!IS_ENABLED(CONFIG_PREEMPT_RT) &&
	       !(local_softirq_pending() & BIT(HRTIMER_SOFTIRQ)))
		cpu_relax();
	local_bh_enable();
	while (hrtimer_active(&thread->timer))
		schedule_timeout_idle(1);
}

static bool roulette_thread_may_die(const struct roulette_shot *shot)
{
	return shot->action->kills && shot->context != ROULETTE_SOFTIRQ &&
	       shot->context != ROULETTE_HARDIRQ;
}

/*
 * Holds no reference to device and module while it acts. Module exit waits for
 * this thread even without a module reference.
 */
static void roulette_thread_act_or_die(struct roulette_shot *shot)
{
	roulette_put(shot->rdev);
	shot->mark.rdev = NULL;
	module_put(THIS_MODULE);
	roulette_act(shot->action, &shot->mark);
	/* The thread has survived. */
	roulette_shot_over(shot);
}

static void roulette_thread_act(struct roulette_thread *thread)
{
	struct roulette_shot *shot = &thread->shot;

	switch (shot->context) {
	case ROULETTE_SOFTIRQ:
		roulette_act_in_softirq(thread);
		break;
	case ROULETTE_HARDIRQ:
		roulette_act_in_hardirq(thread);
		break;
	default:
		roulette_act(shot->action, &shot->mark);
	}
}

/* Converts @ms to jiffies, rounded up and limited to the longest timeout. */
static unsigned long roulette_delay(u32 ms)
{
	u64 ticks = div_u64((u64)ms * HZ + MSEC_PER_SEC - 1, MSEC_PER_SEC);

	return min_t(u64, ticks, MAX_JIFFY_OFFSET);
}

static void roulette_thread_over(struct roulette_shot *shot)
{
	roulette_shot_over(shot);
	roulette_put(shot->rdev);
}

static int roulette_thread_run(void *data)
{
	struct roulette_thread *thread = data;
	struct roulette_shot *shot = &thread->shot;

	if (shot->delay_ms)
		wait_event_idle_timeout(roulette_shots_wait,
					roulette_shot_unwanted(shot),
					roulette_delay(shot->delay_ms));
	/* Fails if the module is being unloaded. */
	if (!try_module_get(THIS_MODULE)) {
		roulette_shot_cancel(shot, -ENODEV);
		roulette_thread_over(shot);
		return 0;
	}
	if (!roulette_shot_take_off(shot)) {
		if (roulette_thread_may_die(shot)) {
			roulette_thread_act_or_die(shot);
			return 0;
		}
		roulette_thread_act(thread);
	}
	roulette_thread_over(shot);
	module_put_and_kthread_exit(0);
	return 0;
}

static struct roulette_thread *roulette_thread_create(const struct roulette_shot *shot)
{
	struct roulette_thread *thread = kzalloc(sizeof(*thread), GFP_KERNEL);
	struct task_struct *task;

	if (!thread)
		return ERR_PTR(-ENOMEM);
	task = kthread_create(roulette_thread_run, thread, "%d/%s", shot->pid,
			      shot->comm);
	if (IS_ERR(task)) {
		kfree(thread);
		/* EAGAIN (too many threads) would ask the reader to retry. */
		return task == ERR_PTR(-EAGAIN) ? ERR_PTR(-ENOMEM) :
						  ERR_CAST(task);
	}
	/* A thread that only replaces the reader may run on any CPU. */
	if (shot->context != ROULETTE_PROCESS || shot->delay_ms)
		kthread_bind(task, shot->cpu);
	thread->shot = *shot;
	thread->entry.task = task;
	thread->entry.free = roulette_thread_free;
	refcount_set(&thread->users, 2);
	get_device(&shot->rdev->dev);
	return thread;
}

/*
 * A thread that dies wakes no reader, so the reader polls. Return: err of the
 * shot, or -EINTR if the reader was killed.
 */
static int roulette_thread_wait(struct roulette_thread *thread,
				struct task_struct *task)
{
	struct roulette_shot *shot = &thread->shot;
	long tick = roulette_thread_may_die(shot) ? 1 : MAX_SCHEDULE_TIMEOUT;
	long ret;

	do {
		ret = wait_event_killable_timeout(roulette_shots_wait,
						  roulette_shot_is_over(shot) ||
						  roulette_task_exiting(task),
						  tick);
	} while (!ret);
	if (ret < 0)
		return -EINTR;
	return roulette_shot_err(shot);
}

/**
 * roulette_shoot_in_thread() - let a shot act in a thread
 * @shot: the shot, which is copied
 *
 * Without a delay, waits until the shot is over or the reader is killed. If the
 * reader is killed meanwhile, the shot still acts.
 *
 * Context: Process context, in the read, with no lock held. May sleep.
 *
 * Return: 0; -ECANCELED or -ENODEV if the shot was cancelled; -EINTR if the
 * reader was killed, by the shot or otherwise; another negative errno if the
 * shot could not be prepared.
 */
int roulette_shoot_in_thread(struct roulette_shot *shot)
{
	struct roulette_thread *thread;
	struct task_struct *task;
	int err;

	roulette_tasks_prune();
	err = roulette_shot_prepare(shot);
	if (err)
		return err;
	thread = roulette_thread_create(shot);
	if (IS_ERR(thread))
		return roulette_shot_cancel(shot, PTR_ERR(thread));
	/* At level crit, journald writes the line to disk at once. */
	if (shot->delay_ms)
		dev_crit(&shot->rdev->dev,
			 "pull %llu: action %s fires in %u ms, label \"%s\"\n",
			 shot->number, shot->action->name, shot->delay_ms,
			 shot->mark.label);
	task = get_task_struct(thread->entry.task);
	roulette_tasks_add(&thread->entry);
	wake_up_process(task);
	if (!shot->delay_ms)
		err = roulette_thread_wait(thread, task);
	/* If the thread has died in place of the reader, the reader dies, too. */
	if (!err && !shot->delay_ms && shot->action->kills &&
	    shot->context == ROULETTE_PROCESS &&
	    !roulette_shot_is_over(&thread->shot)) {
		send_sig(SIGKILL, current, 1);
		err = -EINTR;
	}
	put_task_struct(task);
	roulette_thread_put(thread);
	return err;
}
