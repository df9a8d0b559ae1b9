// SPDX-License-Identifier: GPL-2.0
/*
 * From a hit to the action.
 *
 * An action that kills its task must not do so inside the read: a task that
 * dies there never gives back what its system call holds. A reader with
 * several threads holds a reference to the open file, which would pin device
 * and module for ever; io_uring waits for its worker for ever. So the death is
 * put off to where the task holds nothing, by one of two ways:
 *
 * - The reader's own: an anonymous file is opened and closed. The last fput()
 *   of it runs its release as task work, on the reader's way back to user
 *   mode, when the read is over. The report shows the reader's PID, comm and
 *   user registers. The struct file of that shot is lost: __fput() never comes
 *   to its end.
 * - A stand-in: a kernel thread named after the reader dies in its place, and
 *   the reader is killed. For requests that are not synchronous, whose task
 *   may be a worker or may be holding locks of io_uring, and for a task that
 *   has other task work queued, another shot say: task work runs last in, first
 *   out, and what stands behind a shot never runs.
 */
#include <linux/anon_inodes.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/delay.h>
#include <linux/file.h>
#include <linux/kmemleak.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/path.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/task_work.h>

#include "compat.h"
#include "shot.h"

/**
 * struct roulette_shot - an action that kills, on its way to the task
 * @list: in roulette_victims
 * @task: who dies of it, a reference while it is in roulette_victims
 * @action: the action
 * @mark: what it says
 * @started: the stand-in runs
 */
struct roulette_shot {
	struct list_head list;
	struct task_struct *task;
	const struct roulette_action *action;
	struct roulette_mark mark;
	struct completion started;
};

/* Guards roulette_victims. A leaf. */
static DEFINE_SPINLOCK(roulette_shots_lock);

/*
 * Tasks that act without a reference to the module: it can't be dropped after
 * death. They are past the module's code when they have PF_EXITING.
 */
static LIST_HEAD(roulette_victims);

static bool roulette_dead(const struct task_struct *task)
{
	return READ_ONCE(task->flags) & PF_EXITING;
}

/* Forget the victims that are dead. Return: whether one still lives. */
static bool roulette_victims_prune(void)
{
	struct roulette_shot *shot, *next;
	LIST_HEAD(dead);
	bool alive;

	spin_lock(&roulette_shots_lock);
	list_for_each_entry_safe(shot, next, &roulette_victims, list) {
		if (roulette_dead(shot->task))
			list_move(&shot->list, &dead);
	}
	alive = !list_empty(&roulette_victims);
	spin_unlock(&roulette_shots_lock);

	list_for_each_entry_safe(shot, next, &dead, list) {
		put_task_struct(shot->task);
		kfree(shot);
	}
	return alive;
}

/**
 * roulette_shots_wait() - wait until no task can be inside an action
 *
 * Context: Module exit: no new shot can come, since there is no device any
 * more. May sleep.
 */
void roulette_shots_wait(void)
{
	while (roulette_victims_prune())
		usleep_range(1000, 2000);
}

/* From here on the module is no longer pinned. */
static void roulette_victims_add(struct roulette_shot *shot)
{
	get_task_struct(shot->task);
	spin_lock(&roulette_shots_lock);
	list_add(&shot->list, &roulette_victims);
	spin_unlock(&roulette_shots_lock);
	module_put(THIS_MODULE);
}

static int roulette_shot_release(struct inode *inode, struct file *file)
{
	struct roulette_shot *shot = file->private_data;

	/*
	 * The task could not come back: then this is a kernel worker, or a
	 * task that dies of something else.
	 */
	if (current->flags & (PF_KTHREAD | PF_EXITING)) {
		kfree(shot);
		module_put(THIS_MODULE);
		return 0;
	}

	/* __fput() would drop these after release, and never gets there. */
	path_put(&file->f_path);
	put_cred(file->f_cred);
	/* What is left of the file is lost, see the top; nothing points to it. */
	kmemleak_not_leak(file);

	roulette_victims_add(shot);
	/* Else the other threads would live on without this one. */
	send_sig(SIGKILL, current, 1);
	shot->action->act(&shot->mark);
	return 0;
}

