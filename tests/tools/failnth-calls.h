/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The operations of failnth. Each has a preparation, one system call, and a
 * function that undoes both.
 */
#ifndef FAILNTH_CALLS_H
#define FAILNTH_CALLS_H

#include "failnth.h"

#include <libaio.h>
#include <liburing.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "errname.h"

#define POLLED		200

/* IORING_REGISTER_IOWQ_MAX_WORKERS, which old headers lack. */
#define MAX_WORKERS	19

/* Result of a call that killed its process. Other results: bytes or -errno. */
#define KILLED		(-10000)

struct operation {
	const char *name;
	void (*prepare)(void);
	long (*call)(void);
	void (*finish)(long ret);	/* undoes prepare() and call() */
};

/* Result of a call. @outcome is in memory that a child shares. */
struct outcome {
	long ret;
	ssize_t len;
	char bytes[65536];
};

static char **args;
static const char *method;
static bool waiting, reading, arm_worker;
static int open_flags;

static struct outcome *outcome;

static int fd = -1, aside = -1;
static int ends[2];
static io_context_t aio;
static struct iocb iocb;
static struct io_uring ring;
static struct pollfd polled[POLLED];

__attribute__((noreturn, format(printf, 1, 2)))
static void broken(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	printf("failnth: ");
	vprintf(format, list);
	printf("\n");
	exit(2);
}

#define need(condition, ...)						\
	do {								\
		if (!(condition))					\
			broken(__VA_ARGS__);				\
	} while (0)

static const char *ending(long ret)
{
	return ret == KILLED ? "killed" : said(ret);
}

static int opened(const char *path, int flags)
{
	int new = open(path, flags | O_CLOEXEC);

	need(new >= 0, "%s: %s", path, errname(errno));
	return new;
}

static void set(const char *path, const char *value)
{
	int knob = opened(path, O_WRONLY);

	need(write(knob, value, strlen(value)) == (ssize_t)strlen(value),
	     "%s: cannot write %s: %s", path, value, errname(errno));
	close(knob);
}

/* Return: the path in sysfs of a knob of the node's device. */
static const char *knob_of(const char *node, const char *knob)
{
	static char path[512];

	snprintf(path, sizeof(path), CLASS "/%s/%s", strrchr(node, '/') + 1,
		 knob);
	return path;
}

/*
 * The operations. prepare() opens the files that call() uses, so that call()
 * makes one system call only.
 */
static void nothing(void)
{
}

static void prepare_file(void)
{
	fd = opened(args[1], O_RDONLY);
}

static long call_load(void)
{
	return result(syscall(SYS_finit_module, fd, args[2] ?: "", 0));
}

static long call_unload(void)
{
	return result(syscall(SYS_delete_module, args[0], O_NONBLOCK));
}

static void finish_load(long ret)
{
	if (ret >= 0)
		need(!call_unload(), "cannot unload %s", args[0]);
	close(fd);
}

static void prepare_unload(void)
{
	prepare_file();
	need(!call_load(), "cannot load %s", args[1]);
	close(fd);
}

static long call_mkdir(void)
{
	return result(mkdir(args[0], 0755));
}

static long call_rmdir(void)
{
	return result(rmdir(args[0]));
}

static void finish_mkdir(long ret)
{
	if (ret >= 0)
		need(!call_rmdir(), "cannot remove %s", args[0]);
}

static void prepare_rmdir(void)
{
	char node[512];

	need(!call_mkdir(), "cannot create %s: %s", args[0], errname(errno));
	if (!reading)
		return;
	snprintf(node, sizeof(node), "/dev/roulette%s", strrchr(args[0], '/'));
	fd = opened(node, O_RDONLY);
	need(read(fd, outcome->bytes, 1) == 1, "cannot read %s", node);
}

static void finish_rmdir(long ret)
{
	(void)ret;
	if (!reading)
		return;
	need(read(fd, outcome->bytes, 1) < 0 && errno == ENODEV,
	     "a read of a removed device does not fail with ENODEV");
	close(fd);
}

static long call_open(void)
{
	return result(open(args[0], O_RDONLY | open_flags));
}

static void finish_close(long ret)
{
	if (ret >= 0)
		close(ret);
}

static void prepare_get(void)
{
	fd = opened(args[0], O_RDONLY);
}

