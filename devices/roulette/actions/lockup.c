// SPDX-License-Identifier: GPL-2.0
/*
 * Actions that block CPUs or tasks. Each ends after hang_time seconds, unless
 * hang_time is 0, and takes no lock that other code needs.
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
 * Spins for @seconds, or for ever if 0. While all CPUs hang, nothing updates
 * the clock: it may jump back after a few seconds, or stand still. A round
 * in which the clock does not advance counts as the 1 ms of its mdelay().
 *
 * @quiet: keep the soft lockup detector silent.
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

/**
 * roulette_log_over() - log that a lockup has ended
 * @mark: device, label and hang_time
 * @action: name of the action
 *
 * Context: Any context.
 */
void roulette_log_over(const struct roulette_mark *mark, const char *action)
{
	dev_emerg(&mark->rdev->dev, "%s is over after %u s, label \"%s\"\n",
		  action, mark->hang_time, mark->label);
}

/**
 * roulette_hung_task() - sleep uninterruptibly
 * @mark: device, label and hang_time
 *
 * Does not wake up meanwhile: the detector reports only tasks that have not run
 * since its last check.
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
	roulette_log_over(mark, "hung_task");
}

/**
 * roulette_soft_lockup() - keep a CPU from switching to another task
 * @mark: device, label and hang_time
 */
noinline void roulette_soft_lockup(const struct roulette_mark *mark)
{
	preempt_disable();
	roulette_spin(mark->hang_time, false);
	preempt_enable();
	roulette_log_over(mark, "soft_lockup");
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
 * @mark: device, label and hang_time
 */
noinline void roulette_hard_lockup(const struct roulette_mark *mark)
{
	roulette_hang_here(mark->hang_time);
	roulette_log_over(mark, "hard_lockup");
}

/*
 * Used only by the first caller: the caller of roulette_hang() that changed
 * roulette_hanging from 0 to 1.
 */
static DEFINE_PER_CPU(call_single_data_t, roulette_hang_call);

/* Counts the first caller and the CPUs that it asked, until their hangs end. */
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
 * @mark: device, label and hang_time
 *
 * A task that feeds a hardware watchdog hangs, too. If two calls coincide, the
 * second call asks no other CPU, and its own CPU hangs once for each call.
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
	roulette_log_over(mark, "hang");
}

/**
 * roulette_hangs_wait() - wait until no CPU hangs or was asked to hang
 *
 * Context: Process context, in module exit. May sleep.
 */
void roulette_hangs_wait(void)
{
	/*
	 * After the decrement a CPU may still run the end of
	 * roulette_hang_other(), with interrupts off. The unload waits for
	 * an RCU grace period, and so for that CPU.
	 */
	while (atomic_read(&roulette_hanging))
		usleep_range(1000, 2000);
}

/**
 * roulette_rcu_stall() - keep RCU waiting for a CPU
 * @mark: device, label and hang_time
 *
 * If RCU readers are preemptible, other tasks can run meanwhile. Otherwise this
 * is also a soft lockup. The soft lockup detector is kept silent, because its
 * report and that of the RCU stall would suppress each other.
 */
noinline void roulette_rcu_stall(const struct roulette_mark *mark)
{
	rcu_read_lock();
	roulette_spin(mark->hang_time, true);
	rcu_read_unlock();
	roulette_log_over(mark, "rcu_stall");
}
