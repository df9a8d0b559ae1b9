// SPDX-License-Identifier: GPL-2.0
/* A worker: a process whose threads run one operation after another. */
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "fuzz.h"

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id	_sigev_un._tid
#endif

static const struct {
	const char *name;
	void (*once)(struct thread *t);
	unsigned int weight;
} operations[] = {
	{ "open", op_open, 50 },	{ "close", op_close, 20 },
	{ "dup", op_dup, 20 },		{ "pass", op_pass, 10 },
	{ "mknod", op_mknod, 5 },
	{ "read", op_read, 120 },	{ "pull", op_pull, 40 },
	{ "frame", op_frame, 30 },	{ "aio", op_aio, 25 },
	{ "uring", op_uring, 25 },	{ "sendfile", op_sendfile, 12 },
	{ "splice", op_splice, 20 },	{ "write", op_write, 10 },
	{ "poll", op_poll, 30 },	{ "epoll", op_epoll, 30 },
	{ "fcntl", op_fcntl, 25 },	{ "ioctl", op_ioctl, 15 },
	{ "mmap", op_mmap, 10 },	{ "seek", op_seek, 20 },
	{ "sync", op_sync, 10 },	{ "attr", op_attr, 15 },
	{ "lock", op_lock, 10 },
	{ "knob_read", op_knob_read, 60 }, { "knob_write", op_knob_write, 120 },
	{ "knob_hold", op_knob_hold, 30 }, { "twin", op_twin, 25 },
	{ "mkdir", op_mkdir, 60 },	{ "rmdir", op_rmdir, 20 },
	{ "tree", op_tree, 40 },	{ "list", op_list, 15 },
	{ "uevent", op_uevent, 8 },
	{ "module", op_module, 5 },	{ "reload", op_reload, 1 },
	{ "armed", op_armed, 4 },
	{ "child", op_child, 6 },	{ "signal", op_signal, 10 },
};

static void one(struct thread *t)
{
	unsigned int total = 0, pick;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		total += operations[i].weight;
	random_begin(t);
	pick = below(t, total);
	for (i = 0; pick >= operations[i].weight; i++)
		pick -= operations[i].weight;
	t->beat->kind = operations[i].name;
	if (options.verbose)
		dprintf(1, "%u.%u %llu %s\n", t->worker, t->number,
			(unsigned long long)t->op, operations[i].name);
	operations[i].once(t);
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void *need(void *at)
{
	if (at == MAP_FAILED)
		abort();
	return at;
}

static void equip(struct thread *t)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1,
		.sigev_notify_thread_id = t->beat->tid,
	};
	struct iovec room = { .iov_len = ROOM };
	char path[40];

	t->room = need(mmap(NULL, ROOM + 4096, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	need(mprotect(t->room + ROOM, 4096, PROT_NONE) ? MAP_FAILED : NULL);
	t->constant = need(mmap(NULL, 4096, PROT_READ,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	room.iov_base = t->room;
	t->has_ring = !io_uring_queue_init(16, &t->ring, 0) &&
		      !io_uring_register_buffers(&t->ring, &room, 1);
	t->has_aio = !io_setup(8, &t->aio);
	t->epoll = epoll_create1(EPOLL_CLOEXEC);
	t->null = open("/dev/null", O_WRONLY);
	t->held = -1;
	if (!t->has_ring || !t->has_aio ||
	    pipe(t->pipe) || pipe2(t->pipe2, O_NONBLOCK) ||
	    timer_create(CLOCK_MONOTONIC, &event, &t->timer))
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", t->pipe[0]);
	t->drain = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (t->drain < 0)
		abort();
}

static void *run(void *data)
{
	struct thread *t = data;
	struct beat *beat = t->beat;

	beat->tid = syscall(SYS_gettid);
	equip(t);
	while (!board->stop && (!options.ops || beat->op < options.ops)) {
		if (board->calm)
			slots_close();
		if (board->calm && t->held >= 0) {
			close(t->held);
			t->held = -1;
		}
		t->op = beat->op;
		__atomic_store_n(&beat->since, seconds(), __ATOMIC_RELAXED);
		one(t);
		/*
		 * A new worker continues after the operation in which the old
		 * one was killed: replace() increments beat->op.
		 */
		__atomic_store_n(&beat->op, t->op + 1, __ATOMIC_RELAXED);
	}
	beat->over = true;
	return NULL;
}

static void ignore(int signal)
{
	(void)signal;
}

void work(unsigned int worker)
{
	struct sigaction action = { .sa_handler = ignore };
	pthread_t handles[THREADS];
	static struct thread threads[THREADS];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGIO, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	slots_init();
	for (unsigned int i = 0; i < THREADS; i++) {
		threads[i].worker = worker;
		threads[i].number = i;
		threads[i].beat = &board->beats[worker][i];
		if (pthread_create(&handles[i], NULL, run, &threads[i]))
			abort();
	}
	for (unsigned int i = 0; i < THREADS; i++)
		pthread_join(handles[i], NULL);
	_exit(0);
}
