// SPDX-License-Identifier: GPL-2.0
/*
 * parrotwait CASE - calls that wait for frames of a parrot, or must not wait
 *
 *	nonblock	calls that must not wait fail with EAGAIN
 *	epoll		epoll, level- and edge-triggered
 *	uring		a read by io_uring waits without a worker thread
 *	cancel		a request of io_uring that waits can be cancelled, and
 *			ends with EINTR or ECANCELED
 *	signals		a signal ends a read; with SA_RESTART it continues
 *	terminal	Ctrl-C and SIGKILL end a waiting cat
 *	room		a splice waits for room in its pipe
 *	pipe		the task that reads the pipe of a waiting splice can be
 *			killed; the splice then fails with EPIPE
 */
#include "parrot.h"

#include <dirent.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/wait.h>

static int signals_seen;

static void on_signal(int number)
{
	(void)number;
	__atomic_add_fetch(&signals_seen, 1, __ATOMIC_SEQ_CST);
}

static void handle(int number, int flags)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = flags };

	sigaction(number, &action, NULL);
}

/* Return: number of bytes that filled the pipe. */
static int fill_pipe(int fd)
{
	static const char block[4096];
	int total = 0, got;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	while ((got = write(fd, block, sizeof(block))) > 0)
		total += got;
	fcntl(fd, F_SETFL, 0);
	need(total > 0, "no room in an empty pipe");
	return total;
}

static void empty_pipe(int fd, int bytes)
{
	static char block[65536];

	while (bytes > 0) {
		int got = read(fd, block, bytes < 65536 ? bytes : 65536);

		need(got > 0, "the pipe lacks %d bytes", bytes);
		bytes -= got;
	}
}

static long splice_to(int fd, int to, unsigned int flags)
{
	return result(splice(fd, NULL, to, NULL, 65536, flags));
}

/* Checks calls that must not wait. No frame is due on either file. */
static void check_nothing_due(int nonblock, int block, int to)
{
	char bytes[64];
	struct iovec iov = { bytes, sizeof(bytes) };
	struct pollfd pollfd = { .fd = block, .events = POLLIN };
	long got;

	got = frame(nonblock);
	need(got == -EAGAIN, "O_NONBLOCK, read: %s", said(got));
	got = result(readv(nonblock, &iov, 1));
	need(got == -EAGAIN, "O_NONBLOCK, readv: %s", said(got));
	got = result(preadv2(block, &iov, 1, -1, RWF_NOWAIT));
	need(got == -EAGAIN, "RWF_NOWAIT: %s", said(got));
	got = splice_to(nonblock, to, 0);
	need(got == -EAGAIN, "O_NONBLOCK, splice: %s", said(got));
	got = splice_to(block, to, SPLICE_F_NONBLOCK);
	need(got == -EAGAIN, "SPLICE_F_NONBLOCK: %s", said(got));
	got = poll(&pollfd, 1, 0);
	need(got == 0 && !pollfd.revents, "poll: %ld, 0x%x", got, pollfd.revents);
	/* A read of 0 bytes does not wait. */
	got = result(read(block, bytes, 0));
	need(got == 0, "a read of 0 bytes: %s", said(got));
}

static void case_nonblock(void)
{
	int ends[2], block, nonblock;
	char bytes[64];
	long got;

	make("nonblock", "0.001", "count", "none");
	need(!pipe(ends), "pipe: %s", errname(errno));
	block = node("nonblock", 0);
	nonblock = node("nonblock", O_NONBLOCK);
	/* Neither file has read the current frame. */
	need(ready(block) && ready(nonblock), "a fresh reader has nothing to read");
	got = splice_to(block, ends[1], SPLICE_F_NONBLOCK);
	need(got == COUNT_LEN, "the current frame, by splice: %s", said(got));
	got = read(nonblock, bytes, 7);
	need(got == 7, "the current frame, by read: %s", said(result(got)));
	need(ready(nonblock), "poll does not report the rest of a frame");
	got = read(nonblock, bytes + 7, 57);
	need(got == COUNT_LEN - 7, "the rest of it: %s", said(result(got)));
	check_nothing_due(nonblock, block, ends[1]);

	/* sendfile() is a splice only if its output is a pipe. */
	got = result(sendfile(open("/dev/null", O_WRONLY), block, NULL, 4096));
	need(got == -EINVAL, "sendfile: %s", said(got));
	set("nonblock", "frame_rate", "0");
	check_nothing_due(nonblock, block, ends[1]);
	close(block);
	close(nonblock);
	block = node("nonblock", 0);
	nonblock = node("nonblock", O_NONBLOCK);
	check_nothing_due(nonblock, block, ends[1]);
	close(block);
	close(nonblock);
	drop("nonblock");
}

