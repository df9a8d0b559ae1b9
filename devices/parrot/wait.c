// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting for a frame. Each open file has its own timer and wait queue, so that
 * the waiters of one file do not delay those of other files. A timer normally
 * fires on the CPU that started it. All timers follow the device's clock, so
 * all readers get frames at the same time.
 *
 * Removal of the device and a new rate wake the device's queue. The queue has
 * an entry for each open file, which wakes the file's queue.
 */
#include <linux/ktime.h>
#include <linux/wait.h>

#include "compat.h"
#include "parrot.h"

static enum hrtimer_restart parrot_tick(struct hrtimer *timer)
{
	struct parrot_reader *reader =
		container_of(timer, struct parrot_reader, timer);

	wake_up_all(&reader->wait);
	/* Who must wait again restarts the timer. */
	return HRTIMER_NORESTART;
}

static int parrot_relay(struct wait_queue_entry *entry, unsigned int mode,
			int flags, void *key)
{
	struct parrot_reader *reader =
		container_of(entry, struct parrot_reader, relay);

	wake_up_all(&reader->wait);
	return 0;
}

/**
 * parrot_wait_init() - prepare an open file for waiters
 * @reader: the open file
 *
 * Context: Process context.
 */
void parrot_wait_init(struct parrot_reader *reader)
{
	init_waitqueue_head(&reader->wait);
	hrtimer_setup(&reader->timer, parrot_tick, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS);
	init_waitqueue_func_entry(&reader->relay, parrot_relay);
	add_wait_queue(&reader->rdev->wait, &reader->relay);
}

/**
 * parrot_wait_exit() - undo parrot_wait_init()
 * @reader: the open file, without waiters
 *
 * Context: Process context. May sleep.
 */
void parrot_wait_exit(struct parrot_reader *reader)
{
	remove_wait_queue(&reader->rdev->wait, &reader->relay);
	hrtimer_cancel(&reader->timer);
}

/**
 * parrot_arm() - start the timer for the next frame
 * @reader: the open file
 * @now: the time in ns
 *
 * A timer queued for an earlier time is kept, because another thread that waits
 * for this file may need it.
 *
 * Context: Process context, with &parrot.lock held.
 */
void parrot_arm(struct parrot_reader *reader, u64 now)
{
	const struct parrot_clock *clock = &reader->parrot->clock;
	struct hrtimer *timer = &reader->timer;
	ktime_t next;

	lockdep_assert_held(&reader->parrot->lock);
	if (!parrot_clock_runs(clock))
		return;
	next = ns_to_ktime(parrot_clock_next(clock, now));
	if (!hrtimer_is_queued(timer) || hrtimer_get_expires(timer) > next)
		hrtimer_start(timer, next, HRTIMER_MODE_ABS);
}

/**
 * parrot_due() - check whether there is anything to read, and start the timer
 * @reader: the open file
 *
 * Starts the timer in both cases: edge-triggered epoll calls poll when it
 * reports a frame, and must be woken for the next frame.
 *
 * Context: Process context.
 *
 * Return: true if a read would not wait.
 */
bool parrot_due(struct parrot_reader *reader)
{
	struct parrot *parrot = reader->parrot;
	bool due;
	u64 now;

	spin_lock(&parrot->lock);
	now = parrot_now(parrot);
	due = parrot_ready(reader, now);
	parrot_arm(reader, now);
	spin_unlock(&parrot->lock);
	return due;
}

/**
 * parrot_wait_take() - sleep until there is something to read, and take it
 * @reader: the open file
 * @count: maximum number of bytes, at least 1
 * @chunk: the bytes, see parrot_take()
 *
 * Context: Process context. May sleep.
 *
 * Return: number of bytes; -ERESTARTSYS for a signal; -ENODEV if the device was
 * removed.
 */
ssize_t parrot_wait_take(struct parrot_reader *reader, size_t count,
			 struct parrot_chunk *chunk)
{
	struct roulette_device *rdev = reader->rdev;
	size_t taken = 0;
	int ret;

	ret = wait_event_interruptible(reader->wait, roulette_gone(rdev) ||
				       (taken = parrot_take(reader, count,
							    chunk)));
	if (taken)
		return taken;
	return roulette_gone(rdev) ? -ENODEV : ret;
}

/**
 * parrot_wait() - sleep until there is something to read
 * @reader: the open file
 *
 * Context: Process context. May sleep.
 *
 * Return: 0; -ERESTARTSYS for a signal; -ENODEV if the device was removed.
 */
int parrot_wait(struct parrot_reader *reader)
{
	struct roulette_device *rdev = reader->rdev;
	int ret;

	ret = wait_event_interruptible(reader->wait, roulette_gone(rdev) ||
				       parrot_due(reader));
	if (roulette_gone(rdev))
		return -ENODEV;
	return ret;
}
