// SPDX-License-Identifier: GPL-2.0
/* File operations of a parrot's node. The node is a stream of frames. */
#include <linux/poll.h>
#include <linux/slab.h>

#include "compat.h"
#include "parrot.h"

static int parrot_open(struct inode *inode, struct file *file)
{
	struct roulette_device *rdev = file->private_data;
	struct parrot *parrot = to_parrot(rdev);
	struct parrot_reader *reader;

	reader = kzalloc(sizeof(*reader), GFP_KERNEL_ACCOUNT);
	if (!reader)
		return -ENOMEM;
	reader->parrot = parrot;
	reader->rdev = rdev;
	reader->fresh = true;
	reader->color = PARROT_COLOR_NONE;
	parrot_wait_init(reader);
	file->private_data = reader;
	spin_lock(&parrot->lock);
	parrot->readers++;
	spin_unlock(&parrot->lock);
	/* Tell io_uring that reads support IOCB_NOWAIT. */
	file->f_mode |= FMODE_NOWAIT;
	return stream_open(inode, file);
}

static int parrot_close(struct inode *inode, struct file *file)
{
	struct parrot_reader *reader = file->private_data;
	struct roulette_device *rdev = reader->rdev;
	struct parrot *parrot = reader->parrot;

	parrot_wait_exit(reader);
	spin_lock(&parrot->lock);
	parrot->readers--;
	spin_unlock(&parrot->lock);
	kfree(reader);
	roulette_put(rdev);
	return 0;
}

/*
 * Takes at most @count bytes, and waits for them unless @nowait. Return: number
 * of bytes; 0 if @count is 0; or a negative errno.
 */
static ssize_t parrot_read_begin(struct parrot_reader *reader, size_t count,
				 bool nowait, struct parrot_chunk *chunk)
{
	if (roulette_gone(reader->rdev))
		return -ENODEV;
	if (!count)
		return 0;
	if (!nowait)
		return parrot_wait_take(reader, count, chunk);
	return parrot_take(reader, count, chunk) ?: -EAGAIN;
}

/*
 * read(2). Without kiocb and iov_iter, a frame at rate max is 15 % cheaper than
 * with parrot_read_iter(). As for /dev/zero, which also has both functions,
 * kernel_read() fails with EINVAL.
 */
static ssize_t parrot_read(struct file *file, char __user *buf, size_t count,
			   loff_t *ppos)
{
	struct parrot_reader *reader = file->private_data;
	struct parrot_chunk chunk __uninitialized;
	ssize_t ret;

	ret = parrot_read_begin(reader, count, file->f_flags & O_NONBLOCK,
				&chunk);
	return ret > 0 ? parrot_copy(reader, &chunk, buf, NULL) : ret;
}

static ssize_t parrot_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct file *file = iocb->ki_filp;
	struct parrot_reader *reader = file->private_data;
	bool nowait = file->f_flags & O_NONBLOCK ||
		      iocb->ki_flags & IOCB_NOWAIT;
	struct parrot_chunk chunk __uninitialized;
	ssize_t ret;

	ret = parrot_read_begin(reader, iov_iter_count(to), nowait, &chunk);
	/* An asynchronous request has no system call to restart. */
	if (ret == -ERESTARTSYS && !is_sync_kiocb(iocb))
		return -EINTR;
	return ret > 0 ? parrot_copy(reader, &chunk, NULL, to) : ret;
}

static ssize_t parrot_write(struct file *file, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct parrot_reader *reader = file->private_data;

	return roulette_gone(reader->rdev) ? -ENODEV : -EINVAL;
}

static ssize_t parrot_splice_write(struct pipe_inode_info *pipe,
				   struct file *file, loff_t *ppos,
				   size_t len, unsigned int flags)
{
	struct parrot_reader *reader = file->private_data;

	return roulette_gone(reader->rdev) ? -ENODEV : -EINVAL;
}

static __poll_t parrot_poll(struct file *file, poll_table *wait)
{
	struct parrot_reader *reader = file->private_data;

	poll_wait(file, &reader->wait, wait);
	if (roulette_gone(reader->rdev))
		return EPOLLHUP | EPOLLERR;
	return parrot_due(reader) ? EPOLLIN | EPOLLRDNORM : 0;
}

const struct file_operations parrot_file_ops = {
	.owner = THIS_MODULE,
	.open = parrot_open,
	.release = parrot_close,
	.read = parrot_read,
	.read_iter = parrot_read_iter,
	.write = parrot_write,
	.splice_write = parrot_splice_write,
	.splice_read = parrot_splice_read,
	.poll = parrot_poll,
};
