// SPDX-License-Identifier: GPL-2.0
/* Reads, polls and splices by io_uring. */
#include <poll.h>

#include "fuzz.h"

#define REQUESTS	6
#define CANCEL		0x100	/* user_data of cancellations begins here */

/*
 * The kernel's wait for room in a full pipe, wait_for_space() in fs/splice.c,
 * returns this errno when it is cancelled. The wait of the module has its own
 * test, parrotwait cancel.
 */
#define ERESTARTSYS	512

struct request {
	enum kind kind;
	struct target target;
	struct iovec iov;
	bool over;
};

static void prepare(struct thread *t, struct io_uring_sqe *sqe,
		    struct request *request, const struct grip *g)
{
	static const off_t positions[] = { 0, 0, 0, -1, 1, 30 };
	off_t position = PICK(t, positions);

	request->target = some_target(t);
	/* A count in io_uring has 32 bits. */
	if (request->target.count > 0x7ffff000)
		request->target.count = 0x7ffff000;
	switch (below(t, 7)) {
	case 0:
	case 1:
		request->kind = KIND_uring_read;
		io_uring_prep_read(sqe, g->fd, request->target.buf,
				   request->target.count, position);
		break;
	case 2:
	case 3:
		request->kind = KIND_uring_readv;
		request->iov.iov_base = request->target.buf;
		request->iov.iov_len = request->target.count;
		io_uring_prep_readv(sqe, g->fd, &request->iov, 1, position);
		break;
	case 4:
		request->kind = KIND_uring_poll;
		io_uring_prep_poll_add(sqe, g->fd, POLLIN);
		break;
	case 5:
		request->kind = KIND_uring_splice;
		io_uring_prep_splice(sqe, g->fd, -1, t->pipe[1], -1, 4096,
				     chance(t, 50) ? SPLICE_F_NONBLOCK : 0);
		break;
	case 6:
		/* Only t->room is registered. */
		request->kind = KIND_uring_fixed;
		io_uring_prep_read_fixed(sqe, g->fd, request->target.buf,
					 request->target.count, position, 0);
		break;
	}
	if (chance(t, 30))
		sqe->flags |= IOSQE_ASYNC;
	if (chance(t, 10))
		sqe->flags |= IOSQE_IO_LINK;
}

static void complete(struct thread *t, struct request *requests,
		     struct io_uring_cqe *cqe, const struct grip *g)
{
	struct request *request = &requests[cqe->user_data % REQUESTS];

	if (cqe->user_data >= CANCEL) {
		judge(t, KIND_uring_cancel, cqe->res, ENOENT, EALREADY, EINVAL,
		      ECANCELED);
		return;
	}
	request->over = true;
	judge_file(t, request->kind, cqe->res, g, EINTR, EAGAIN, ECANCELED,
		   EINVAL, ESPIPE, EBADF, EOVERFLOW, EOPNOTSUPP,
		   request->target.bad ? EFAULT : EAGAIN,
		   request->kind == KIND_uring_splice ? ERESTARTSYS : EAGAIN);
	if (request->kind != KIND_uring_poll && request->kind != KIND_uring_splice)
		judge_bytes(t, g, &request->target, cqe->res);
	if (request->kind == KIND_uring_poll && cqe->res > 0 &&
	    g->type == ROULETTE && still(g) &&
	    !(cqe->res & POLLIN) == !(cqe->res & POLLHUP))
		fail(t, "poll returned events %#x", cqe->res);
}

/* Return: false if no completion arrived within 1 to 20 ms. */
static bool reap(struct thread *t, struct request *requests,
		 const struct grip *g, int *pending)
{
	struct __kernel_timespec limit = {
		.tv_nsec = 1000 * 1000 * (1 + below(t, 20)),
	};
	struct io_uring_cqe *cqe;
	int ret = io_uring_wait_cqe_timeout(&t->ring, &cqe, &limit);

	if (ret) {
		if (ret != -ETIME && ret != -EINTR && ret != -EAGAIN)
			fail(t, "io_uring_wait_cqe_timeout: %d", ret);
		return false;
	}
	/* On older kernels the timeout of the wait is a completion itself. */
	if (cqe->user_data != (uint64_t)-1) {
		complete(t, requests, cqe, g);
		--*pending;
	}
	io_uring_cqe_seen(&t->ring, cqe);
	return true;
}

static void submit(struct thread *t, int *pending, int count)
{
	int ret, done = 0;

	while (done < count) {
		ret = io_uring_submit(&t->ring);
		if (ret < 0 && ret != -EINTR) {
			fail(t, "io_uring_submit: %d", ret);
			return;
		}
		if (ret > 0)
			done += ret;
	}
	*pending += count;
}

void op_uring(struct thread *t)
{
	int count = 1 + below(t, REQUESTS), pending = 0, i;
	struct request requests[REQUESTS];
	struct grip g = grip(t);
	struct io_uring_sqe *sqe;

	if (g.fd < 0 || !t->has_ring)
		return;
	memset(requests, 0, sizeof(requests));
	doing(t, "io_uring, %d requests to %d", count, g.fd);
	for (i = 0; i < count; i++) {
		sqe = io_uring_get_sqe(&t->ring);
		prepare(t, sqe, &requests[i], &g);
		sqe->user_data = i;
	}
	submit(t, &pending, count);
	while (pending && reap(t, requests, &g, &pending))
		;
	/* Cancel the remaining requests, which may wait for long. */
	for (i = 0, count = 0; i < REQUESTS; i++) {
		if (!requests[i].kind || requests[i].over)
			continue;
		sqe = io_uring_get_sqe(&t->ring);
		io_uring_prep_cancel(sqe, (void *)(uintptr_t)i, 0);
		sqe->user_data = CANCEL + i;
		count++;
	}
	submit(t, &pending, count);
	while (pending)
		reap(t, requests, &g, &pending);
	drain(t->drain);
}
