// SPDX-License-Identifier: GPL-2.0
/* File operations of the node. A read at position 0 pulls the trigger. */
#include <linux/lockdep.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "actions/action.h"
#include "compat.h"
#include "device.h"
#include "pull/line.h"
#include "roulette_trace.h"
#include "shot/shot.h"

/**
 * struct roulette_file - an open file
 * @rdev: the device; the file holds a reference
 * @state: the device's private data
 * @pulls: number of pulls through this file; under @state->lock
 * @len: length of @line, 0 before the first pull; under @state->lock
 * @line: line of the file's last pull, for reads at later positions; under
 *	@state->lock
 */
struct roulette_file {
	struct roulette_device *rdev;
	struct roulette_state *state;
	u64 pulls;
	size_t len;
	char line[ROULETTE_LINE_MAX];
};

/**
 * struct roulette_read - result of roulette_read_begin()
 * @line: copy of the open file's line
 * @pull: if @fire, value of &roulette_file.pulls after this pull
 * @fire: the read has pulled the trigger and hit
 * @shot: if @fire, the shot of the hit
 *
 * Declared __uninitialized, because some kernels zero local variables. That
 * would add 7 % of the time of a read of /dev/zero, which is the measure for
 * the cost of a pull (see docs/performance.md).
 */
struct roulette_read {
	char line[ROULETTE_LINE_MAX];
	u64 pull;
	bool fire;
	struct roulette_shot shot;
};

static int roulette_open(struct inode *inode, struct file *file)
{
	struct roulette_device *rdev = file->private_data;
	struct roulette_file *rfile = kzalloc(sizeof(*rfile), GFP_KERNEL_ACCOUNT);

	if (!rfile)
		return -ENOMEM;
	rfile->rdev = rdev;
	rfile->state = rdev->priv;
	file->private_data = rfile;
	/* Otherwise io_uring polls about 127 times before a worker reads. */
	file->f_mode |= FMODE_NOWAIT;
	return 0;
}

static int roulette_close(struct inode *inode, struct file *file)
{
	struct roulette_file *rfile = file->private_data;
	struct roulette_device *rdev = rfile->rdev;

	kfree(rfile);
	roulette_put(rdev);
	return 0;
}

static void roulette_fill_shot(struct roulette_file *rfile, u32 drawn,
			       struct roulette_shot *shot)
{
	const struct roulette_rules *rules = &rfile->state->rules;

	lockdep_assert_held(&rfile->state->lock);
	shot->state = ROULETTE_WAITING;
	shot->err = 0;
	shot->rdev = rfile->rdev;
	shot->action = rules->action;
	shot->hit = rules->hits;
	memcpy(shot->mark.label, rules->label, sizeof(shot->mark.label));
	/* Action none takes no shot: a notification needs only the above. */
	if (!shot->action->act)
		return;
	shot->context = rules->context;
	shot->delay_ms = rules->delay_ms;
	shot->number = rules->number - 1;
	shot->seed = rules->seed;
	shot->drawn = drawn;
	memcpy(shot->odds, rules->odds.text, sizeof(shot->odds));
	shot->mark.rdev = rfile->rdev;
	strscpy(shot->mark.device, roulette_name(rfile->rdev),
		sizeof(shot->mark.device));
	shot->mark.hang_time = rules->hang_time;
	if (shot->action->fails)
		rfile->len = 0;
}

/* Return: false if @nowait forbids a hit. The rules are then unchanged. */
static bool roulette_pull(struct roulette_file *rfile,
			  struct roulette_read *read, bool nowait)
{
	struct roulette_rules *rules = &rfile->state->rules;
	/* Read once: the parameter may change while state->lock is held. */
	unsigned int arming = READ_ONCE(roulette_arming);
	enum roulette_outcome outcome;
	u32 drawn;

	outcome = roulette_rules_look(rules, roulette_is_armed(arming), &drawn);
	if (nowait && outcome == ROULETTE_BANG)
		return false;
	roulette_rules_count(rules, outcome);
	rfile->pulls++;
	rfile->len = roulette_pull_line(rules, outcome, drawn,
					rules->action->name, rfile->line);
	trace_roulette_pull(rfile->rdev, rules, drawn,
			    outcome == ROULETTE_BANG);
	if (outcome == ROULETTE_BANG) {
		read->fire = true;
		read->pull = rfile->pulls;
		read->shot.arming = arming;
		roulette_fill_shot(rfile, drawn, &read->shot);
	}
	return true;
}

/*
 * The part of a read before the copy to user memory. It pulls the trigger if
 * @pos is 0. With @nowait, -EAGAIN replaces any hit, because a shot may sleep.
 * io_uring then repeats the read in a worker. Return: number of bytes to copy
 * from the line, starting at @pos; or a negative errno.
 */
static ssize_t roulette_read_begin(struct roulette_file *rfile, loff_t pos,
				   size_t count, bool nowait,
				   struct roulette_read *read)
{
	struct roulette_state *state = rfile->state;
	size_t len;

	read->fire = false;
	/* The kernel panics if init dies, regardless of the action. */
	if (is_global_init(current))
		return -EPERM;
	if (roulette_gone(rfile->rdev))
		return -ENODEV;
	if (!count)
		return 0;

