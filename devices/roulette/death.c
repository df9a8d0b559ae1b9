// SPDX-License-Identifier: GPL-2.0
/*
 * A reader that dies of its own shot.
 *
 * An action that kills its task must not do so inside the read: a task that
 * dies there never gives back what its system call holds. A reader with
 * several threads holds a reference to the open file, which would pin device
 * and module for ever. So the death is put off to where the task holds nothing:
 * an anonymous file is opened and closed. The last fput() of it runs its release
 * as task work, on the reader's way back to user mode, when the read is over. The
 * report shows the reader's PID, comm and user registers. The struct file of that
 * shot is lost: __fput() never comes to its end.
 *
 * Task work runs last in, first out, and what stands behind a death would never
 * run. Then the death is put off once more, by another such file.
 */
#include <linux/anon_inodes.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/kmemleak.h>
#include <linux/path.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "compat.h"
#include "shot.h"

/**
 * struct roulette_death - an action that kills, on its way to the reader
 * @victim: the reader
 * @action: the action
 * @mark: what it is told
 */
struct roulette_death {
	struct roulette_victim victim;
	const struct roulette_action *action;
	struct roulette_mark mark;
};

static void roulette_death_free(struct roulette_victim *victim)
{
	kfree(container_of(victim, struct roulette_death, victim));
}

static int roulette_death_put_off(struct roulette_death *death);

static int roulette_death_release(struct inode *inode, struct file *file)
{
	struct roulette_death *death = file->private_data;
	int err;

	/*
	 * The task could not come back: then this is a kernel worker, or a
	 * task that dies of something else.
	 */
	if (current->flags & (PF_KTHREAD | PF_EXITING)) {
		kfree(death);
		return 0;
	}

	/* Of io_uring, say, which would wait for it for ever. */
	if (file->f_task_work.next) {
		err = roulette_death_put_off(death);
		if (err) {
			pr_emerg("roulette %s: action %s could not fire: errno %d, label \"%s\"\n",
				 death->mark.device, death->action->name, -err,
				 death->mark.label);
			kfree(death);
		}
		return 0;
	}

	/* __fput() would drop these after release, and never gets there. */
	path_put(&file->f_path);
	put_cred(file->f_cred);
	/* What is left of the file is lost, see the top; nothing points to it. */
	kmemleak_not_leak(file);

	roulette_victims_add(&death->victim);
	/* The file's, likewise. */
	module_put(THIS_MODULE);
	/* Else the other threads would live on without this one. */
	send_sig(SIGKILL, current, 1);
	roulette_act_and_die(death->action, &death->mark);
}

static const struct file_operations roulette_death_fops = {
	.owner = THIS_MODULE,
	.release = roulette_death_release,
};

/* To where the task has done what work it has now. */
static int roulette_death_put_off(struct roulette_death *death)
{
	/* O_RDWR, since IMA counts files that are only read per inode. */
	struct file *file = anon_inode_getfile("[roulette]",
					       &roulette_death_fops, death,
					       O_RDWR);

	if (IS_ERR(file))
		return PTR_ERR(file);
	fput(file);
	return 0;
}

/**
 * roulette_die() - log a hit and have the reader die of it when its read is over
 * @hit: the hit; its action kills
 * @rdev: the device
 *
 * Called in the read, by a task that is going back to user mode. May sleep. The
 * open file pins the module.
 *
 * Return: 0, or an errno if the shot could not be prepared.
 */
int roulette_die(const struct roulette_hit *hit, struct roulette_device *rdev)
{
	struct roulette_death *death;
	int err = -ENOMEM;

	roulette_victims_prune();
	death = kzalloc(sizeof(*death), GFP_KERNEL);
	if (!death)
		goto log;
	death->victim.task = current;
	death->victim.free = roulette_death_free;
	death->action = hit->action;
	death->mark = hit->mark;
	/* The file that holds it may be closed by then. */
	death->mark.rdev = NULL;
	err = roulette_death_put_off(death);
	if (err)
		kfree(death);
log:
	roulette_shot_log(hit, rdev, err);
	return err;
}
