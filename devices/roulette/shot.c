// SPDX-License-Identifier: GPL-2.0
/* From a hit to the action: how the action comes about, and what is logged. */
#include <linux/sched/signal.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "compat.h"
#include "device.h"
#include "shot.h"

/* %pe would say a number where CONFIG_SYMBOLIC_ERRNAME is off. */
static const char *roulette_why(int err)
{
	switch (err) {
	case 0:
		return "";
	case -ENOMEM:
		return ", could not fire: ENOMEM";
	case -ENFILE:
		return ", could not fire: ENFILE";
	case -EINTR:
		return ", could not fire: EINTR";
	case -EBUSY:
		return ", could not fire: EBUSY";
	default:
		return ", could not fire";
	}
}

/**
 * roulette_shot_log() - the line that every collector is to find
 * @hit: the hit
 * @rdev: the device
 * @err: 0, or why the shot can't be fired
 *
 * Any context.
 */
void roulette_shot_log(const struct roulette_hit *hit,
		       struct roulette_device *rdev, int err)
{
	/* comm is the reader's own to choose, so it must not make up lines. */
	dev_emerg(&rdev->dev,
		  "bang: pull %llu drew %u, odds %s, action %s, seed 0x%llx, pid %d (%*pE), label \"%s\"%s\n",
		  hit->number, hit->drawn, hit->odds, hit->action->name,
		  hit->seed, hit->pid, (int)strlen(hit->comm), hit->comm,
		  hit->mark.label, roulette_why(err));
}

/* A worker of io_uring is a thread of the reader, by a name of its own. */
static void roulette_note_reader(struct roulette_hit *hit)
{
	struct task_struct *reader = current->flags & PF_IO_WORKER ?
				     current->group_leader : current;

	hit->cpu = raw_smp_processor_id();
	hit->pid = task_pid_nr(reader);
	strscpy(hit->comm, reader->comm, sizeof(hit->comm));
}

/**
 * roulette_shot_tell() - send the news of a hit
 * @hit: the hit, over or about to kill its task
 * @rdev: the device
 *
 * Task context.
 */
void roulette_shot_tell(const struct roulette_hit *hit,
			struct roulette_device *rdev)
{
	struct roulette_state *state = rdev->priv;

	roulette_news_hit(&state->news, hit->hits, hit->action,
			  hit->mark.label);
}

/* An action that kills the reader: in itself, or in a stand-in. */
static int roulette_kill_reader(struct roulette_hit *hit,
				struct roulette_device *rdev, bool sync)
{
	const unsigned int not_user = PF_KTHREAD | PF_IO_WORKER;
	int ret;

	if (sync && !(current->flags & not_user)) {
		ret = roulette_die(hit, rdev);
		if (!ret)
			roulette_shot_tell(hit, rdev);
		return ret;
	}
	ret = roulette_launch(hit, rdev);
	if (ret)
		return ret;
	send_sig(SIGKILL, current, 1);
	return -EINTR;
}

/**
 * roulette_shoot() - log a hit and act
 * @hit: the hit
 * @rdev: the device
 * @sync: the read is of a task that waits for it in a system call of its own
 *
 * Called in the read, with no lock held. May sleep, and may not return. The
 * open file pins the module.
 *
 * Return: 0 if the read may go on, the action being over or still to come;
 * -EINTR if a stand-in died and the reader is killed; -EIO if the action is
 * that; another errno if the shot could not be prepared.
 */
int roulette_shoot(struct roulette_hit *hit, struct roulette_device *rdev,
		   bool sync)
{
	struct roulette_state *state = rdev->priv;

	if (!hit->action->act) {
		roulette_shot_tell(hit, rdev);
		return 0;
	}
	roulette_news_changed(&state->news);
	roulette_note_reader(hit);
	if (hit->context != ROULETTE_PROCESS || hit->delay_ms)
		return roulette_launch(hit, rdev);
	if (hit->action->kills)
		return roulette_kill_reader(hit, rdev, sync);
	/* Whose request is not synchronous may hold locks of io_uring. */
	if (!sync && roulette_shot_possible(hit->action, ROULETTE_KTHREAD, 0))
		return roulette_launch(hit, rdev);
	roulette_shot_log(hit, rdev, 0);
	roulette_act(hit->action, &hit->mark);
	roulette_shot_tell(hit, rdev);
	return hit->action->fails ? -EIO : 0;
}
