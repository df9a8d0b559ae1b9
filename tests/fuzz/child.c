// SPDX-License-Identifier: GPL-2.0
/* Kills readers, makes calls without privileges, and sends signals. */
#include <poll.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "errname.h"
#include "fuzz.h"

/* Has requests in flight when the process is killed. */
static void read_by_ring(int fd, char *bytes, size_t size)
{
	struct io_uring_cqe *cqe;
	struct io_uring_sqe *sqe;
	struct io_uring ring;

	if (io_uring_queue_init(4, &ring, 0))
		return;
	for (;;) {
		while ((sqe = io_uring_get_sqe(&ring)))
			io_uring_prep_read(sqe, fd, bytes, size, 0);
		io_uring_submit_and_wait(&ring, 1);
		while (!io_uring_peek_cqe(&ring, &cqe))
			io_uring_cqe_seen(&ring, cqe);
	}
}

static void read_by_aio(int fd, char *bytes, size_t size)
{
	struct iocb iocb, *list = &iocb;
	io_context_t aio = NULL;
	struct io_event event;

	if (io_setup(4, &aio))
		return;
	for (;;) {
		io_prep_poll(&iocb, fd, POLLIN);
		if (io_submit(aio, 1, &list) == 1)
			io_getevents(aio, 1, 1, &event, NULL);
		io_prep_pread(&iocb, fd, bytes, size, 0);
		if (io_submit(aio, 1, &list) == 1)
			io_getevents(aio, 1, 1, &event, NULL);
	}
}

static void wait_by_epoll(int fd)
{
	struct epoll_event event = { .events = EPOLLIN };
	int epoll = epoll_create1(0);

	epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
	for (;;)
		epoll_wait(epoll, &event, 1, 1000);
}

#define WAYS	7

/*
 * Runs in a child of fork(). Makes system calls only, because any lock may be
 * held by a thread that does not exist in the child.
 */
static void read_for_ever(struct thread *t, int fd, unsigned int how)
{
	struct pollfd file = { .fd = fd, .events = POLLIN };
	static char bytes[300];

	if (how == 4)
		read_by_ring(fd, bytes, sizeof(bytes));
	else if (how == 5)
		read_by_aio(fd, bytes, sizeof(bytes));
	else if (how == 6)
		wait_by_epoll(fd);
	for (;;) {
		if (how == 0)
			read(fd, bytes, sizeof(bytes));
		else if (how == 1)
			pread(fd, bytes, sizeof(bytes), 0);
		else if (how == 2)
			splice(fd, NULL, t->pipe[1], NULL, 4096, 0);
		else
			poll(&file, 1, 1000);
	}
}

/* Exit status if a module was unloaded. No file mode may allow this. */
#define UNLOADED	2

/* Raw calls, because glibc's also act on threads that fork() has not copied. */
static void try_all(const char *node, const char *knob, const char *dir)
{
	bool root;

	syscall(SYS_setresgid, 65534, 65534, 65534);
	syscall(SYS_setresuid, 65534, 65534, 65534);
	root = open(node, O_RDWR) >= 0;
	root |= open(knob, O_WRONLY) >= 0;
	root |= !mkdir(dir, 0755);
	root |= !rmdir(dir);
	if (!syscall(SYS_delete_module, "parrot", O_NONBLOCK))
		_exit(UNLOADED);
	_exit(root);
}

static int reap(struct thread *t, pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR) {
			fail(t, "waitpid: %s", errname(errno));
			break;
		}
	return status;
}

/*
 * Other operations change modes and owners at random, so an unprivileged
 * process may succeed. Only unloading a module must fail.
 */
static void unprivileged(struct thread *t)
{
	const char *name = some_name(t);
	char node[100], knob[100], dir[100];
	int status;
	pid_t pid;

	node_path(node, sizeof(node), name);
	snprintf(knob, sizeof(knob), CLASS "%s/type", name);
	snprintf(dir, sizeof(dir), CONFIG "parrot/nobody");
	doing(t, "unprivileged calls to %s", name);
	pid = fork();
	if (!pid)
		try_all(node, knob, dir);
	if (pid < 0)
		return;
	status = reap(t, pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == UNLOADED)
		fail(t, "an unprivileged process unloaded a module");
	note(t, KIND_unprivileged, status ? 0 : -EACCES);
}

void op_child(struct thread *t)
{
	unsigned int how = below(t, WAYS), pause = below(t, 5000);
	struct grip g;
	int status;
	pid_t pid;

	if (chance(t, 20)) {
		unprivileged(t);
		return;
	}
	g = grip(t);
	if (g.fd < 0)
		return;
	doing(t, "kill a reader of %d, method %u", g.fd, how);
	pid = fork();
	if (pid < 0) {
		judge(t, KIND_kill_reader, -errno, EAGAIN);
		return;
	}
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		read_for_ever(t, g.fd, how);
	}
	usleep(pause);
	kill(pid, SIGKILL);
	status = reap(t, pid);
	note(t, KIND_kill_reader, 0);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		fail(t, "the reader ended with status %#x", status);
	drain(t->drain);
}

/* Signals this process after a while, in any call; sometimes at once too. */
void op_signal(struct thread *t)
{
	struct itimerval when = { .it_value.tv_usec = 1 + below(t, 30000) };

	doing(t, "signal");
	note(t, KIND_signal, result(setitimer(ITIMER_REAL, &when, NULL)));
	if (chance(t, 30))
		kill(getpid(), chance(t, 50) ? SIGUSR1 : SIGURG);
}