/* Waits for @events events, and reads one frame after each. */
static void read_by_events(int epfd, int fd, int events)
{
	struct epoll_event event;
	long last = -1, got;

	while (events--) {
		need(epoll_wait(epfd, &event, 1, 1000 * LATE) == 1 &&
		     event.events == EPOLLIN,
		     "no event within %.0f s of the previous one", LATE);
		got = frame(fd);
		need(got >= 0, "after an event, read returned %s", said(got));
		need(last < 0 || after(last, got) >= 1, "frame %ld after frame %ld", got,
		     last);
		last = got;
	}
}

static void case_epoll(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	int epfd = epoll_create1(0), edge = epoll_create1(0), fd, i;
	char bytes[4];

	make("epoll", "0.001", "count", "none");
	fd = node("epoll", O_NONBLOCK);
	need(!epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event), "EPOLL_CTL_ADD");
	for (i = 0; i < 3; i++)
		need(epoll_wait(epfd, &event, 1, 0) == 1 &&
		     event.events == EPOLLIN, "level: no event for a frame");
	need(read(fd, bytes, 4) == 4, "no 4 bytes");
	need(epoll_wait(epfd, &event, 1, 0) == 1, "level: no event for the rest");
	while (read(fd, bytes, 4) > 0)
		;
	need(epoll_wait(epfd, &event, 1, 0) == 0,
	     "level: an event without bytes to read");
	set("epoll", "frame_rate", "100");
	read_by_events(epfd, fd, 20);
	epoll_ctl(epfd, EPOLL_CTL_DEL, fd, NULL);
	close(fd);

	set("epoll", "frame_rate", "0.001");
	fd = node("epoll", O_NONBLOCK);
	event.events = EPOLLIN | EPOLLET;
	need(!epoll_ctl(edge, EPOLL_CTL_ADD, fd, &event), "EPOLL_CTL_ADD");
	need(epoll_wait(edge, &event, 1, 0) == 1, "edge: no event for a frame");
	frame(fd);
	set("epoll", "frame_rate", "100");
	read_by_events(edge, fd, 30);
	/* One event may stand for several frames. More events follow it. */
	nap(0.1);
	read_by_events(edge, fd, 5);
	set("epoll", "frame_rate", "0");
	nap(0.02);
	while (epoll_wait(edge, &event, 1, 0) == 1)
		frame(fd);
	set("epoll", "frame_rate", "30");
	read_by_events(edge, fd, 5);
	drop("epoll");
	need(epoll_wait(edge, &event, 1, 1000 * LATE) == 1, "no event for a removal");
	if (event.events & EPOLLIN)	/* a frame just before it */
		need(epoll_wait(edge, &event, 1, 0) == 1, "no event for a removal");
	need(event.events == (EPOLLHUP | EPOLLERR), "removal: events 0x%x",
	     event.events);
	close(fd);
	close(edge);
	close(epfd);
}

/* Return: whether this process has a worker thread of io_uring. */
static bool has_worker(void)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *entry;
	bool found = false;

	need(tasks, "no /proc/self/task");
	while ((entry = readdir(tasks))) {
		char name[300], comm[32] = "";
		int fd;

		snprintf(name, sizeof(name), "/proc/self/task/%s/comm",
			 entry->d_name);
		fd = open(name, O_RDONLY);
		if (fd < 0)
			continue;
		if (read(fd, comm, sizeof(comm) - 1) > 0 &&
		    strncmp(comm, "iou-wrk", 7) == 0)
			found = true;
		close(fd);
	}
	closedir(tasks);
	return found;
}

