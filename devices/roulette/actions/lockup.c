// SPDX-License-Identifier: GPL-2.0
/*
 * Actions that keep CPUs or tasks from going on. Each ends by itself after
 * hang_time seconds and takes no lock that anybody else wants.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/nmi.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/timekeeping.h>

#include "action.h"

/*
 * Adds up what passes between two looks at the clock, since where all CPUs stand
 * still nobody keeps it: it may begin anew, after a few seconds, or not move.
 * Then the delay counts for what it is meant to be.
 *
 * @quiet: without the soft lockup detector hearing of it.
 */
static void roulette_spin(u32 seconds, bool quiet)
{
	u64 last = ktime_get_mono_fast_ns();
	u64 spent = 0;

	while (!seconds || spent < (u64)seconds * NSEC_PER_SEC) {
		u64 now;

		mdelay(1);
		now = ktime_get_mono_fast_ns();
		spent += now > last ? now - last : NSEC_PER_MSEC;
		last = now;
		if (quiet)
			touch_softlockup_watchdog();
	}
}

static void roulette_over(const struct roulette_mark *mark, const char *what)
{
	dev_emerg(&mark->rdev->dev, "%s is over after %u s, label \"%s\"\n",
		  what, mark->hang_time, mark->label);
}

/**
 * roulette_hung_task() - sleep so that no signal wakes
 * @mark: for how long
 *
 * One sleep: the detector looks for a task that has not been switched to.
 */
noinline void roulette_hung_task(const struct roulette_mark *mark)
{
	u64 end = get_jiffies_64() + (u64)mark->hang_time * HZ;
	u64 now = get_jiffies_64();

	while (!mark->hang_time || time_before64(now, end)) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule_timeout(mark->hang_time ?
				 min_t(u64, end - now, MAX_JIFFY_OFFSET) :
				 MAX_SCHEDULE_TIMEOUT);
		now = get_jiffies_64();
	}
	roulette_over(mark, "hung_task");
}

/**
 * roulette_soft_lockup() - keep a CPU from switching to another task
 * @mark: for how long
 */
noinline void roulette_soft_lockup(const struct roulette_mark *mark)
{
	preempt_disable();
	roulette_spin(mark->hang_time, false);
	preempt_enable();
	roulette_over(mark, "soft_lockup");
}

static void roulette_hang_here(u32 seconds)
{
	unsigned long flags;

	local_irq_save(flags);
	roulette_spin(seconds, false);
	local_irq_restore(flags);
}

/**
 * roulette_hard_lockup() - keep a CPU from taking interrupts
 * @mark: for how long
 */
noinline void roulette_hard_lockup(const struct roulette_mark *mark)
{
	roulette_hang_here(mark->hang_time);
	roulette_over(mark, "hard_lockup");
}

/* Under who has made roulette_hanging more than 0. */
static DEFINE_PER_CPU(call_single_data_t, roulette_hang_call);

/* CPUs that hang or have been asked to, and who asks. */
static atomic_t roulette_hanging = ATOMIC_INIT(0);

static void roulette_hang_other(void *seconds)
{
	roulette_hang_here((uintptr_t)seconds);
	atomic_dec(&roulette_hanging);
}

static void roulette_hang_others(u32 seconds)
{
	call_single_data_t *call;
	int cpu;

	for_each_online_cpu(cpu) {
		if (cpu == smp_processor_id())
			continue;
		call = per_cpu_ptr(&roulette_hang_call, cpu);
		call->func = roulette_hang_other;
		call->info = (void *)(uintptr_t)seconds;
		atomic_inc(&roulette_hanging);
		if (smp_call_function_single_async(cpu, call))
			atomic_dec(&roulette_hanging);
	}
}

/**
 * roulette_hang() - keep all CPUs from taking interrupts
 * @mark: for how long
 *
 * Whoever would feed a hardware watchdog hangs, too. Of two that come at once the
 * second asks nobody, and its CPU stands still for both, one after the other.
 */
noinline void roulette_hang(const struct roulette_mark *mark)
{
	bool first;

	preempt_disable();
	first = !atomic_cmpxchg(&roulette_hanging, 0, 1);
	if (first)
		roulette_hang_others(mark->hang_time);
	roulette_hang_here(mark->hang_time);
	if (first)
		atomic_dec(&roulette_hanging);
	preempt_enable();
	roulette_over(mark, "hang");
}

/**
 * roulette_hangs_wait() - wait until no CPU hangs or is asked to
 *
 * Context: Module exit. May sleep.
 */
void roulette_hangs_wait(void)
{
	/*
	 * Who has just said so may be on its last instructions here, with
	 * interrupts off: the unloading that follows waits for those.
	 */
	while (atomic_read(&roulette_hanging))
		usleep_range(1000, 2000);
}

/**
 * roulette_rcu_stall() - keep RCU waiting for a CPU
 * @mark: for how long
 *
 * Where RCU's readers can be preempted, other tasks go on; where they cannot,
 * this is a soft lockup as well, which is kept quiet: each would hide the other.
 */
noinline void roulette_rcu_stall(const struct roulette_mark *mark)
{
	rcu_read_lock();
	roulette_spin(mark->hang_time, true);
	rcu_read_unlock();
	roulette_over(mark, "rcu_stall");
}
