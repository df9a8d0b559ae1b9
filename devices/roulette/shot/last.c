// SPDX-License-Identifier: GPL-2.0
/*
 * Logs the last hit again when the kernel panics. A crash collector may keep
 * only the end of the log, which long backtraces may fill. A detector's panic
 * message does not say that a drill caused the panic.
 */
#include <linux/math64.h>
#include <linux/notifier.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "compat.h"
#include "shot.h"

/* A panic up to this many seconds after a hit may be caused by the hit. */
#define ROULETTE_LAST_SPAN	600

/**
 * struct roulette_last - the last hit, for panics and for readers of a dump
 * @time: time of the take-off, in ns since boot, including suspend
 * @number: number of the pull
 * @action: action of the hit
 * @device: the device's name
 * @label: the device's label at the time of the pull
 */
struct roulette_last {
	u64 time;
	u64 number;
	const struct roulette_action *action;
	char device[ROULETTE_NAME_MAX + 1];
	char label[ROULETTE_LABEL_MAX + 1];
};

/* Two buffers, because a panic may occur while one of them is written. */
static struct roulette_last roulette_lasts[2];
/* The buffer that is complete; NULL before the first hit. */
static struct roulette_last *roulette_last;

/* Takes no lock: the panic may have stopped the CPU that holds it. */
static int roulette_last_log(struct notifier_block *block, unsigned long event,
			     void *message)
{
	/* Pairs with the release in roulette_last_set(). */
	const struct roulette_last *last = smp_load_acquire(&roulette_last);
	s64 seconds;

	if (!last)
		return NOTIFY_DONE;
	/* Negative if a hang of all CPUs has set back the clock. */
	seconds = div_s64(ktime_get_boot_fast_ns() - last->time, NSEC_PER_SEC);
	if (seconds > ROULETTE_LAST_SPAN)
		return NOTIFY_DONE;
	pr_emerg("roulette: last hit %lld s ago: %s pull %llu, action %s, label \"%s\"\n",
		 max_t(s64, seconds, 0), last->device, last->number,
		 last->action->name, last->label);
	return NOTIFY_DONE;
}

/* The lowest priority, so that the line is at the end of the log. */
static struct notifier_block roulette_last_block = {
	.notifier_call = roulette_last_log,
	.priority = INT_MIN,
};

/**
 * roulette_last_init() - register the panic notifier
 *
 * Context: Process context, in module init.
 *
 * Return: 0 or a negative errno.
 */
int roulette_last_init(void)
{
	return atomic_notifier_chain_register(&panic_notifier_list,
					      &roulette_last_block);
}

/**
 * roulette_last_exit() - undo roulette_last_init()
 *
 * Context: Process context, in module init or exit. May sleep.
 */
void roulette_last_exit(void)
{
	atomic_notifier_chain_unregister(&panic_notifier_list,
					 &roulette_last_block);
}

/**
 * roulette_last_set() - store the hit of a shot that takes off
 * @shot: the shot
 *
 * Context: Process context, with roulette_shots_lock held.
 */
void roulette_last_set(const struct roulette_shot *shot)
{
	struct roulette_last *last = &roulette_lasts[roulette_last == roulette_lasts];

	last->time = ktime_get_boot_fast_ns();
	last->number = shot->number;
	last->action = shot->action;
	strscpy(last->device, shot->mark.device, sizeof(last->device));
	strscpy(last->label, shot->mark.label, sizeof(last->label));
	/* A notifier that sees this pointer also sees the members above. */
	smp_store_release(&roulette_last, last);
}
