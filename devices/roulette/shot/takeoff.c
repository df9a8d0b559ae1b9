// SPDX-License-Identifier: GPL-2.0
/*
 * The take-off of a shot. Each shot is checked here under roulette_shots_lock,
 * and acts only if it is still wanted. So no waiting shot acts once a write of
 * N to armed or the removal of the device has returned.
 */
#include <linux/lockdep.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "device.h"
#include "shot.h"

/*
 * Guards the state of each shot, roulette_arming, the last hit, and the members
 * removed, waiting, pending and arming of each device. A leaf lock.
 */
static DEFINE_SPINLOCK(roulette_shots_lock);

/* Threads wait here for their delay, and readers wait here for threads. */
DECLARE_WAIT_QUEUE_HEAD(roulette_shots_wait);

/*
 * Counts changes of the parameter armed, and is odd while armed is Y. If the
 * count has changed since a shot's pull, armed was set to N meanwhile. Written
 * under roulette_shots_lock.
 */
unsigned int roulette_arming = 1;

/**
 * roulette_arm() - set the parameter armed
 * @armed: the new value; false cancels all shots that have not taken off
 *
 * Context: Process context.
 */
void roulette_arm(bool armed)
{
	spin_lock(&roulette_shots_lock);
	if (armed != roulette_is_armed(roulette_arming))
		WRITE_ONCE(roulette_arming, roulette_arming + 1);
	spin_unlock(&roulette_shots_lock);
	wake_up_all(&roulette_shots_wait);
}

/**
 * roulette_cancel_all() - cancel all shots of a device that have not taken off
 * @rdev: the device, which is being removed
 *
 * Context: Process context.
 */
void roulette_cancel_all(struct roulette_device *rdev)
{
	struct roulette_state *state = rdev->priv;

	spin_lock(&roulette_shots_lock);
	WRITE_ONCE(state->removed, true);
	spin_unlock(&roulette_shots_lock);
	wake_up_all(&roulette_shots_wait);
}

/**
 * roulette_shot_unwanted() - check whether a shot must be cancelled
 * @shot: the shot
 *
 * Context: Process context. The caller holds roulette_shots_lock, or waits on
 * roulette_shots_wait.
 *
 * Return: 0; -ENODEV if the device is being removed; -ECANCELED if armed was
 * set to N after the pull.
 */
int roulette_shot_unwanted(const struct roulette_shot *shot)
{
	const struct roulette_state *state = shot->rdev->priv;

	if (READ_ONCE(state->removed))
		return -ENODEV;
	if (shot->arming != READ_ONCE(roulette_arming))
		return -ECANCELED;
	return 0;
}

/* The line of the hit, which crash collectors must find. */
static void roulette_shot_log(const struct roulette_shot *shot, const char *end)
{
	/* The reader chooses comm, which could forge lines if not escaped. */
	dev_emerg(&shot->rdev->dev,
		  "bang: pull %llu drew %u, odds %s, action %s, seed 0x%llx, pid %d (%*pE), label \"%s\"%s\n",
		  shot->number, shot->drawn, shot->odds, shot->action->name,
		  shot->seed, shot->pid, (int)strlen(shot->comm), shot->comm,
		  shot->mark.label, end);
}

/* Counts a shot with a delay. Shots of an earlier arming are cancelled. */
static void roulette_shot_begin_wait(const struct roulette_shot *shot)
{
	struct roulette_state *state = shot->rdev->priv;

	lockdep_assert_held(&roulette_shots_lock);
	state->waiting++;
	if (state->arming != roulette_arming) {
		state->arming = roulette_arming;
		state->pending = 0;
	}
	if (shot->arming == state->arming)
		state->pending++;
}

/* Ends the wait of a shot: @err cancels the shot, 0 lets it act. */
static void roulette_shot_end_wait(struct roulette_shot *shot, int err)
{
	struct roulette_state *state = shot->rdev->priv;

	lockdep_assert_held(&roulette_shots_lock);
	WARN_ON_ONCE(shot->state != ROULETTE_WAITING);
	if (shot->delay_ms) {
		state->waiting--;
		if (shot->arming == state->arming)
			state->pending--;
	}
	shot->err = err;
	shot->state = err ? ROULETTE_CANCELLED : ROULETTE_ACTING;
}

static void roulette_shot_log_cancelled(const struct roulette_shot *shot,
					const char *why)
{
	dev_notice(&shot->rdev->dev,
		   "pull %llu: action %s is cancelled, %s, label \"%s\"\n",
		   shot->number, shot->action->name, why, shot->mark.label);
}

/* Logs why a shot does not act. */
static void roulette_shot_log_unfired(const struct roulette_shot *shot, int err)
{
	switch (err) {
	case -ENODEV:
		roulette_shot_log_cancelled(shot, "the device was removed");
		break;
	case -ECANCELED:
		roulette_shot_log_cancelled(shot, "armed was set to N");
		break;
	case -EINTR:
		roulette_shot_log_cancelled(shot, "the reader was killed");
		break;
	/* Not %pe, which prints a number if CONFIG_SYMBOLIC_ERRNAME is off. */
	case -ENOMEM:
		roulette_shot_log(shot, ", could not fire: ENOMEM");
		break;
	case -ENFILE:
		roulette_shot_log(shot, ", could not fire: ENFILE");
		break;
	case -EBUSY:
		roulette_shot_log(shot, ", could not fire: EBUSY");
		break;
	default:
		roulette_shot_log(shot, ", could not fire");
	}
}

