// SPDX-License-Identifier: GPL-2.0
/*
 * Splicing frames into a pipe. The caller holds the pipe's lock. Nobody can
 * read or close the pipe under it, nor even be killed while it waits for it,
 * so it is dropped to wait for a frame; afterwards the pipe is looked at anew.
 */
#include <linux/bvec.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/pipe_fs_i.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/splice.h>
#include <linux/wait.h>

#include "parrot.h"

/* Pages of a frame that go into the pipe at a time. */
#define PARROT_SPLICE_PAGES	16

static bool parrot_pipe_full(const struct pipe_inode_info *pipe)
{
	return pipe_full(pipe->head, pipe->tail, pipe->max_usage);
}

/*
 * May have room, or has nobody who would make any. Asked without the pipe's
 * lock, so all of it may change meanwhile; who is woken asks again with the
 * lock. Writers and readers may come between the looks at head and tail, and
 * tail even pass head: all but a pipe that is full to a slot is looked at again,
 * since nobody wakes who sleeps on one that is not.
 */
static bool parrot_pipe_changed(const struct pipe_inode_info *pipe)
{
	/* In this order the pipe is at most taken for less full than it is. */
	unsigned int head = smp_load_acquire(&pipe->head);
	unsigned int tail = READ_ONCE(pipe->tail);

	return pipe_occupancy(head, tail) != READ_ONCE(pipe->max_usage) ||
	       !READ_ONCE(pipe->readers);
}

/* Waits for room, or for the end of either. Return: 0 or -ERESTARTSYS. */
static int parrot_wait_room(struct parrot_reader *reader,
			    struct pipe_inode_info *pipe)
{
	/* Wakes the sleep below without being what it sleeps on. */
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
 * Waits with the pipe's lock dropped until there are a frame and room for it.
 * Return: 0 with the lock held all the while since both were seen.
 */
static int parrot_splice_wait(struct parrot_reader *reader,
			      struct pipe_inode_info *pipe, bool nowait)
{
	int ret;

	for (;;) {
		if (!pipe->readers) {
			send_sig(SIGPIPE, current, 0);
			return -EPIPE;
		}
		if (roulette_gone(reader->rdev))
			return -ENODEV;
		if (!parrot_pipe_full(pipe) && parrot_due(reader))
			return 0;
		if (nowait)
			return -EAGAIN;
		pipe_unlock(pipe);
		ret = parrot_wait(reader);
		if (!ret)
			ret = parrot_wait_room(reader, pipe);
		pipe_lock(pipe);
		/* io_uring's worker has no system call to restart. */
		if (ret == -ERESTARTSYS && current->flags & PF_IO_WORKER)
			return -EINTR;
		if (ret)
			return ret;
	}
}

/* Pages for @len bytes, or for fewer, but one at least: @first. */
static unsigned int parrot_alloc_pages(struct bio_vec *pages, size_t len,
				       struct page *first)
{
	unsigned int wanted = min_t(size_t, PARROT_SPLICE_PAGES,
				    DIV_ROUND_UP(len, PAGE_SIZE));
	unsigned int i;

	for (i = 0; i < wanted; i++) {
		pages[i].bv_page = i ? alloc_page(GFP_KERNEL_ACCOUNT) : first;
		if (!pages[i].bv_page)
			break;
		pages[i].bv_offset = 0;
		pages[i].bv_len = PAGE_SIZE;
	}
	return i;
}

/*
 * Gives the pages that hold the @len bytes to the pipe, which frees them, and
 * frees the others. Return: bytes, or an error.
 */
static ssize_t parrot_fill_pipe(struct pipe_inode_info *pipe,
				struct bio_vec *pages, unsigned int count,
				size_t len)
{
	ssize_t done = 0, ret;
	unsigned int i;

	for (i = 0; i < count; i++) {
		struct pipe_buffer buf = {
			.page = pages[i].bv_page,
			.len = min_t(size_t, len, PAGE_SIZE),
			.ops = &nosteal_pipe_buf_ops,
		};

		if (!buf.len) {
			put_page(buf.page);
			continue;
		}
		len -= buf.len;
		ret = add_to_pipe(pipe, &buf);
		/* There was room for all; should that be wrong, stop counting. */
		if (ret > 0)
			done += ret;
		else if (!done)
			done = ret;
	}
	return done;
}

/*
 * Waits for a frame and moves up to @len bytes of it. Return: how many; 0 if they
 * are gone again, and the caller has to try once more.
 */
static ssize_t parrot_splice_some(struct parrot_reader *reader,
				  struct pipe_inode_info *pipe, size_t len,
				  bool nowait)
{
	struct bio_vec pages[PARROT_SPLICE_PAGES];
	struct parrot_chunk chunk;
	unsigned int count, room;
	struct iov_iter to;
	struct page *first;
	ssize_t ret;

	/* Before a frame is begun, so that none is if there is no memory. */
	first = alloc_page(GFP_KERNEL_ACCOUNT);
	if (!first)
		return -ENOMEM;
	ret = parrot_splice_wait(reader, pipe, nowait);
	if (ret)
		goto put_first;
	room = pipe->max_usage - pipe_occupancy(pipe->head, pipe->tail);
	count = min_t(size_t, DIV_ROUND_UP(len, PAGE_SIZE),
		      min_t(unsigned int, room, PARROT_SPLICE_PAGES));
	len = min_t(size_t, len, (size_t)count << PAGE_SHIFT);
	/* Another thread that reads this file may have been quicker. */
	if (!parrot_take(reader, len, &chunk))
		goto put_first;

	count = parrot_alloc_pages(pages, chunk.len, first);
	iov_iter_bvec(&to, READ, pages, count, (size_t)count << PAGE_SHIFT);
	ret = parrot_copy(reader, &chunk, &to);
	ret = parrot_fill_pipe(pipe, pages, count, max_t(ssize_t, ret, 0));
	parrot_give_back(reader, &chunk, ret);
	return ret;

put_first:
	put_page(first);
	return ret;
}

/**
 * parrot_splice_read() - move the next bytes of a frame into a pipe
 * @file: an open file of a parrot
 * @ppos: unused, a parrot is a stream
 * @pipe: the pipe, locked
 * @len: at most so many bytes
 * @flags: SPLICE_F_NONBLOCK
 *
 * Waits as a read does.
 *
 * Return: number of bytes, at most what is left of one frame, or a negative
 * errno; for a signal -ERESTARTSYS, in a worker of io_uring -EINTR.
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
	do {
		ret = parrot_splice_some(reader, pipe, len, nowait);
	} while (!ret);
	return ret;
}
