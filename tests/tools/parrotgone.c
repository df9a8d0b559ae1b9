// SPDX-License-Identifier: GPL-2.0
/*
 * parrotgone CASE - removes a parrot while it is used
 *
 *	waiting	rmdir wakes waiting tasks, for each way to wait
 *	room	rmdir wakes a splice that waits for room in a pipe
 *	later	after rmdir, the calls on an open file report the removal
 *	playing	rmdir again and again while readers read
 *
 * One case has no removal:
 *
 *	fault	a read that fails with EFAULT loses no bytes
 */
#include "parrot.h"

#include <sys/mman.h>

static void case_waiting(void)
{
	struct job jobs[ARRAY_SIZE(waiters)];
	double removed, best = LATE;
	long got;
	size_t i;

	make("waiting", "0.001", "count", "none");
	for (i = 0; i < ARRAY_SIZE(waiters); i++) {
		int fd = node("waiting", 0);

		frame(fd);
		begin(&jobs[i], &waiters[i], fd);
	}
	removed = now();
	drop("waiting");
	for (i = 0; i < ARRAY_SIZE(waiters); i++) {
		got = end(&jobs[i]);
		if (waiters[i].events)
			need(got == (EPOLLHUP | EPOLLERR), "%s returned events 0x%lx",
			     waiters[i].name, got);
		else
			need(got == -ENODEV, "%s returned %s", waiters[i].name,
			     said(got));
		if (jobs[i].ended - removed < best)
			best = jobs[i].ended - removed;
		close(jobs[i].fd);
	}
	need(best < 1, "the first waiter woke after %.3f s", best);
}

static int full_pipe[2];

static long wait_for_room(int fd)
{
	return result(splice(fd, NULL, full_pipe[1], NULL, 4096, 0));
}

/*
 * The kernel calls the parrot only when the pipe has room. So this fills the
 * pipe while the parrot waits for a frame.
 */
static void case_room(void)
{
	static const struct waiter splice_to_full_pipe = {
		"splice to a full pipe", wait_for_room, SYS_splice, false,
	};
	char bytes[4096] = "";
	struct job job;
	long got;
	int fd;

	need(!pipe(full_pipe), "pipe: %s", errname(errno));
	make("room", "0.001", "count", "none");
	fd = node("room", 0);
	frame(fd);
	begin(&job, &splice_to_full_pipe, fd);
	need(!fcntl(full_pipe[1], F_SETFL, O_NONBLOCK), "F_SETFL: %s",
	     errname(errno));
	while (write(full_pipe[1], bytes, sizeof(bytes)) > 0)
		;
	set("room", "frame_rate", "max");
	nap(0.2);
	drop("room");
	got = end(&job);
	need(got == -ENODEV, "splice returned %s", said(got));
	close(job.fd);
	close(full_pipe[0]);
	close(full_pipe[1]);
}

/* Checks the result of each call on an open file of a removed device. */
static void check_gone(int fd, const char *which)
{
	char bytes[64];
	struct iovec iov = { bytes, sizeof(bytes) };
	struct pollfd pollfd = { .fd = fd, .events = POLLIN | POLLOUT };
	int ends[2];
	long got;

	need(!pipe(ends), "pipe: %s", errname(errno));
#define GONE(call, want) do {						\
		got = (call);						\
		need(got == (want), "%s: %s returned %s", which, #call, said(got)); \
	} while (0)
	GONE(result(read(fd, bytes, 64)), -ENODEV);
	GONE(result(readv(fd, &iov, 1)), -ENODEV);
	GONE(result(preadv2(fd, &iov, 1, -1, RWF_NOWAIT)), -ENODEV);
	GONE(result(write(fd, bytes, 1)), -ENODEV);
	GONE(result(splice(fd, NULL, ends[1], NULL, 64, 0)), -ENODEV);
	GONE(result(splice(fd, NULL, ends[1], NULL, 64, SPLICE_F_NONBLOCK)),
	     -ENODEV);
	GONE(uring_read(fd, bytes, 64, 0), -ENODEV);
	GONE(uring_read(fd, bytes, 64, IOSQE_ASYNC), -ENODEV);
	GONE(wait_epoll(fd), EPOLLHUP | EPOLLERR);
	GONE(wait_epoll_edge(fd), EPOLLHUP | EPOLLERR);
	GONE(poll(&pollfd, 1, 0), 1);
	need(pollfd.revents == (POLLHUP | POLLERR),
	     "%s: poll returned events 0x%x", which, pollfd.revents);
	/* The kernel itself fails these on any stream, removed or not. */
	GONE(result(lseek(fd, 0, SEEK_CUR)), -ESPIPE);
	GONE(result(pread(fd, bytes, 64, 0)), -ESPIPE);
#undef GONE
	close(ends[0]);
	close(ends[1]);
}