/* No owner: with one, the file would pin the module for ever. */
static const struct file_operations roulette_shot_fops = {
	.release = roulette_shot_release,
};

static struct file *roulette_own_prepare(struct roulette_shot *shot)
{
	/* O_RDWR, since IMA counts files that are only read per inode. */
	return anon_inode_getfile("[roulette]", &roulette_shot_fops, shot,
				  O_RDWR);
}

static void roulette_own_fire(struct roulette_shot *shot, struct file *file)
{
	shot->task = current;
	__module_get(THIS_MODULE);
	fput(file);
}

/* A worker of io_uring is a thread of the reader, by a name of its own. */
static struct task_struct *roulette_reader(void)
{
	return current->flags & PF_IO_WORKER ? current->group_leader : current;
}

static int roulette_standin(void *data)
{
	struct roulette_shot *shot = data;

	complete(&shot->started);
	shot->action->act(&shot->mark);
	return 0;
}

static struct task_struct *roulette_standin_prepare(struct roulette_shot *shot)
{
	struct task_struct *reader = roulette_reader();
	struct task_struct *task;

	init_completion(&shot->started);
	task = kthread_create(roulette_standin, shot, "%d/%s",
			      task_pid_nr(reader), reader->comm);
	if (!IS_ERR(task))
		get_task_struct(task);
	return task;
}

static void roulette_standin_fire(struct roulette_shot *shot,
				  struct task_struct *task)
{
	wake_up_process(task);
	/* Without this a quick kthread_stop() would keep it from running. */
	wait_for_completion(&shot->started);
	kthread_stop(task);
	put_task_struct(task);
	kfree(shot);
	send_sig(SIGKILL, current, 1);
}

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
	default:
		return ", could not fire";
	}
}

/* @err: 0, or why the shot can't be fired. */
static void roulette_shot_log(const struct roulette_hit *hit, int err)
{
	struct task_struct *reader = roulette_reader();

	/* comm is the reader's own to choose, so it must not make up lines. */
	pr_emerg("%s: bang: pull %llu drew %u, odds %s, action %s, seed 0x%llx, pid %d (%*pE), label \"%s\"%s\n",
		 hit->mark.device, hit->number, hit->drawn, hit->odds,
		 hit->action->name, hit->seed, task_pid_nr(reader),
		 (int)strlen(reader->comm), reader->comm, hit->mark.label,
		 roulette_why(err));
}

static int roulette_kill(const struct roulette_hit *hit, bool own)
{
	struct task_struct *task = NULL;
	struct roulette_shot *shot;
	struct file *file = NULL;
	int err = 0;

	roulette_victims_prune();
	shot = kzalloc(sizeof(*shot), GFP_KERNEL);
	if (!shot) {
		err = -ENOMEM;
	} else {
		shot->action = hit->action;
		shot->mark = hit->mark;
		if (own)
			file = roulette_own_prepare(shot);
		else
			task = roulette_standin_prepare(shot);
		err = PTR_ERR_OR_ZERO(own ? (void *)file : task);
		/* Of a thread's many parts, some that lack memory say so. */
		if (err == -EAGAIN)
			err = -ENOMEM;
	}
	roulette_shot_log(hit, err);
	if (err) {
		kfree(shot);
		return err;
	}
	if (own) {
		roulette_own_fire(shot, file);
		return 0;
	}
	roulette_standin_fire(shot, task);
	return -EINTR;
}

/**
 * roulette_shoot() - log a hit and act
 * @hit: the hit; its action is one that does something
 * @sync: the read is of a task that waits for it in a system call of its own
 *
 * Called in the read, with no lock held. May sleep, and may not return. The
 * open file pins the module.
 *
 * Return: 0 if the read may go on, the action being over or to come when the
 * read returns to user mode; -EINTR if a stand-in died and the reader is
 * killed; another errno if the shot could not be prepared.
 */
int roulette_shoot(const struct roulette_hit *hit, bool sync)
{
	const unsigned int not_user = PF_KTHREAD | PF_IO_WORKER;
	bool own = sync && !(current->flags & not_user) &&
		   !task_work_pending(current);

	if (hit->action->kills)
		return roulette_kill(hit, own);
	roulette_shot_log(hit, 0);
	hit->action->act(&hit->mark);
	return 0;
}
