// SPDX-License-Identifier: GPL-2.0
/*
 * Splices frames into a pipe, without a copy: the pipe gets references to the
 * pages of the animation. If the animation is replaced, these pages stay
 * allocated until they leave the pipe, or a socket to which it was spliced.
 *
 * The caller holds the pipe's lock. Other tasks need the lock to read or close
 * the pipe, and cannot be killed while they wait for it. So the lock is dropped
 * to wait for a frame, and the pipe is checked again afterwards.
 */
#include <linux/bvec.h>
#include <linux/mm.h>
#include <linux/pipe_fs_i.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/splice.h>
#include <linux/wait.h>

#include "compat.h"
#include "parrot.h"

/* Maximum number of bytes that one call adds to the pipe, in pages. */
#define PARROT_SPLICE_MAX	16
/* The bytes may begin within a page, and include a head or a tail. */
#define PARROT_SPLICE_PAGES	(PARROT_SPLICE_MAX + 2)

static bool parrot_pipe_full(const struct pipe_inode_info *pipe)
{
	return pipe_full(pipe->head, pipe->tail, pipe->max_usage);
}

/*
 * Returns true if the pipe may have room or no reader. The pipe's lock is not
 * held, so the caller checks again under the lock. Head and tail may change
 * between the two reads, and tail may even pass the old head, so the occupancy
 * may be any number. The caller may sleep only if it is exactly that of a full
 * pipe: if the pipe is not full, pipe_read() wakes no writer.
 */
static bool parrot_pipe_changed(const struct pipe_inode_info *pipe)
{
	/* In this order, the pipe can only look emptier than it is. */
	unsigned int head = smp_load_acquire(&pipe->head);
	unsigned int tail = READ_ONCE(pipe->tail);

	return pipe_occupancy(head, tail) != READ_ONCE(pipe->max_usage) ||
	       !READ_ONCE(pipe->readers);
}

/*
 * Waits until the pipe may have room or no reader, or the device is removed.
 * Return: 0 or -ERESTARTSYS.
 */
static int parrot_wait_room(struct parrot_reader *reader,
			    struct pipe_inode_info *pipe)
{
	/* A removal wakes only reader->wait, so wait in that queue, too. */
	DEFINE_WAIT_FUNC(removal, default_wake_function);
	int ret;

	add_wait_queue(&reader->wait, &removal);
	ret = wait_event_interruptible(pipe->wr_wait,
				       parrot_pipe_changed(pipe) ||
				       roulette_gone(reader->rdev));
	remove_wait_queue(&reader->wait, &removal);
	return ret;
}

/*
 * Waits, with the pipe's lock dropped, until a frame is due and the pipe may have
 * room. Return: 0 or a negative errno.
 */
static int parrot_splice_wait(struct parrot_reader *reader,
			      struct pipe_inode_info *pipe)
{
	int ret;

	pipe_unlock(pipe);
	ret = parrot_wait(reader);
	if (!ret)
		ret = parrot_wait_room(reader, pipe);
	pipe_lock(pipe);
	/* A worker of io_uring has no system call to restart. */
	if (ret == -ERESTARTSYS && current->flags & PF_IO_WORKER)
		return -EINTR;
	return ret;
}

/*
 * Adds @count pages to the pipe, which takes over their references. Return:
 * number of bytes added, or a negative errno.
 */
static ssize_t parrot_fill_pipe(struct pipe_inode_info *pipe,
				const struct bio_vec *pages, unsigned int count)
{
	ssize_t done = 0, ret;
	unsigned int i;

	for (i = 0; i < count; i++) {
		struct pipe_buffer buf = {
			.page = pages[i].bv_page,
			.offset = pages[i].bv_offset,
			.len = pages[i].bv_len,
			/* The pages are shared, so nobody may take or write them. */
			.ops = &nosteal_pipe_buf_ops,
		};

		ret = add_to_pipe(pipe, &buf);
		/* The pipe has room. After a failure, all later calls fail. */
		if (ret > 0)
			done += ret;
		else if (!done)
			done = ret;
	}
	return done;
}

/*
 * Moves up to @len bytes, if the pipe has room. Return: number of bytes; 0 if the
 * pipe is full or there is nothing to read; or a negative errno.
 */
static ssize_t parrot_splice_some(struct parrot_reader *reader,
				  struct pipe_inode_info *pipe, size_t len)
{
	/* To zero the array, as some kernels do, would add 3 % to a frame. */
	struct bio_vec pages[PARROT_SPLICE_PAGES] __uninitialized;
	unsigned int room, count;

	if (!pipe->readers) {
		send_sig(SIGPIPE, current, 0);
		return -EPIPE;
	}
	if (roulette_gone(reader->rdev))
		return -ENODEV;
	if (parrot_pipe_full(pipe))
		return 0;
	room = pipe->max_usage - pipe_occupancy(pipe->head, pipe->tail);
	len = min_t(size_t, len, PARROT_SPLICE_MAX * PAGE_SIZE);
	count = parrot_take_pages(reader, len, pages,
				  min_t(unsigned int, room, PARROT_SPLICE_PAGES));
	return parrot_fill_pipe(pipe, pages, count);
}

/**
 * parrot_splice_read() - move the next bytes of a frame into a pipe
 * @file: an open file of a parrot
 * @ppos: unused, because a parrot is a stream
 * @pipe: the pipe; the caller holds its lock
 * @len: maximum number of bytes
 * @flags: SPLICE_F_NONBLOCK: do not wait
 *
 * Waits for a frame as read(2) does.
 *
 * Context: Process context. May sleep, and drops the pipe's lock to wait.
 *
 * Return: number of bytes, not beyond the end of the frame; or a negative
 * errno. A signal gives -ERESTARTSYS, or -EINTR in a worker of io_uring.
 */
ssize_t parrot_splice_read(struct file *file, loff_t *ppos,
			   struct pipe_inode_info *pipe, size_t len,
			   unsigned int flags)
{
	struct parrot_reader *reader = file->private_data;
	bool nowait = file->f_flags & O_NONBLOCK || flags & SPLICE_F_NONBLOCK;
	ssize_t ret;

	if (roulette_gone(reader->rdev))
		return -ENODEV;
	if (!len)
		return 0;
	for (;;) {
		ret = parrot_splice_some(reader, pipe, len);
		if (ret)
			return ret;
		if (nowait)
			return -EAGAIN;
		ret = parrot_splice_wait(reader, pipe);
		if (ret)
			return ret;
	}
}
