// SPDX-License-Identifier: GPL-2.0
/*
 * A shot that may kill the reader's own task, on return to user mode.
 *
 * A task that dies in a system call never releases what the call holds. If the
 * reader has several threads, its read holds a reference to the open file,
 * which would pin device and module for ever. On return to user mode the task
 * holds nothing.
 *
 * The read opens and closes an anonymous file, the shot's file. The last fput()
 * queues the file's release as task work, which runs after the read. The task
 * acts in this work, so the report shows the reader's PID, comm and user
 * registers.
 *
 * A second anonymous file, the witness, is closed just before the action. So
 * its release runs afterwards: when the reader has survived, or, if the reader
 * has died, from its exit. The witness holds the references to device and
 * module, and releases what a dead reader cannot. Only the struct file of the
 * shot's file is leaked, because its __fput() never completes.
 *
 * Task work runs last in, first out. Work that was queued before the shot would
 * run only at the exit of a dead reader. If there is such work, another
 * anonymous file defers the shot once more.
 */
#include <linux/anon_inodes.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/kmemleak.h>
#include <linux/path.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "compat.h"
#include "shot.h"

/**
 * struct roulette_deferred - a shot that waits for the reader's return
 * @shot: the shot, with a reference to the device
 * @witness: the open witness, whose release frees this struct
 * @acting: the shot's file while the action runs, otherwise NULL
 */
struct roulette_deferred {
	struct roulette_shot shot;
	struct file *witness;
	struct file *acting;
};

/* Releases what the dead reader's __fput() would release after ->release(). */
static void roulette_release_dead(struct file *file)
{
	path_put(&file->f_path);
	put_cred(file->f_cred);
	/* The struct file is leaked on purpose, see the top of this file. */
	kmemleak_not_leak(file);
	/* The reference of the file's operations. */
	module_put(THIS_MODULE);
}

/* Lets the reader end by SIGKILL, although the kernel may have used SIGSEGV. */
static void roulette_kill_group(void)
{
	/* The other threads. */
	kill_pid(task_tgid(current), SIGKILL, 1);
	/* If there are none, the kernel ignores a signal to an exiting task. */
	current->exit_code = SIGKILL;
	current->signal->group_exit_code = SIGKILL;
}

static int roulette_witness_release(struct inode *inode, struct file *file)
{
	struct roulette_deferred *deferred = file->private_data;

	if (deferred->acting) {
		roulette_release_dead(deferred->acting);
		roulette_kill_group();
	}
	roulette_put(deferred->shot.rdev);
	kfree(deferred);
	return 0;
}

static const struct file_operations roulette_witness_fops = {
	.owner = THIS_MODULE,
	.release = roulette_witness_release,
};

static void roulette_deferred_act(struct roulette_deferred *deferred,
				  struct file *file)
{
	deferred->acting = file;
	/* Runs the release of the witness after this task work, or the death. */
	fput(deferred->witness);
	roulette_act(deferred->shot.action, &deferred->shot.mark);
	deferred->acting = NULL;
}

static int roulette_defer(struct roulette_deferred *deferred);

static int roulette_deferred_release(struct inode *inode, struct file *file)
{
	struct roulette_deferred *deferred = file->private_data;
	struct roulette_shot *shot = &deferred->shot;
	int err;

	if (current->flags & (PF_KTHREAD | PF_EXITING)) {
		/* The task exits, or fput() left this to a kernel worker. */
		roulette_shot_cancel(shot, -EINTR);
	} else if (file->f_task_work.next) {
		/* More task work follows, which must run before the shot. */
		err = roulette_defer(deferred);
		if (!err)
			return 0;
		roulette_shot_cancel(shot, err);
	} else if (!roulette_shot_take_off(shot)) {
		roulette_deferred_act(deferred, file);
		return 0;
	}
	fput(deferred->witness);
	return 0;
}

static const struct file_operations roulette_deferred_fops = {
	.owner = THIS_MODULE,
	.release = roulette_deferred_release,
};

static struct file *roulette_anon_file(const struct file_operations *fops,
				       struct roulette_deferred *deferred)
{
	/* O_RDWR: IMA counts read-only files per inode, and one leaks. */
	return anon_inode_getfile("[roulette]", fops, deferred, O_RDWR);
}

static int roulette_defer(struct roulette_deferred *deferred)
{
	struct file *file = roulette_anon_file(&roulette_deferred_fops,
					       deferred);

	if (IS_ERR(file))
		return PTR_ERR(file);
	fput(file);
	return 0;
}

static struct roulette_deferred *roulette_deferred_create(const struct roulette_shot *shot)
{
	struct roulette_deferred *deferred = kzalloc(sizeof(*deferred),
						     GFP_KERNEL);
	struct file *witness;

	if (!deferred)
		return ERR_PTR(-ENOMEM);
	witness = roulette_anon_file(&roulette_witness_fops, deferred);
	if (IS_ERR(witness)) {
		kfree(deferred);
		return ERR_CAST(witness);
	}
	deferred->shot = *shot;
	deferred->witness = witness;
	/* The reader may close its file before the shot acts. */
	get_device(&shot->rdev->dev);
	return deferred;
}

/**
 * roulette_shoot_on_return() - let a shot act on return to user mode
 * @shot: the shot, which is copied; its action may kill the task
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

	err = roulette_shot_prepare(shot);
	if (err)
		return err;
	deferred = roulette_deferred_create(shot);
	if (IS_ERR(deferred))
		return roulette_shot_cancel(shot, PTR_ERR(deferred));
	err = roulette_defer(deferred);
	if (err) {
		fput(deferred->witness);
		return roulette_shot_cancel(shot, err);
	}
	return 0;
}