	spin_lock(&state->lock);
	if (!pos && !roulette_pull(rfile, read, nowait)) {
		spin_unlock(&state->lock);
		return -EAGAIN;
	}
	len = rfile->len;
	memcpy(read->line, rfile->line, sizeof(read->line));
	spin_unlock(&state->lock);

	return pos < len ? min_t(size_t, len - pos, count) : 0;
}

/*
 * Like copy_to_user(), but without the check that the bytes lie within one
 * object. The check would take 8 % of the time of a read of /dev/zero.
 * roulette_read_begin() limits @len.
 */
static bool roulette_copy(char __user *to, const char *from, size_t len)
{
	might_fault();
	if (!user_access_begin(to, len))
		return false;
	unsafe_copy_to_user(to, from, len, fault);
	user_access_end();
	return true;

fault:
	user_access_end();
	return false;
}

/*
 * The part of a read after the copy, if the read has hit. If the shot makes the
 * read fail, no later read returns the line, unless the line is already that of
 * a newer pull. Return: 0 or a negative errno.
 */
static int roulette_fire(struct roulette_file *rfile,
			 struct roulette_read *read, bool sync)
{
	struct roulette_state *state = rfile->state;
	int err = roulette_shoot(&read->shot, sync);

	if (err) {
		spin_lock(&state->lock);
		if (rfile->pulls == read->pull)
			rfile->len = 0;
		spin_unlock(&state->lock);
	}
	return err;
}

static ssize_t roulette_read(struct file *file, char __user *buf, size_t count,
			     loff_t *ppos)
{
	struct roulette_file *rfile = file->private_data;
	struct roulette_read read __uninitialized;
	loff_t pos = *ppos;
	ssize_t ret;

	ret = roulette_read_begin(rfile, pos, count, false, &read);
	if (ret > 0 && !roulette_copy(buf, read.line + pos, ret))
		ret = -EFAULT;
	/* The shot fires even if the copy has failed. */
	if (read.fire)
		ret = roulette_fire(rfile, &read, true) ?: ret;
	if (ret > 0)
		*ppos = pos + ret;
	return ret;
}

static ssize_t roulette_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct roulette_file *rfile = iocb->ki_filp->private_data;
	struct roulette_read read __uninitialized;
	ssize_t ret;

	/* A kernel reader may hold locks, which a dying task never releases. */
	if (iov_iter_is_kvec(to))
		return -EINVAL;
	ret = roulette_read_begin(rfile, iocb->ki_pos, iov_iter_count(to),
				  iocb->ki_flags & IOCB_NOWAIT, &read);
	if (ret > 0)
		ret = copy_to_iter(read.line + iocb->ki_pos, ret, to) ?: -EFAULT;
	if (read.fire)
		ret = roulette_fire(rfile, &read, is_sync_kiocb(iocb)) ?: ret;
	if (ret > 0)
		iocb->ki_pos += ret;
	return ret;
}

static ssize_t roulette_write(struct file *file, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct roulette_file *rfile = file->private_data;

	return roulette_gone(rfile->rdev) ? -ENODEV : -EINVAL;
}

static ssize_t roulette_splice_write(struct pipe_inode_info *pipe,
				     struct file *file, loff_t *ppos,
				     size_t len, unsigned int flags)
{
	struct roulette_file *rfile = file->private_data;

	return roulette_gone(rfile->rdev) ? -ENODEV : -EINVAL;
}

/*
 * Refuses splice(), from which a line is too short to gain. The function exists
 * only to return ENODEV after removal.
 */
static ssize_t roulette_splice_read(struct file *file, loff_t *ppos,
				    struct pipe_inode_info *pipe, size_t len,
				    unsigned int flags)
{
	struct roulette_file *rfile = file->private_data;

	return roulette_gone(rfile->rdev) ? -ENODEV : -EINVAL;
}

static loff_t roulette_llseek(struct file *file, loff_t offset, int whence)
{
	struct roulette_file *rfile = file->private_data;
	loff_t ret;

	if (roulette_gone(rfile->rdev))
		return -ENODEV;
	if (whence != SEEK_SET && whence != SEEK_CUR)
		return -EINVAL;
	spin_lock(&file->f_lock);
	if (whence == SEEK_CUR)
		offset += file->f_pos;
	ret = vfs_setpos(file, offset, LLONG_MAX);
	spin_unlock(&file->f_lock);
	return ret;
}

static __poll_t roulette_poll(struct file *file, poll_table *wait)
{
	struct roulette_file *rfile = file->private_data;

	poll_wait(file, &rfile->rdev->wait, wait);
	if (roulette_gone(rfile->rdev))
		return EPOLLHUP | EPOLLERR;
	return EPOLLIN | EPOLLRDNORM;
}

const struct file_operations roulette_file_ops = {
	.owner = THIS_MODULE,
	.open = roulette_open,
	.release = roulette_close,
	.read = roulette_read,
	.read_iter = roulette_read_iter,
	.write = roulette_write,
	.splice_write = roulette_splice_write,
	.splice_read = roulette_splice_read,
	.llseek = roulette_llseek,
	.poll = roulette_poll,
};
