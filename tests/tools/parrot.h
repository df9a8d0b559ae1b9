/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions that the test programs of type parrot share: instances, knobs,
 * numbered frames, and calls that wait in a thread.
 *
 * The animation "count" has 1,024 frames. The picture of a frame is its number,
 * so a test knows which frame it has read.
 *
 * An event that must occur "at once" may take LATE seconds, because the machine
 * may be busy. With a bug it would occur after 1,000 s, or never.
 */
#ifndef PARROT_H
#define PARROT_H

#include "cases.h"

#include <fcntl.h>
#include <libaio.h>
#include <liburing.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define CLASS		"/sys/class/roulette/"
#define CONFIG		"/sys/kernel/config/roulette/parrot/"
#define NODES		"/dev/roulette/"
#define FIRMWARE	"/lib/firmware/roulette"

/* A frame: HOME, colour, rows that end in ROW_END, RESET if coloured, END. */
#define HOME		"\033[H"
#define ROW_END		"\033[K"
#define RESET		"\033[0m"
#define END		"\n\033[J"
#define CUT		RESET ROW_END END	/* the end of a cut frame */
/* Length of a frame of "count", without a colour. */
#define COUNT_LEN	((long)strlen(HOME "0000" ROW_END END))
#define COUNT_FRAMES	1024
#define LATE		10.0

static inline const char *path(const char *before, const char *name,
			       const char *knob)
{
	static __thread char text[256];

	snprintf(text, sizeof(text), "%s%s%s%s", before, name,
		 knob[0] ? "/" : "", knob);
	return text;
}

static inline void set(const char *name, const char *knob, const char *value)
{
	int fd = open(path(CLASS, name, knob), O_WRONLY);
	long ret;

	need(fd >= 0, "cannot open knob %s of %s", knob, name);
	ret = result(write(fd, value, strlen(value)));
	need(ret == (long)strlen(value), "cannot set %s of %s to %s: %s", knob,
	     name, value, said(ret));
	close(fd);
}

static inline unsigned long get(const char *name, const char *knob)
{
	char text[64] = "";
	int fd = open(path(CLASS, name, knob), O_RDONLY);

	need(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0,
	     "cannot read knob %s of %s", knob, name);
	close(fd);
	return strtoul(text, NULL, 10);
}

static inline void make_firmware_folder(void)
{
	mkdir("/lib/firmware", 0755);
	mkdir(FIRMWARE, 0755);
}

static inline void make_count_animation(void)
{
	FILE *file;
	int i;

	make_firmware_folder();
	file = fopen(FIRMWARE "/count.anim", "w");
	need(file, "cannot write in " FIRMWARE);
	for (i = 0; i < COUNT_FRAMES; i++)
		fprintf(file, "%s%04d\n", i ? "\f\n" : "", i);
	fclose(file);
}

#define BIG_SIZE	(4 << 20)

/* An animation "big" of one frame of 4 MiB, in lines of 80 bytes. */
static inline void make_big_animation(void)
{
	char *text = malloc(BIG_SIZE);
	int fd, i;

	make_firmware_folder();
	fd = creat(FIRMWARE "/big.anim", 0644);
	memset(text, '#', BIG_SIZE);
	for (i = 79; i < BIG_SIZE; i += 80)
		text[i] = '\n';
	text[BIG_SIZE - 1] = '\n';
	need(fd >= 0 && write(fd, text, BIG_SIZE) == BIG_SIZE,
	     "cannot write big.anim: %s", errname(errno));
	close(fd);
	free(text);
}

/* Creates an instance. First removes one that an earlier run has left. */
static inline void make(const char *name, const char *rate,
			const char *animation, const char *color)
{
	rmdir(path(CONFIG, name, ""));
	need(!mkdir(path(CONFIG, name, ""), 0755), "cannot create %s: %s", name,
	     errname(errno));
	if (strcmp(animation, "count") == 0)
		make_count_animation();
	set(name, "animation", animation);
	set(name, "color", color);
	set(name, "frame_rate", rate);
}

static inline void drop(const char *name)
{
	need(!rmdir(path(CONFIG, name, "")), "cannot remove %s: %s", name,
	     errname(errno));
}