/**
 * roulette_shot_prepare() - prepare a shot to act later, outside the read
 * @shot: the shot, waiting
 *
 * The copy of the line may have taken long. If the shot is not wanted any more,
 * the read can still return the error here. Logs why a shot is cancelled.
 *
 * The number of threads is limited, and each shot with a delay needs one. So a
 * device has at most ROULETTE_WAITING_MAX shots that wait for their delay.
 *
 * Context: Process context, with no lock held. May sleep.
 *
 * Return: 0; -ENODEV if the device was removed; -ECANCELED if armed was set to
 * N after the pull; -EBUSY if too many shots of the device wait.
 */
int roulette_shot_prepare(struct roulette_shot *shot)
{
	struct roulette_state *state = shot->rdev->priv;
	int err;

	spin_lock(&roulette_shots_lock);
	err = roulette_shot_unwanted(shot);
	if (!err && shot->delay_ms && state->waiting == ROULETTE_WAITING_MAX)
		err = -EBUSY;
	if (shot->delay_ms)
		roulette_shot_begin_wait(shot);
	if (err)
		roulette_shot_end_wait(shot, err);
	spin_unlock(&roulette_shots_lock);
	if (err)
		roulette_shot_log_unfired(shot, err);
	return err;
}

/* Return: -ENODEV or -ECANCELED if the shot is unwanted; otherwise @err. */
static int roulette_shot_decide(struct roulette_shot *shot, int err)
{
	spin_lock(&roulette_shots_lock);
	roulette_shot_end_wait(shot, roulette_shot_unwanted(shot) ?: err);
	if (!shot->err)
		roulette_last_set(shot);
	spin_unlock(&roulette_shots_lock);
	if (shot->err)
		roulette_shot_log_unfired(shot, shot->err);
	return shot->err;
}

/**
 * roulette_shot_take_off() - let a shot act, if it is still wanted
 * @shot: the shot, waiting
 *
 * Logs that the shot acts or is cancelled. Sends a uevent if it acts.
 *
 * Context: Process context, with no lock held. May sleep. The caller pins the
 * device.
 *
 * Return: 0 if the caller must run the action now; -ENODEV if the device was
 * removed; -ECANCELED if armed was set to N after the pull.
 */
int roulette_shot_take_off(struct roulette_shot *shot)
{
	struct roulette_state *state = shot->rdev->priv;
	int err = roulette_shot_decide(shot, 0);

	if (err)
		return err;
	roulette_shot_log(shot, "");
	roulette_news_report(&state->news, shot);
	return 0;
}

/**
 * roulette_shot_cancel() - cancel a shot that cannot take off
 * @shot: the shot, waiting
 * @err: the reason: -ENODEV if the module is being unloaded, -EINTR if the
 *	reader exits, or the error of the preparation
 *
 * Logs the reason.
 *
 * Context: As roulette_shot_take_off().
 *
 * Return: @err; -ENODEV or -ECANCELED if the shot was already unwanted.
 */
int roulette_shot_cancel(struct roulette_shot *shot, int err)
{
	return roulette_shot_decide(shot, err);
}

/**
 * roulette_shot_over() - mark a shot as over and wake its reader
 * @shot: the shot, which has acted or was cancelled
 *
 * Context: Process context.
 */
void roulette_shot_over(struct roulette_shot *shot)
{
	spin_lock(&roulette_shots_lock);
	shot->state = ROULETTE_OVER;
	spin_unlock(&roulette_shots_lock);
	wake_up_all(&roulette_shots_wait);
}

/**
 * roulette_shot_is_over() - check whether a shot is over
 * @shot: the shot
 *
 * Context: Process context.
 *
 * Return: true if roulette_shot_over() was called.
 */
bool roulette_shot_is_over(const struct roulette_shot *shot)
{
	bool over;

	spin_lock(&roulette_shots_lock);
	over = shot->state == ROULETTE_OVER;
	spin_unlock(&roulette_shots_lock);
	return over;
}

/**
 * roulette_shot_err() - get the reason why a shot was cancelled
 * @shot: the shot, which is over, or whose thread has begun to exit
 *
 * Context: Process context.
 *
 * Return: 0 if the shot has acted, otherwise the reason as a negative errno.
 */
int roulette_shot_err(const struct roulette_shot *shot)
{
	int err;

	spin_lock(&roulette_shots_lock);
	err = shot->err;
	spin_unlock(&roulette_shots_lock);
	return err;
}

/**
 * roulette_shots_pending() - count the shots that wait for their delay
 * @rdev: the device
 *
 * A write of N to armed cancels shots before their threads run, so the threads
 * cannot lower the number at once. It is 0 if armed has changed since the last
 * shot began to wait.
 *
 * Context: Process context.
 *
 * Return: the number of shots with a delay that have neither fired nor been
 * cancelled.
 */
unsigned int roulette_shots_pending(const struct roulette_device *rdev)
{
	const struct roulette_state *state = rdev->priv;
	unsigned int pending = 0;

	spin_lock(&roulette_shots_lock);
	if (state->arming == roulette_arming)
		pending = state->pending;
	spin_unlock(&roulette_shots_lock);
	return pending;
}
