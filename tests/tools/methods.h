/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The methods by which a program can read the start of a file:
 *
 *	read readv		after a seek to the start
 *	pread preadv		at position 0
 *	nowait			preadv2(2) at position 0 with RWF_NOWAIT
 *	aio			io_submit(2) and io_getevents(2)
 *	uring			io_uring
 *	uring-fixed		io_uring with a registered file and buffer
 */
#ifndef METHODS_H
#define METHODS_H

#include <errno.h>
#include <libaio.h>
#include <liburing.h>
#include <stdbool.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define METHODS		"read readv pread preadv nowait aio uring uring-fixed"

/* Limit of concurrent requests. Only aio and io_uring have more than one. */
#define BATCH_MAX	8

struct reads {
	const char *method;
	int fd;
	bool fixed;
	io_context_t aio;
	struct io_uring ring;
	struct iovec registered;
};

/* Return: 0, -EINVAL if the method is unknown, or another negative errno. */
static inline int reads_init(struct reads *r, const char *method, int fd,
			     void *buf, size_t size)
{
	static const char *const methods[] = {
		"read", "readv", "pread", "preadv", "nowait", "aio", "uring",
		"uring-fixed",
	};
	size_t i;
	int ret;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (!strcmp(method, methods[i]))
			break;
	if (i == sizeof(methods) / sizeof(methods[0]))
		return -EINVAL;
	memset(r, 0, sizeof(*r));
	r->method = method;
	r->fd = fd;
	r->fixed = !strcmp(method, "uring-fixed");
	if (!strcmp(method, "aio"))
		return io_setup(BATCH_MAX, &r->aio);
	if (strncmp(method, "uring", 5))
		return 0;
	ret = io_uring_queue_init(BATCH_MAX, &r->ring, 0);
	if (ret || !r->fixed)
		return ret;
	r->registered.iov_base = buf;
	r->registered.iov_len = size;
	ret = io_uring_register_files(&r->ring, &fd, 1);
	return ret ?: io_uring_register_buffers(&r->ring, &r->registered, 1);
}

static inline int reads_aio(struct reads *r, char *buf, size_t size, int batch,
			    long *results)
{
	struct iocb iocbs[BATCH_MAX], *list[BATCH_MAX];
	struct io_event events[BATCH_MAX];
	int i, ret;

	for (i = 0; i < batch; i++) {
		io_prep_pread(&iocbs[i], r->fd, buf + i * size, size, 0);
		list[i] = &iocbs[i];
	}
	ret = io_submit(r->aio, batch, list);
	if (ret != batch)
		return ret < 0 ? ret : -EIO;
	ret = io_getevents(r->aio, batch, batch, events, NULL);
	if (ret != batch)
		return ret < 0 ? ret : -EIO;
	for (i = 0; i < batch; i++)
		results[events[i].obj - iocbs] = (long)events[i].res;
	return 0;
}

static inline int reads_uring(struct reads *r, char *buf, size_t size,
			      int batch, long *results)
{
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
	int i, ret;

	for (i = 0; i < batch; i++) {
		sqe = io_uring_get_sqe(&r->ring);
		if (r->fixed) {
			io_uring_prep_read_fixed(sqe, 0, buf + i * size, size,
						 0, 0);
			sqe->flags |= IOSQE_FIXED_FILE;
		} else {
			io_uring_prep_read(sqe, r->fd, buf + i * size, size, 0);
		}
		sqe->user_data = i;
	}
	ret = io_uring_submit(&r->ring);
	if (ret != batch)
		return ret < 0 ? ret : -EIO;
	for (i = 0; i < batch; i++) {
		ret = io_uring_wait_cqe(&r->ring, &cqe);
		if (ret)
			return ret;
		results[cqe->user_data] = cqe->res;
		io_uring_cqe_seen(&r->ring, cqe);
	}
	return 0;
}

/*
 * Makes @batch reads of @size bytes each, into consecutive parts of @buf. aio
 * and io_uring make them concurrently. Stores the number of bytes of each read,
 * or a negative errno, in @results. Return: 0, or a negative errno if the reads
 * could not be made.
 */
static inline int reads_do(struct reads *r, char *buf, size_t size, int batch,
			   long *results)
{
	struct iovec iov = { .iov_len = size };
	int i;

	if (!strcmp(r->method, "aio"))
		return reads_aio(r, buf, size, batch, results);
	if (r->method[0] == 'u')
		return reads_uring(r, buf, size, batch, results);
	for (i = 0; i < batch; i++) {
		iov.iov_base = buf + i * size;
		if (r->method[0] == 'r' && lseek(r->fd, 0, SEEK_SET))
			return -errno;
		if (!strcmp(r->method, "read"))
			results[i] = read(r->fd, iov.iov_base, size);
		else if (!strcmp(r->method, "readv"))
			results[i] = readv(r->fd, &iov, 1);
		else if (!strcmp(r->method, "pread"))
			results[i] = pread(r->fd, iov.iov_base, size, 0);
		else if (!strcmp(r->method, "nowait"))
			results[i] = preadv2(r->fd, &iov, 1, 0, RWF_NOWAIT);
		else
			results[i] = preadv(r->fd, &iov, 1, 0);
		if (results[i] < 0)
			results[i] = -errno;
	}
	return 0;
}

#endif