static inline int node(const char *name, int flags)
{
	int fd = open(path(NODES, name, ""), O_RDONLY | flags);

	need(fd >= 0, "cannot open the node of %s: %s", name, errname(errno));
	return fd;
}

/* Checks a whole frame of "count", of any colour. Return: its number. */
static inline int number(const char *frame, ssize_t len)
{
	const char *from = frame + strlen(HOME), *reset = "";
	char want[64];
	int found;

	need(len > 10 && !memcmp(frame, HOME, strlen(HOME)),
	     "not a frame: %zd bytes: %.*s", len, (int)len, frame);
	if (*from == '\033') {
		from += strlen("\033[30m");
		reset = RESET;
	}
	found = atoi(from);
	snprintf(want, sizeof(want), "%.*s%04d%s%s%s", (int)(from - frame),
		 frame, found, ROW_END, reset, END);
	need(len == (ssize_t)strlen(want) && !memcmp(frame, want, len),
	     "not a whole frame of the animation count: %.*s", (int)len, frame);
	return found;
}

/* Reads one frame of "count". Return: its number, or a negative errno. */
static inline long frame(int fd)
{
	char bytes[4096];
	ssize_t got = read(fd, bytes, sizeof(bytes));

	return got < 0 ? -errno : number(bytes, got);
}

/* Return: number of frames from @from to @to. */
static inline int after(long from, long to)
{
	return (to - from) & (COUNT_FRAMES - 1);
}

static inline bool ready(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	poll(&pollfd, 1, 0);
	return pollfd.revents & POLLIN;
}

/* Reads all due frames. Return: the number of the last frame, or @last. */
static inline long drain(int fd, long last)
{
	while (ready(fd)) {
		last = frame(fd);
		need(last >= 0, "read: %s", said(last));
	}
	return last;
}

/* The ways to wait: each reads a frame of "count", or returns events. */
static inline long wait_readv(int fd)
{
	char bytes[64];
	struct iovec iov[] = { { bytes, 3 }, { bytes + 3, 61 } };
	ssize_t got = readv(fd, iov, 2);

	return got < 0 ? -errno : number(bytes, got);
}

static inline long wait_poll(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN | POLLRDNORM };
	const struct timespec limit = { .tv_sec = 3 * LATE };

	/* The system calls that glibc uses for poll() and epoll_wait() vary. */
	return result(ppoll(&pollfd, 1, &limit, NULL)) < 0 ? -errno :
							     pollfd.revents;
}

static inline long wait_epoll_for(int fd, uint32_t how)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLRDNORM | how };
	int epfd = epoll_create1(EPOLL_CLOEXEC);
	long ret;

	need(!epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event), "EPOLL_CTL_ADD: %s",
	     errname(errno));
	event.events = 0;
	ret = result(epoll_pwait(epfd, &event, 1, 3000 * LATE, NULL));
	close(epfd);
	return ret < 0 ? ret : event.events;
}

static inline long wait_epoll(int fd)
{
	return wait_epoll_for(fd, 0);
}

static inline long wait_epoll_edge(int fd)
{
	return wait_epoll_for(fd, EPOLLET);
}

/* Linux AIO can poll only files that have a single wait queue. */
static inline long wait_aio_poll(int fd)
{
	io_context_t context = NULL;
	struct io_event event = { .res = 0 };
	struct iocb iocb, *request = &iocb;
	long ret;

	need(!io_setup(1, &context), "io_setup");
	io_prep_poll(&iocb, fd, POLLIN | POLLRDNORM);
	ret = io_submit(context, 1, &request);
	if (ret == 1)
		/* The system call that libaio uses varies. */
		ret = result(syscall(SYS_io_getevents, context, 1, 1, &event,
				     NULL));
	io_destroy(context);
	return ret < 0 ? ret : (long)event.res;
}

static inline long wait_splice(int fd)
{
	char bytes[64];
	int ends[2];
	long ret;

	need(!pipe(ends), "pipe: %s", errname(errno));
	ret = result(splice(fd, NULL, ends[1], NULL, 4096, 0));
	if (ret > 0)
		ret = number(bytes, read(ends[0], bytes, sizeof(bytes)));
	close(ends[0]);
	close(ends[1]);
	return ret;
}

