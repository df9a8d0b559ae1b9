// SPDX-License-Identifier: GPL-2.0
/* Starts the shot of a hit, from the read. */
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "compat.h"
#include "device.h"
#include "shot.h"

/* An io_uring worker is a thread of the reader, but has another name. */
static void roulette_set_reader(struct roulette_shot *shot)
{
	struct task_struct *reader = current->flags & PF_IO_WORKER ?
				     current->group_leader : current;

	shot->cpu = raw_smp_processor_id();
	shot->pid = task_pid_nr(reader);
	strscpy(shot->comm, reader->comm, sizeof(shot->comm));
}

static int roulette_shoot_in_read(struct roulette_shot *shot)
{
	int err = roulette_shot_take_off(shot);

	if (err)
		return err;
	roulette_act(shot->action, &shot->mark);
	return shot->action->fails ? -EIO : 0;
}

/**
 * roulette_shoot() - start the shot of a hit
 * @shot: the shot, waiting
 * @sync: the read is not an asynchronous request
 *
 * Does not return if the action stops the machine.
 *
 * Context: Process context, in the read, with no lock held. May sleep. The open
 * file pins module and device.
 *
 * Return: 0 if the read may continue, even if the action has yet to run;
 * -ECANCELED or -ENODEV if the shot was cancelled; -EINTR if the reader was
 * killed during the wait for a thread, or by a shot in a thread; -EIO if the
 * action makes the read fail; another negative errno if the shot could not be
 * prepared.
 */
int roulette_shoot(struct roulette_shot *shot, bool sync)
{
	struct roulette_state *state = shot->rdev->priv;

	/* Action none takes no shot. */
	if (!shot->action->act) {
		roulette_news_report(&state->news, shot);
		return 0;
	}
	roulette_news_report(&state->news, NULL);
	roulette_set_reader(shot);
	sync = sync && !(current->flags & (PF_KTHREAD | PF_IO_WORKER));
	switch (roulette_shot_place(shot->action, shot->context,
				    shot->delay_ms, sync)) {
	case ROULETTE_ON_RETURN:
		return roulette_shoot_on_return(shot);
	case ROULETTE_IN_THREAD:
		return roulette_shoot_in_thread(shot);
	default:
		return roulette_shoot_in_read(shot);
	}
}