static void case_uring(void)
{
	struct io_uring_cqe *cqe;
	struct io_uring_sqe *sqe;
	struct io_uring ring;
	char bytes[2][64];
	long got[2];
	int fds[2], i;

	make("uring", "0.001", "count", "none");
	need(!io_uring_queue_init(4, &ring, 0), "io_uring_queue_init");
	for (i = 0; i < 2; i++) {
		fds[i] = node("uring", 0);
		frame(fds[i]);
		sqe = io_uring_get_sqe(&ring);
		io_uring_prep_read(sqe, fds[i], bytes[i], sizeof(bytes[i]), -1);
		sqe->user_data = i;
	}
	need(io_uring_submit(&ring) == 2, "io_uring_submit");
	nap(0.05);
	need(io_uring_peek_cqe(&ring, &cqe), "a read that must wait has ended");
	need(!has_worker(), "a read that waits has a worker thread");
	set("uring", "frame_rate", "100");
	for (i = 0; i < 2; i++) {
		struct __kernel_timespec limit = { .tv_sec = LATE };

		need(!io_uring_wait_cqe_timeout(&ring, &cqe, &limit),
		     "the read does not end though a frame is due");
		need(cqe->res > 0, "read: %s", said(cqe->res));
		got[cqe->user_data] = number(bytes[cqe->user_data], cqe->res);
		io_uring_cqe_seen(&ring, cqe);
	}
	need(got[0] > 0 && got[1] > 0, "frames %ld and %ld", got[0], got[1]);
	/* After EAGAIN twice for a read, io_uring may pass it to a worker. */
	need(!has_worker(), "a read that has waited has a worker thread");
	io_uring_queue_exit(&ring);
	drop("uring");
	close(fds[0]);
	close(fds[1]);
}

/* Cancels the request of the ring, which waits. Return: its result. */
static int cancelled(struct io_uring *ring)
{
	struct __kernel_timespec limit = { .tv_sec = LATE };
	struct io_uring_cqe *cqe;
	struct io_uring_sqe *sqe;
	int i, ret = 0;

	nap(0.05);
	need(io_uring_peek_cqe(ring, &cqe), "a request that must wait has ended");
	sqe = io_uring_get_sqe(ring);
	io_uring_prep_cancel(sqe, (void *)1, 0);
	sqe->user_data = 2;
	need(io_uring_submit(ring) == 1, "io_uring_submit");
	for (i = 0; i < 2; i++) {
		need(!io_uring_wait_cqe_timeout(ring, &cqe, &limit),
		     "a cancelled request does not end");
		if (cqe->user_data == 1)
			ret = cqe->res;
		io_uring_cqe_seen(ring, cqe);
	}
	return ret;
}

static void case_cancel(void)
{
	struct io_uring_sqe *sqe;
	struct io_uring ring;
	int ends[2], fd, got;
	char bytes[64];

	make("cancel", "0.001", "count", "none");
	need(!io_uring_queue_init(4, &ring, 0), "io_uring_queue_init");
	need(!pipe(ends), "pipe: %s", errname(errno));
	fd = node("cancel", 0);
	frame(fd);

	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_splice(sqe, fd, -1, ends[1], -1, 64, 0);
	sqe->user_data = 1;
	need(io_uring_submit(&ring) == 1, "io_uring_submit");
	got = cancelled(&ring);
	need(got == -EINTR || got == -ECANCELED, "splice: %s", said(got));

	/* Without IOSQE_ASYNC no worker would wait, see case_uring(). */
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_read(sqe, fd, bytes, sizeof(bytes), -1);
	sqe->flags |= IOSQE_ASYNC;
	sqe->user_data = 1;
	need(io_uring_submit(&ring) == 1, "io_uring_submit");
	got = cancelled(&ring);
	need(got == -EINTR || got == -ECANCELED, "read: %s", said(got));

	io_uring_queue_exit(&ring);
	close(ends[0]);
	close(ends[1]);
	close(fd);
	drop("cancel");
}

