// SPDX-License-Identifier: GPL-2.0
/* Copies the bytes of a chunk to a reader. */
#include <linux/fault-inject-usercopy.h>
#include <linux/instrumented.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "parrot.h"

/*
 * Copies to @iter, or to @user if @iter is NULL. Return: number of bytes copied.
 *
 * Does what copy_to_user() does, except the check that the bytes lie within one
 * object. They lie within a page, and the check would add 20 % to a frame at rate
 * max.
 */
static size_t parrot_copy_part(const struct bio_vec *part, char __user *user,
			       struct iov_iter *iter)
{
	const char *from = page_address(part->bv_page) + part->bv_offset;

	if (iter)
		return copy_page_to_iter(part->bv_page, part->bv_offset,
					 part->bv_len, iter);
	might_fault();
	if (should_fail_usercopy())
		return 0;
	instrument_copy_to_user(user, from, part->bv_len);
	return part->bv_len - raw_copy_to_user(user, from, part->bv_len);
}

/*
 * Copies and puts the pages of @chunk. Adds the number of bytes to @done.
 * Return: false if a byte could not be copied.
 */
static bool parrot_copy_pages(struct parrot_chunk *chunk, char __user *user,
			      struct iov_iter *iter, size_t *done)
{
	const struct bio_vec *part, *end = chunk->pages + chunk->page_count;

	for (part = chunk->pages; part < end; part++) {
		size_t copied = parrot_copy_part(part, user + *done, iter);

		*done += copied;
		put_page(part->bv_page);
		if (copied < part->bv_len)
			break;
	}
	if (part == end)
		return true;
	while (++part < end)
		put_page(part->bv_page);
	return false;
}

/**
 * parrot_copy() - copy the bytes of a chunk
 * @reader: the open file
 * @chunk: the chunk from parrot_take()
 * @user: user memory with room for the chunk, for which access_ok() is true
 * @iter: destination with room for the chunk, instead of @user; or NULL
 *
 * If the animation is replaced meanwhile, stops there. The next parrot_take()
 * then gives bytes that end the cut frame. Bytes that were not copied are
 * returned to the stream.
 *
 * Context: Process context. May sleep, without a time limit if the destination
 * is user memory.
 *
 * Return: number of bytes copied, at least 1; or -EFAULT.
 */
ssize_t parrot_copy(struct parrot_reader *reader, struct parrot_chunk *chunk,
		    char __user *user, struct iov_iter *iter)
{
	size_t done = 0;

	while (chunk->page_count &&
	       parrot_copy_pages(chunk, user, iter, &done)) {
		if (done == chunk->len)
			return done;
		cond_resched();
		parrot_take_more(reader, chunk, done);
	}
	parrot_give_back(reader, chunk, done);
	return done ?: -EFAULT;
}
