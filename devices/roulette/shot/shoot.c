// SPDX-License-Identifier: GPL-2.0
/* What a read does with a hit. */
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "compat.h"
#include "device.h"
#include "shot.h"

/* A worker of io_uring is a thread of the reader, by a name of its own. */
static void roulette_note_reader(struct roulette_shot *shot)
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
 * roulette_shoot() - let a hit act, at its place
 * @shot: the shot, waiting
 * @sync: the task of the read waits for it in a system call of its own
 *
 * Context: In the read, with no lock held. May sleep, and may not return. The open
 * file pins module and device.
 *
 * Return: 0 if the read may go on, the action being over or still to come;
 * -ECANCELED or -ENODEV if the shot was cancelled; -EINTR if the reader was killed, by
 * a thread that died in its place or otherwise; -EIO if the action is that; another
 * errno if the shot could not be prepared.
 */
int roulette_shoot(struct roulette_shot *shot, bool sync)
{
	struct roulette_state *state = shot->rdev->priv;

	/* Action none is only told. */
	if (!shot->action->act) {
		roulette_news_tell(&state->news, shot);
		return 0;
	}
	roulette_news_tell(&state->news, NULL);
	roulette_note_reader(shot);
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