static void case_later(void)
{
	static const char old[] = "/tmp/parrot-node";
	int fresh, read_to_end, in_frame, nonblock, paused_fd;
	struct stat st;
	char byte;

	make("later", "0.001", "count", "none");
	fresh = open(path(NODES, "later", ""), O_RDWR);
	need(fresh >= 0, "cannot open the node: %s", errname(errno));
	read_to_end = open(path(NODES, "later", ""), O_RDWR);
	frame(read_to_end);
	in_frame = open(path(NODES, "later", ""), O_RDWR);
	need(read(in_frame, &byte, 1) == 1, "cannot read");
	nonblock = open(path(NODES, "later", ""), O_RDWR | O_NONBLOCK);
	set("later", "frame_rate", "0");
	paused_fd = open(path(NODES, "later", ""), O_RDWR);
	fstat(fresh, &st);
	unlink(old);
	need(!mknod(old, S_IFCHR | 0400, st.st_rdev), "mknod: %s", errname(errno));
	need(!close(open(old, O_RDONLY)), "a node made by mknod does not open");

	drop("later");
	check_gone(fresh, "fresh");
	check_gone(read_to_end, "after a frame");
	check_gone(in_frame, "in a frame");
	check_gone(nonblock, "O_NONBLOCK");
	check_gone(paused_fd, "opened while paused");
	need(open(old, O_RDONLY) < 0 && errno == ENXIO, "open of an old node: %s",
	     errname(errno));
	need(stat(path(NODES, "later", ""), &st) && errno == ENOENT,
	     "the node still exists");
	need(stat(path(CLASS, "later", ""), &st) && errno == ENOENT,
	     "the sysfs directory still exists");
	close(fresh);
	close(read_to_end);
	close(in_frame);
	close(nonblock);
	close(paused_fd);
	need(open(old, O_RDONLY) < 0 && errno == ENXIO,
	     "open of an old node after the last close: %s", errname(errno));
	unlink(old);
}

static long read_until_gone(int fd)
{
	long got;

	while ((got = frame(fd)) >= 0)
		;
	return got;
}

static void case_playing(void)
{
	static const struct waiter reader = {
		"a reader", read_until_gone, SYS_read, false,
	};
	static const char *const rates[] = { "1000", "60", "max" };
	struct job jobs[4];
	size_t i;
	int round;

	for (round = 0; round < 12; round++) {
		make("playing", "60", "count", "cycle");
		for (i = 0; i < ARRAY_SIZE(jobs); i++)
			begin(&jobs[i], &reader, node("playing", 0));
		set("playing", "frame_rate", rates[round % 3]);
		nap(0.001 * (round % 4));
		drop("playing");
		for (i = 0; i < ARRAY_SIZE(jobs); i++) {
			long got = end(&jobs[i]);

			need(got == -ENODEV, "a reader returned %s", said(got));
			close(jobs[i].fd);
		}
	}
}

#define PAGE	4096

static void case_fault(void)
{
	/* Valid bytes at the start of each buffer, before an invalid page. */
	static const size_t room[] = { 1, 0, 4, 2, 3, 0, 1, 0, 30, 500, 0, 64 };
	char whole[8192], got_bytes[8192], *pages, *bad;
	size_t len, done = 0, i;
	int fd, other;
	long got;

	pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bad = pages + PAGE;
	need(pages != MAP_FAILED && !mprotect(bad, PAGE, PROT_NONE), "mmap");
	make("fault", "0.001", "party", "red");
	fd = node("fault", O_NONBLOCK);
	other = node("fault", O_NONBLOCK);
	len = read(other, whole, sizeof(whole));
	need(len > 600 && len < sizeof(whole), "a frame of %zu bytes", len);

	for (i = 0; i < ARRAY_SIZE(room); i++) {
		struct iovec iov[] = {
			{ bad - room[i], room[i] }, { bad, PAGE },
		};

		got = i & 1 ? result(readv(fd, iov, 2)) :
			      result(read(fd, bad - room[i], PAGE));
		if (!room[i])
			need(got == -EFAULT, "a bad buffer: %s", said(got));
		else
			need(got > 0 && got <= (long)room[i],
			     "a buffer of %zu bytes: %s", room[i], said(got));
		if (got < 0)
			continue;
		memcpy(got_bytes + done, bad - room[i], got);
		done += got;
	}
	got = uring_read(fd, bad, PAGE, 0);
	need(got == -EFAULT, "a bad buffer by io_uring: %s", said(got));
	got = result(read(fd, got_bytes + done, sizeof(got_bytes) - done));
	need(got > 0, "the rest: %s", said(got));
	done += got;
	need(done == len && !memcmp(got_bytes, whole, len),
	     "%zu bytes of %zu, or other bytes:\n%.*s", done, len, (int)done,
	     got_bytes);
	need(get("fault", "frames_read") == 2, "frames_read is %lu, not 2",
	     get("fault", "frames_read"));
	close(fd);
	close(other);
	drop("fault");
}

int main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "waiting", case_waiting }, { "room", case_room },
		{ "later", case_later }, { "playing", case_playing },
		{ "fault", case_fault },
	};

	return run_case(cases, ARRAY_SIZE(cases), argc, argv);
}