static long call_read(void)
{
	return result(read(fd, outcome->bytes, sizeof(outcome->bytes)));
}

static void finish_fd(long ret)
{
	(void)ret;
	close(fd);
}

static void prepare_put(void)
{
	fd = opened(args[0], O_WRONLY);
}

static long call_put(void)
{
	return result(pwrite(fd, args[1], strlen(args[1]), 0));
}

static void finish_put(long ret)
{
	char byte;

	(void)ret;
	close(fd);
	if (args[2][0] != '/') {
		set(args[0], args[2]);
		return;
	}
	fd = opened(args[2], O_RDONLY);
	need(read(fd, &byte, 1) == 1, "cannot read %s", args[2]);
	close(fd);
}

/* Reading. prepare_read() does all that can precede the system call. */
static struct iovec parts[2], fixed;

static bool is_aio(void)
{
	return !strncmp(method, "aio", 3);
}

static bool is_uring(void)
{
	return !strncmp(method, "uring", 5);
}

/* Return: whether the method moves bytes into a pipe. */
static bool is_piped(void)
{
	return strstr(method, "splice") || !strcmp(method, "sendfile");
}

static void prepare_uring(void)
{
	unsigned int workers[] = { 1, 1 };	/* for files and disks, for others */
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;

	need(!io_uring_queue_init(2, &ring, 0), "cannot set up io_uring");
	if (!strcmp(method, "uring-fixed"))
		need(!io_uring_register_buffers(&ring, &fixed, 1),
		     "cannot register buffers");
	if (!arm_worker)
		return;
	/*
	 * Make io_uring create a worker, which then waits for requests. It may
	 * still be busy at the next request, which must not get another worker.
	 */
	need(!syscall(SYS_io_uring_register, ring.ring_fd, MAX_WORKERS, workers,
		      2), "cannot limit the workers");
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_read(sqe, aside, outcome->bytes, 1, 0);
	sqe->flags |= IOSQE_ASYNC;
	need(io_uring_submit(&ring) == 1 && !io_uring_wait_cqe(&ring, &cqe) &&
	     cqe->res == 1, "io_uring has not created a worker");
	io_uring_cqe_seen(&ring, cqe);
}

static void next_uring(void)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	if (!strcmp(method, "uring-fixed"))
		io_uring_prep_read_fixed(sqe, fd, outcome->bytes,
					 sizeof(outcome->bytes), 0, 0);
	else if (!strcmp(method, "uring-readv"))
		io_uring_prep_readv(sqe, fd, parts, 2, 0);
	else if (!strcmp(method, "uring-poll"))
		io_uring_prep_poll_add(sqe, fd, POLLIN);
	else if (!strcmp(method, "uring-splice"))
		io_uring_prep_splice(sqe, fd, -1, ends[1], -1,
				     sizeof(outcome->bytes), 0);
	else
		io_uring_prep_read(sqe, fd, outcome->bytes,
				   sizeof(outcome->bytes), 0);
	if (!strcmp(method, "uring-async"))
		sqe->flags |= IOSQE_ASYNC;
}

static void prepare_read(void)
{
	int i;

	parts[0] = (struct iovec){ outcome->bytes, 5 };
	parts[1] = (struct iovec){ outcome->bytes + 5,
				   sizeof(outcome->bytes) - 5 };
	fixed = (struct iovec){ outcome->bytes, sizeof(outcome->bytes) };
	fd = opened(args[0], O_RDONLY | open_flags);
	aside = opened("/dev/zero", O_RDONLY);
	if (waiting)
		need(call_read() > 0, "cannot read %s", args[0]);
	/* sendfile(2) would fill a blocking pipe, and then wait for room. */
	if (is_piped())
		need(!pipe2(ends, strcmp(method, "sendfile") ? 0 : O_NONBLOCK),
		     "cannot create a pipe");
	if (is_aio())
		need(!(aio = 0) && !io_setup(1, &aio), "cannot set up libaio");
	else if (is_uring())
		prepare_uring();
	else if (!strncmp(method, "epoll", 5))
		ends[0] = epoll_create1(EPOLL_CLOEXEC);
	for (i = 0; i < POLLED; i++)
		polled[i] = (struct pollfd){ .fd = fd, .events = POLLIN };
	if (!strcmp(method, "epoll-wait")) {
		struct epoll_event event = { .events = EPOLLIN };

		need(!epoll_ctl(ends[0], EPOLL_CTL_ADD, fd, &event),
		     "EPOLL_CTL_ADD");
	}
}

