// SPDX-License-Identifier: GPL-2.0
/*
 * A shot that kills the reader's own task.
 *
 * It must not act inside the read: a task that dies in a system call never gives back
 * what the call holds. A reader with several threads holds a reference to the open
 * file, which would pin device and module for ever. So the shot is deferred to the
 * reader's return to user mode, where the task holds nothing: an anonymous file is
 * opened and closed. Its last fput() queues its release as work of the task, which
 * runs after the read. The report shows the reader's PID, comm and user registers.
 * The struct file of that shot is lost: __fput() never comes to its end.
 *
 * Task work runs last in, first out, and work that is queued behind a death would
 * never run. Then the shot is deferred once more, by another such file.
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
 * struct roulette_deferred - a shot that waits for the reader's return
 * @entry: the reader
 * @shot: the shot; holds a reference to the device until it leaves
 */
struct roulette_deferred {
	struct roulette_task entry;
	struct roulette_shot shot;
};

static void roulette_deferred_free(struct roulette_task *entry)
{
	kfree(container_of(entry, struct roulette_deferred, entry));
}

/* The shot is cancelled or could not fire. */
static void roulette_deferred_drop(struct roulette_deferred *deferred)
{
	roulette_put(deferred->shot.rdev);
	kfree(deferred);
}

static int roulette_defer(struct roulette_deferred *deferred);

/* Nothing comes after this, so all that the task and the file hold is given back. */
static void __noreturn roulette_deferred_die(struct roulette_deferred *deferred,
					     struct file *file)
{
	/* __fput() would drop these after release, and never gets there. */
	path_put(&file->f_path);
	put_cred(file->f_cred);
	/* The rest of the file is lost, see the top; nothing points to it. */
	kmemleak_not_leak(file);

	roulette_put(deferred->shot.rdev);
	deferred->shot.mark.rdev = NULL;
	roulette_tasks_add(&deferred->entry);
	/* The file's own. */
	module_put(THIS_MODULE);
	/* Else the other threads would live on without this one. */
	send_sig(SIGKILL, current, 1);
	roulette_act_and_die(deferred->shot.action, &deferred->shot.mark);
}

static int roulette_deferred_release(struct inode *inode, struct file *file)
{
	struct roulette_deferred *deferred = file->private_data;
	struct roulette_shot *shot = &deferred->shot;
	int err;

	if (current->flags & (PF_KTHREAD | PF_EXITING)) {
		/* The task did not return: it exits, or this is a kernel worker. */
		roulette_shot_cancel(shot, -EINTR);
	} else if (file->f_task_work.next) {
		/* More work of the task, which nobody would do after its death. */
		err = roulette_defer(deferred);
		if (!err)
			return 0;
		roulette_shot_cancel(shot, err);
	} else if (!roulette_shot_take_off(shot)) {
		roulette_deferred_die(deferred, file);
	}
	roulette_deferred_drop(deferred);
	return 0;
}

static const struct file_operations roulette_deferred_fops = {
	.owner = THIS_MODULE,
	.release = roulette_deferred_release,
};

static int roulette_defer(struct roulette_deferred *deferred)
{
	/* O_RDWR, since IMA counts files that are only read per inode. */
	struct file *file = anon_inode_getfile("[roulette]",
					       &roulette_deferred_fops, deferred,
					       O_RDWR);

	if (IS_ERR(file))
		return PTR_ERR(file);
	fput(file);
	return 0;
}

/**
 * roulette_shoot_on_return() - let a shot act when the reader returns to user mode
 * @shot: the shot, which is copied; its action kills
 *
 * Context: In the read, in a task that returns to user mode. May sleep.
 *
 * Return: 0; -ECANCELED or -ENODEV if the shot was cancelled already; another errno
 * if it could not be prepared.
 */
int roulette_shoot_on_return(struct roulette_shot *shot)
{
	struct roulette_deferred *deferred;
	int err;

	roulette_tasks_prune();
	err = roulette_shot_prepare(shot);
	if (err)
		return err;
	deferred = kzalloc(sizeof(*deferred), GFP_KERNEL);
	if (!deferred)
		return roulette_shot_cancel(shot, -ENOMEM);
	deferred->entry.task = current;
	deferred->entry.free = roulette_deferred_free;
	deferred->shot = *shot;
	/* The open file may be closed by then. */
	get_device(&shot->rdev->dev);
	err = roulette_defer(deferred);
	if (err) {
		roulette_deferred_drop(deferred);
		return roulette_shot_cancel(shot, err);
	}
	return 0;
}