static void interrupt(struct job *job)
{
	double end = now() + LATE;

	signals_seen = 0;
	pthread_kill(job->thread, SIGUSR1);
	while (!__atomic_load_n(&signals_seen, __ATOMIC_SEQ_CST)) {
		need(now() < end, "the handler does not run while %s waits",
		     job->waiter->name);
		nap(0.001);
	}
}

static void case_signals(void)
{
	struct job job;
	long last, got;
	size_t i;
	int fd;

	make("signals", "0.001", "count", "none");
	fd = node("signals", 0);
	last = frame(fd);
	for (i = 0; i < ARRAY_SIZE(waiters); i++) {
		handle(SIGUSR1, 0);
		begin(&job, &waiters[i], fd);
		interrupt(&job);
		got = end(&job);
		need(got == -EINTR, "%s and a signal: %s", waiters[i].name,
		     said(got));
		/* The kernel restarts only read, readv and splice. */
		if (i > 2)
			continue;

		handle(SIGUSR1, SA_RESTART);
		begin(&job, &waiters[i], fd);
		interrupt(&job);
		wait_until_asleep(&job);
		set("signals", "frame_rate", "max");
		got = end(&job);
		need(got >= 0 && after(last, got) == 1, "%s, restarted: %s after %ld",
		     waiters[i].name, said(got), last);
		last = got;
		set("signals", "frame_rate", "0.001");
	}
	close(fd);
	drop("signals");
}

/* Waits until frames_read is @frames and @pid waits in read. */
static void wait_for_reader(const char *name, unsigned long frames, pid_t pid)
{
	double end = now() + LATE;

	while (get(name, "frames_read") != frames || !asleep(pid, SYS_read)) {
		need(now() < end, "the child never waits in read");
		nap(0.001);
	}
}

/* Checks that this signal ends the process. */
static void check_death(pid_t pid, int number)
{
	double end = now() + LATE;
	int status, ret;

	while ((ret = waitpid(pid, &status, WNOHANG)) == 0) {
		need(now() < end, "signal %d has not ended the process in %.0f s", number,
		     LATE);
		nap(0.001);
	}
	need(ret == pid && WIFSIGNALED(status) && WTERMSIG(status) == number,
	     "the process ended with status 0x%x", status);
}

static pid_t start_cat(const char *terminal)
{
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	/* Undoes the SIG_IGN that a background job inherits from its shell. */
	signal(SIGINT, SIG_DFL);
	setsid();
	/*
	 * The first terminal that a session leader opens becomes its
	 * controlling terminal.
	 */
	fd = open(terminal, O_RDWR);
	if (fd < 0 || dup2(fd, 1) < 0)
		_exit(3);
	execlp("cat", "cat", "/dev/roulette/terminal", NULL);
	_exit(4);
}

static void case_terminal(void)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY);
	pid_t cat;

	make("terminal", "0.001", "count", "none");
	need(terminal >= 0 && !grantpt(terminal) && !unlockpt(terminal),
	     "no terminal: %s", errname(errno));
	cat = start_cat(ptsname(terminal));
	wait_for_reader("terminal", 1, cat);
	need(get("terminal", "readers") == 1, "cat is not counted as a reader");
	need(write(terminal, "\003", 1) == 1, "Ctrl-C: %s", errname(errno));
	check_death(cat, SIGINT);

	cat = start_cat("/dev/null");
	wait_for_reader("terminal", 2, cat);
	kill(cat, SIGKILL);
	check_death(cat, SIGKILL);
	need(get("terminal", "readers") == 0, "a dead reader is still counted");
	close(terminal);
	drop("terminal");
}

static int splice_end;