static long call_aio(void)
{
	struct iocb *list[] = { &iocb };

	return io_submit(aio, 1, list);
}

/* Return: the result of the request, from a second system call. */
static long reap_aio(long ret)
{
	struct io_event event;

	if (ret < 0)
		return ret;
	need(io_getevents(aio, 1, 1, &event, NULL) == 1, "io_getevents");
	return (long)event.res;
}

static long reap_uring(long ret)
{
	struct io_uring_cqe *cqe;

	/* The next call would submit a request that is still in the ring. */
	if (ret < 0) {
		io_uring_queue_exit(&ring);
		prepare_uring();
		return ret;
	}
	need(!io_uring_wait_cqe(&ring, &cqe), "io_uring_wait_cqe");
	ret = cqe->res;
	io_uring_cqe_seen(&ring, cqe);
	return ret;
}

static long call_method(void)
{
	char *to = outcome->bytes;
	size_t size = sizeof(outcome->bytes);
	struct epoll_event event = { .events = EPOLLIN };

	if (!strcmp(method, "read"))
		return call_read();
	if (!strcmp(method, "readv"))
		return result(readv(fd, parts, 2));
	if (!strcmp(method, "pread"))
		return result(pread(fd, to, size, 0));
	if (!strcmp(method, "preadv"))
		return result(preadv(fd, parts, 2, 0));
	if (!strcmp(method, "preadv2"))
		return result(preadv2(fd, parts, 2, -1, 0));
	if (!strcmp(method, "nowait"))
		return result(preadv2(fd, parts, 2, -1, RWF_NOWAIT));
	if (!strcmp(method, "splice"))
		return result(splice(fd, NULL, ends[1], NULL, size, 0));
	if (!strcmp(method, "sendfile"))
		return result(sendfile(ends[1], fd, NULL, size));
	if (is_aio())
		return call_aio();
	if (is_uring())
		return io_uring_submit(&ring);
	if (!strcmp(method, "poll"))
		return result(poll(polled, POLLED, 1000));
	if (!strcmp(method, "epoll"))
		return result(epoll_ctl(ends[0], EPOLL_CTL_ADD, fd, &event));
	if (!strcmp(method, "epoll-wait"))
		return result(epoll_wait(ends[0], &event, 1, 10000));
	broken("unknown method: %s", method);
}

static void before_method(void)
{
	if (!strcmp(method, "aio"))
		io_prep_pread(&iocb, fd, outcome->bytes,
			      sizeof(outcome->bytes), 0);
	else if (!strcmp(method, "aio-preadv"))
		io_prep_preadv(&iocb, fd, parts, 2, 0);
	else if (is_aio())
		io_prep_poll(&iocb, fd, POLLIN);
	else if (is_uring())
		next_uring();
	/* Read from the start. On a stream lseek() fails without effect. */
	lseek(fd, 0, SEEK_SET);
}

static long after_method(long ret)
{
	if (is_aio())
		return reap_aio(ret);
	if (is_uring())
		ret = reap_uring(ret);
	if (is_piped() && ret > 0)
		need(read(ends[0], outcome->bytes, sizeof(outcome->bytes)) == ret,
		     "the pipe does not have the bytes of the result");
	return ret;
}

static void finish_read(long ret)
{
	(void)ret;
	close(fd);
	close(aside);
	if (is_aio())
		io_destroy(aio);
	if (is_uring())
		io_uring_queue_exit(&ring);
	if (is_piped())
		close(ends[1]);
	if (is_piped() || !strncmp(method, "epoll", 5))
		close(ends[0]);
}

static const struct operation operations[] = {
	{ "load", prepare_file, call_load, finish_load },
	{ "unload", prepare_unload, call_unload, finish_rmdir },
	{ "mkdir", nothing, call_mkdir, finish_mkdir },
	{ "rmdir", prepare_rmdir, call_rmdir, finish_rmdir },
	{ "open", nothing, call_open, finish_close },
	{ "get", prepare_get, call_read, finish_fd },
	{ "put", prepare_put, call_put, finish_put },
	{ "read", prepare_read, call_method, finish_read },
};

#endif
