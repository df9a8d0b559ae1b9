// SPDX-License-Identifier: GPL-2.0
/* Actions that break the rules of locking and of atomic context. */
#include <linux/bottom_half.h>
#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/irqflags.h>
#include <linux/ktime.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

#include "action.h"
#include "compat.h"

/*
 * Without CONFIG_PREEMPT_COUNT only disabled softirqs are counted as atomic
 * context. On PREEMPT_RT disabled softirqs do not count.
 */
static void roulette_atomic_begin(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_disable();
	else
		local_bh_disable();
}

static void roulette_atomic_end(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_enable();
	else
		local_bh_enable();
}

/**
 * roulette_atomic_sleep() - sleep in atomic context
 * @mark: unused
 *
 * A softirq that an interrupt raises during the report runs at the end of the
 * next interrupt. If the CPU becomes idle before that, the kernel may log "NOHZ
 * tick-stop error".
 */
noinline void roulette_atomic_sleep(const struct roulette_mark *mark)
{
	int count;

	roulette_atomic_begin();
	count = preempt_count();
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_timeout(1);
	/* The kernel has ended the atomic context when it reported the sleep. */
	if (preempt_count() == count)
		roulette_atomic_end();
}

/**
 * struct roulette_deadlock - a CPU's lock for action deadlock
 * @lock: the lock; not a spinlock_t, because lockdep would report that at once,
 *	and it sleeps on PREEMPT_RT
 * @timer: releases @lock after @span
 * @span: duration of the deadlock in nanoseconds
 * @call: starts @timer on another CPU
 */
struct roulette_deadlock {
	arch_spinlock_t lock;
	struct hrtimer timer;
	u64 span;
	call_single_data_t call;
};

/* Used only while preemption is disabled, so by one task at a time. */
static DEFINE_PER_CPU(struct roulette_deadlock, roulette_deadlocks) = {
	.lock = __ARCH_SPIN_LOCK_UNLOCKED,
};

/*
 * CPUs in a deadlock with interrupts off. They start no timer for another CPU.
 * Each joins before it looks for a helper, so no two wait for each other.
 */
static struct cpumask roulette_deadlocked;

static enum hrtimer_restart roulette_deadlock_release(struct hrtimer *timer)
{
	struct roulette_deadlock *deadlock =
		container_of(timer, struct roulette_deadlock, timer);

	arch_spin_unlock(&deadlock->lock);
	return HRTIMER_NORESTART;
}

static void roulette_deadlock_start_timer(void *info)
{
	struct roulette_deadlock *deadlock = info;

	hrtimer_start(&deadlock->timer, ns_to_ktime(deadlock->span),
		      HRTIMER_MODE_REL_PINNED_HARD);
}

/* Return: a CPU that can start the timer, or nr_cpu_ids or more if none can. */
static unsigned int roulette_deadlock_helper(void)
{
	unsigned int cpu;

	/* Pairs with the barrier of any other CPU that joins. */
	smp_mb__after_atomic();
	for_each_online_cpu(cpu) {
		if (!cpumask_test_cpu(cpu, &roulette_deadlocked))
			break;
	}
	return cpu;
}

/* A CPU with interrupts off serves no timer, so another CPU must. */
static bool roulette_deadlock_limit(struct roulette_deadlock *deadlock, u32 seconds)
{
	unsigned int other;

	deadlock->span = (u64)seconds * NSEC_PER_SEC;
	hrtimer_setup(&deadlock->timer, roulette_deadlock_release,
		      CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	if (!irqs_disabled()) {
		roulette_deadlock_start_timer(deadlock);
		return true;
	}
	deadlock->call.func = roulette_deadlock_start_timer;
	deadlock->call.info = deadlock;
	other = roulette_deadlock_helper();
	return other < nr_cpu_ids &&
	       !smp_call_function_single_async(other, &deadlock->call);
}

/* Return: false if the lock could never be released. */
static bool roulette_lock_twice(u32 seconds)
{
	struct roulette_deadlock *deadlock = this_cpu_ptr(&roulette_deadlocks);
	unsigned int cpu = smp_processor_id();
	bool deaf = irqs_disabled();
	bool limited;

	if (deaf)
		cpumask_set_cpu(cpu, &roulette_deadlocked);
	arch_spin_lock(&deadlock->lock);
	limited = !seconds || roulette_deadlock_limit(deadlock, seconds);
	if (limited) {
		arch_spin_lock(&deadlock->lock);
		while (hrtimer_try_to_cancel(&deadlock->timer) < 0)
			cpu_relax();
	}
	arch_spin_unlock(&deadlock->lock);
	if (deaf)
		cpumask_clear_cpu(cpu, &roulette_deadlocked);
	return limited;
}

/**
 * roulette_deadlock() - wait for a spinlock that this CPU holds
 * @mark: device, label and hang_time
 *
 * The detectors report a soft lockup, or in hardirq context a hard lockup, in
 * the kernel's function that waits for a spinlock.
 */
noinline void roulette_deadlock(const struct roulette_mark *mark)
{
	bool locked;

	preempt_disable();
	locked = roulette_lock_twice(mark->hang_time);
	preempt_enable();
	if (locked)
		roulette_log_over(mark, "deadlock");
	else
		dev_emerg(&mark->rdev->dev,
			  "deadlock with interrupts off needs another CPU that takes interrupts and ends it, label \"%s\"\n",
			  mark->label);
}