static long splice_call(int fd)
{
	return splice_to(fd, splice_end, 0);
}

static const struct waiter splicer = {
	"splice", splice_call, SYS_splice, false,
};

static void case_room(void)
{
	int ends[2], fd, full;
	char bytes[64];
	struct job job;
	long got;

	make("room", "0.001", "count", "none");
	fd = node("room", 0);
	/* A frame is due, but the pipe has no room. */
	need(!pipe(ends), "pipe: %s", errname(errno));
	full = fill_pipe(ends[1]);
	got = splice_to(fd, ends[1], SPLICE_F_NONBLOCK);
	need(got == -EAGAIN, "SPLICE_F_NONBLOCK to a full pipe: %s", said(got));
	splice_end = ends[1];
	begin(&job, &splicer, fd);
	empty_pipe(ends[0], full);
	got = end(&job);
	need(got == COUNT_LEN, "a splice that waited for room: %s", said(got));
	number(bytes, read(ends[0], bytes, sizeof(bytes)));

	/* The pipe is full again when the next frame is due. */
	begin(&job, &splicer, fd);
	full = fill_pipe(ends[1]);
	set("room", "frame_rate", "100");
	nap(0.05);
	wait_until_asleep(&job);
	empty_pipe(ends[0], full);
	got = end(&job);
	need(got == COUNT_LEN, "a splice whose pipe was full again: %s",
	     said(got));
	number(bytes, read(ends[0], bytes, sizeof(bytes)));
	close(ends[0]);
	close(ends[1]);
	close(fd);
	drop("room");
}

static void case_pipe(void)
{
	int ends[2], fd;
	struct job job;
	pid_t cat;
	long got;

	handle(SIGPIPE, 0);
	make("pipe", "0.001", "count", "none");
	fd = node("pipe", 0);
	frame(fd);
	need(!pipe2(ends, O_CLOEXEC), "pipe: %s", errname(errno));
	splice_end = ends[1];
	begin(&job, &splicer, fd);
	/* Once cat has read this byte, it waits for more. */
	need(write(ends[1], "x", 1) == 1, "write: %s", errname(errno));
	cat = fork();
	if (!cat) {
		dup2(ends[0], 0);
		dup2(open("/dev/null", O_WRONLY), 1);
		execlp("cat", "cat", NULL);
		_exit(4);
	}
	while (ready(ends[0]) || !asleep(cat, SYS_read))
		nap(0.001);
	kill(cat, SIGKILL);
	check_death(cat, SIGKILL);
	/* Now the pipe has no reader. */
	close(ends[0]);
	signals_seen = 0;
	set("pipe", "frame_rate", "100");
	got = end(&job);
	need(got == -EPIPE && signals_seen == 1,
	     "splice to a pipe without a reader: %s, %d SIGPIPE", said(got),
	     signals_seen);
	close(ends[1]);

	/*
	 * The same while the splice waits for room. The pipe had room when the
	 * splice began, and is filled while the splice waits for its frame.
	 */
	set("pipe", "frame_rate", "0.001");
	drain(fd, 0);
	need(!pipe(ends), "pipe: %s", errname(errno));
	splice_end = ends[1];
	begin(&job, &splicer, fd);
	fill_pipe(ends[1]);
	set("pipe", "frame_rate", "100");
	nap(0.05);
	wait_until_asleep(&job);
	signals_seen = 0;
	close(ends[0]);
	got = end(&job);
	need(got == -EPIPE && signals_seen == 1,
	     "splice to a full pipe without a reader: %s, %d SIGPIPE",
	     said(got), signals_seen);
	close(ends[1]);
	close(fd);
	drop("pipe");
}

int main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "nonblock", case_nonblock }, { "epoll", case_epoll },
		{ "uring", case_uring }, { "cancel", case_cancel },
		{ "signals", case_signals }, { "terminal", case_terminal },
		{ "room", case_room }, { "pipe", case_pipe },
	};

	return run_case(cases, ARRAY_SIZE(cases), argc, argv);
}