/* Return: number of bytes that io_uring has read, or a negative errno. */
static inline long uring_read(int fd, void *bytes, size_t size,
			      unsigned int flags)
{
	struct io_uring ring;
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
	long ret;

	ret = io_uring_queue_init(2, &ring, 0);
	need(!ret, "io_uring_queue_init: %s", said(ret));
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_read(sqe, fd, bytes, size, -1);
	sqe->flags |= flags;
	ret = io_uring_submit(&ring);
	need(ret == 1, "io_uring_submit: %s", said(ret));
	ret = io_uring_wait_cqe(&ring, &cqe);
	if (!ret)
		ret = cqe->res;
	io_uring_queue_exit(&ring);
	return ret;
}

static inline long wait_uring(int fd)
{
	char bytes[64];
	long got = uring_read(fd, bytes, sizeof(bytes), 0);

	return got < 0 ? got : number(bytes, got);
}

static inline long wait_uring_worker(int fd)
{
	char bytes[64];
	long got = uring_read(fd, bytes, sizeof(bytes), IOSQE_ASYNC);

	return got < 0 ? got : number(bytes, got);
}

static const struct waiter {
	const char *name;
	long (*call)(int fd);
	long syscall;		/* in which it sleeps */
	bool events;		/* returns events, and reads nothing */
} waiters[] = {
	{ "read", frame, SYS_read, false },
	{ "readv", wait_readv, SYS_readv, false },
	{ "splice", wait_splice, SYS_splice, false },
	{ "io_uring", wait_uring, SYS_io_uring_enter, false },
	{ "io_uring's worker", wait_uring_worker, SYS_io_uring_enter, false },
	{ "poll", wait_poll, SYS_ppoll, true },
	{ "epoll", wait_epoll, SYS_epoll_pwait, true },
	{ "epoll, edge-triggered", wait_epoll_edge, SYS_epoll_pwait, true },
	{ "AIO's poll", wait_aio_poll, SYS_io_getevents, true },
};

/* A thread that makes one call that waits. */
struct job {
	const struct waiter *waiter;
	int fd;
	pthread_t thread;
	pid_t tid;
	bool done;
	long result;
	double ended;
};

static inline void *run_job(void *data)
{
	struct job *job = data;

	__atomic_store_n(&job->tid, syscall(SYS_gettid), __ATOMIC_RELEASE);
	job->result = job->waiter->call(job->fd);
	job->ended = now();
	__atomic_store_n(&job->done, true, __ATOMIC_RELEASE);
	return NULL;
}

/* Return: whether the thread or process sleeps in this system call. */
static inline bool asleep(pid_t tid, long syscall_number)
{
	char name[64];
	long found = -1;
	FILE *file;

	snprintf(name, sizeof(name), "/proc/%d/syscall", tid);
	file = fopen(name, "r");
	if (!file)
		return false;
	/* The file begins with the system call's number, or is "running". */
	if (fscanf(file, "%ld", &found) != 1)
		found = -1;
	fclose(file);
	return found == syscall_number;
}

static inline void wait_until_asleep(struct job *job)
{
	double end = now() + LATE;
	pid_t tid;

	for (;;) {
		tid = __atomic_load_n(&job->tid, __ATOMIC_ACQUIRE);
		if (tid && asleep(tid, job->waiter->syscall))
			return;
		need(!__atomic_load_n(&job->done, __ATOMIC_ACQUIRE),
		     "%s did not wait, and returned %s", job->waiter->name,
		     said(job->result));
		need(now() < end, "%s does not wait in its system call",
		     job->waiter->name);
		nap(0.001);
	}
}

static inline void begin(struct job *job, const struct waiter *waiter, int fd)
{
	*job = (struct job){ .waiter = waiter, .fd = fd };
	need(!pthread_create(&job->thread, NULL, run_job, job),
	     "no thread for %s", waiter->name);
	wait_until_asleep(job);
}

static inline long end(struct job *job)
{
	struct timespec limit;

	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += LATE;
	need(!pthread_timedjoin_np(job->thread, NULL, &limit),
	     "%s still waits after %.0f s", job->waiter->name, LATE);
	return job->result;
}

#endif
