// SPDX-License-Identifier: GPL-2.0
/*
 * A shot that kills the reader's own task, on return to user mode.
 *
 * A task that dies in a system call never releases what the call holds. If the
 * reader has several threads, its read holds a reference to the open file,
 * which would pin device and module for ever. On return to user mode the task
 * holds nothing.
 *
 * The read opens and closes an anonymous file. The last fput() queues the
 * file's release as task work, which runs after the read. The task dies in this
 * work, so the report shows the reader's PID, comm and user registers. The
 * struct file is leaked, because __fput() never completes.
 *
 * Task work runs last in, first out, and work after a death would never run. If
 * there is such work, another anonymous file defers the shot once more.
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
 * @entry: the reader, for module exit
 * @shot: the shot, with a reference to the device
 */
struct roulette_deferred {
	struct roulette_task entry;
	struct roulette_shot shot;
};

static void roulette_deferred_free(struct roulette_task *entry)
{
	kfree(container_of(entry, struct roulette_deferred, entry));
}

/* Frees a shot that does not act. */
static void roulette_deferred_drop(struct roulette_deferred *deferred)
{
	roulette_put(deferred->shot.rdev);
	kfree(deferred);
}

static int roulette_defer(struct roulette_deferred *deferred);

/* Never returns, so it first drops what __fput() and the caller would drop. */
static void __noreturn roulette_deferred_die(struct roulette_deferred *deferred,
					     struct file *file)
{
	/* __fput() would release these after ->release(). */
	path_put(&file->f_path);
	put_cred(file->f_cred);
	/* The struct file is leaked on purpose, see the top of this file. */
	kmemleak_not_leak(file);

	roulette_put(deferred->shot.rdev);
	deferred->shot.mark.rdev = NULL;
	roulette_tasks_add(&deferred->entry);
	/* The anonymous file's reference to the module. */
	module_put(THIS_MODULE);
	/* Otherwise the reader's other threads would survive. */
	send_sig(SIGKILL, current, 1);
	roulette_act_and_die(deferred->shot.action, &deferred->shot.mark);
}

static int roulette_deferred_release(struct inode *inode, struct file *file)
{
	struct roulette_deferred *deferred = file->private_data;
	struct roulette_shot *shot = &deferred->shot;
	int err;

	if (current->flags & (PF_KTHREAD | PF_EXITING)) {
		/* The task exits, or fput() left this to a kernel worker. */
		roulette_shot_cancel(shot, -EINTR);
	} else if (file->f_task_work.next) {
		/* More task work follows, which must run before the death. */
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
	/* O_RDWR: IMA counts read-only files per inode, and this one leaks. */
	struct file *file = anon_inode_getfile("[roulette]",
					       &roulette_deferred_fops, deferred,
					       O_RDWR);

	if (IS_ERR(file))
		return PTR_ERR(file);
	fput(file);
	return 0;
}

/**
 * roulette_shoot_on_return() - let a shot act on return to user mode
 * @shot: the shot, which is copied; its action kills the task
 *
 * Context: Process context, in the read, in a task that will return to user
 * mode. May sleep.
 *
 * Return: 0; -ECANCELED or -ENODEV if the shot is unwanted; another negative
 * errno if the shot could not be prepared.
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
	/* The reader may close its file before the shot acts. */
	get_device(&shot->rdev->dev);
	err = roulette_defer(deferred);
	if (err) {
		roulette_deferred_drop(deferred);
		return roulette_shot_cancel(shot, err);
	}
	return 0;
}
