// SPDX-License-Identifier: GPL-2.0
/* Calls on an open node, except reads and writes. */
#include <linux/fs.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>

#include "fuzz.h"

/* A node is readable or removed, never both. */
static void judge_events(struct thread *t, const struct grip *g, int events)
{
	bool in = events & POLLIN, gone = events & POLLHUP;

	if (g->flags & O_PATH || !still(g))
		return;
	if ((in && gone) || gone != !!(events & POLLERR) ||
	    events & ~(POLLIN | POLLRDNORM | POLLHUP | POLLERR) ||
	    (g->type == ROULETTE && !in && !gone))
		fail(t, "poll returned events %#x", events);
}

void op_poll(struct thread *t)
{
	struct grip a = grip(t), b = grip(t);
	struct pollfd files[2] = {
		{ .fd = a.fd, .events = POLLIN | POLLRDNORM },
		{ .fd = b.fd, .events = POLLIN | POLLRDNORM | POLLOUT | POLLPRI },
	};
	struct timespec limit = { .tv_nsec = 1000 * 1000 * below(t, 30) };
	fd_set in, out;
	long ret;

	if (a.fd < 0 || b.fd < 0 || a.fd >= FD_SETSIZE || b.fd >= FD_SETSIZE)
		return;
	doing(t, "poll %d and %d", a.fd, b.fd);
	if (chance(t, 30)) {
		FD_ZERO(&in);
		FD_ZERO(&out);
		FD_SET(a.fd, &in);
		FD_SET(b.fd, &in);
		FD_SET(b.fd, &out);
		ret = result(pselect((a.fd > b.fd ? a.fd : b.fd) + 1, &in, &out,
				     NULL, &limit, NULL));
		/* EBADF: another thread closed a file, or a file is O_PATH. */
		judge(t, KIND_select, ret, EINTR, EBADF);
		return;
	}
	alarm_on(t);
	ret = result(ppoll(files, 2, &limit, NULL));
	alarm_off(t);
	judge(t, KIND_poll, ret, EINTR);
	if (ret > 0 && files[0].revents)
		judge_events(t, &a, files[0].revents);
	if (ret > 0 && files[1].revents)
		judge_events(t, &b, files[1].revents);
}

void op_epoll(struct thread *t)
{
	static const int controls[] = {
		EPOLL_CTL_ADD, EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL,
	};
	static const uint32_t hows[] = {
		0, EPOLLET, EPOLLONESHOT, EPOLLEXCLUSIVE, EPOLLWAKEUP, EPOLLOUT,
	};
	struct epoll_event event = { .events = EPOLLIN | PICK(t, hows) };
	struct epoll_event events[4];
	int control = PICK(t, controls);
	struct grip g = grip(t);
	long ret;

	if (g.fd < 0)
		return;
	doing(t, "epoll_ctl %d of %d, %#x", control, g.fd, event.events);
	ret = result(epoll_ctl(t->epoll, control, g.fd, &event));
	judge_file(t, KIND_epoll_ctl, ret, &g, EEXIST, ENOENT, EINVAL, EPERM);
	if (chance(t, 50)) {
		doing(t, "epoll_wait");
		alarm_on(t);
		ret = result(epoll_wait(t->epoll, events, 4, below(t, 20)));
		alarm_off(t);
		judge(t, KIND_epoll_wait, ret, EINTR);
	}
	if (chance(t, 5)) {
		close(t->epoll);
		t->epoll = epoll_create1(EPOLL_CLOEXEC);
	}
}

void op_fcntl(struct thread *t)
{
	static const int flags[] = {
		0, O_NONBLOCK, O_ASYNC, O_APPEND, O_DIRECT, O_NOATIME,
		O_NONBLOCK | O_ASYNC,
	};
	static const int commands[] = {
		F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_SETFL, F_SETFL, F_GETOWN,
		F_SETOWN, F_SETSIG, F_GETSIG, F_SETLEASE, F_GETLEASE, F_NOTIFY,
		F_SETPIPE_SZ, F_GETPIPE_SZ, F_ADD_SEALS, F_GET_SEALS, 1024 + 99,
	};
	int command = PICK(t, commands);
	long argument = below(t, 4);
	struct grip g = grip(t);
	long ret;

	if (g.fd < 0)
		return;
	if (command == F_SETFL)
		argument = PICK(t, flags);
	else if (command == F_SETOWN)
		argument = getpid();
	else if (command == F_SETSIG)
		argument = SIGUSR1;
	doing(t, "fcntl %d of %d, %ld", command, g.fd, argument);
	ret = result(fcntl(g.fd, command, argument));
	judge_file(t, KIND_fcntl, ret, &g, EINVAL, EBADF, ENOTDIR, EPERM, EAGAIN);
}

void op_ioctl(struct thread *t)
{
	static const unsigned long commands[] = {
		FIONREAD, FIONBIO, FIOASYNC, FIOCLEX, FIONCLEX, FIOQSIZE, TCGETS,
		TIOCGWINSZ, BLKGETSIZE64, FS_IOC_GETFLAGS, 0, 0xffffffff,
	};
	unsigned long command = chance(t, 80) ? PICK(t, commands) : below(t, 65536);
	struct grip g = grip(t);
	uint64_t argument = chance(t, 50);
	long ret;

	if (g.fd < 0)
		return;
	doing(t, "ioctl %#lx of %d", command, g.fd);
	ret = result(ioctl(g.fd, command, chance(t, 90) ? &argument : NULL));
	/* The kernel itself handles some commands, with these errnos. */
	judge_file(t, KIND_ioctl, ret, &g, ENOTTY, EFAULT, EINVAL, EPERM, EBADF,
		   EOPNOTSUPP, EACCES, EBADR);
}

void op_mmap(struct thread *t)
{
	static const int protections[] = {
		PROT_READ, PROT_READ, PROT_WRITE, PROT_READ | PROT_WRITE,
		PROT_EXEC, PROT_NONE,
	};
	int protection = PICK(t, protections);
	int flags = chance(t, 50) ? MAP_SHARED : MAP_PRIVATE;
	struct grip g = grip(t);
	void *at;

	if (g.fd < 0)
		return;
	doing(t, "mmap %d, %#x, %#x", g.fd, protection, flags);
	at = mmap(NULL, 8192, protection, flags, g.fd, 4096 * below(t, 3));
	judge_file(t, KIND_mmap, at == MAP_FAILED ? -errno : 0, &g, ENODEV,
		   EACCES, EBADF, EPERM);
	if (at == MAP_FAILED)
		return;
	munmap(at, 8192);
	if (still(&g))
		fail(t, "a node was mapped");
}

void op_seek(struct thread *t)
{
	static const off_t offsets[] = {
		0, 0, 1, -1, 5, 30, 4096, 0x7fffffffffffffff, -0x7fffffffffffffff,
	};
	off_t offset = PICK(t, offsets);
	int whence = below(t, 7);
	struct grip g = grip(t);
	long ret;

	if (g.fd < 0)
		return;
	doing(t, "lseek %d to %lld, %d", g.fd, (long long)offset, whence);
	ret = result(lseek(g.fd, offset, whence));
	judge_file(t, KIND_lseek, ret, &g, EINVAL, g.type == ROULETTE ? EINVAL :
		   ESPIPE, EOVERFLOW);
}

void op_sync(struct thread *t)
{
	struct grip g = grip(t);
	unsigned int how = below(t, 6);
	long ret;

	if (g.fd < 0)
		return;
	doing(t, "sync or allocation, method %u, of %d", how, g.fd);
	switch (how) {
	case 0:
		ret = result(fsync(g.fd));
		judge_file(t, KIND_fsync, ret, &g, EINVAL);
		break;
	case 1:
		ret = result(fdatasync(g.fd));
		judge_file(t, KIND_fsync, ret, &g, EINVAL);
		break;
	case 2:
		ret = result(ftruncate(g.fd, below(t, 100)));
		judge_file(t, KIND_ftruncate, ret, &g, EINVAL, EBADF);
		break;
	case 3:
		ret = result(fallocate(g.fd, 0, 0, 1 + below(t, 100)));
		judge_file(t, KIND_fallocate, ret, &g, ENODEV, EBADF, ESPIPE,
			   EOPNOTSUPP);
		break;
	default:
		ret = -posix_fadvise(g.fd, 0, 100, below(t, 7));
		judge_file(t, KIND_fadvise, ret, &g, EINVAL, ESPIPE);
	}
	if (how <= 3 && ret >= 0 && still(&g))
		fail(t, "succeeded on a node, but must fail");
}

void op_attr(struct thread *t)
{
	static const mode_t modes[] = { 0, 0400, 0444, 0644, 0666, 0777, 01000 };
	struct timespec times[2] = { { .tv_sec = below(t, 1u << 30) } };
	struct grip g = grip(t);
	struct stat status;
	char bytes[300];
	long ret;

	if (g.fd < 0)
		return;
	doing(t, "attributes of %d", g.fd);
	switch (below(t, 6)) {
	case 0:
		ret = result(fstat(g.fd, &status));
		judge_file(t, KIND_fstat, ret, &g, 0);
		if (!ret && still(&g) && !S_ISCHR(status.st_mode))
			fail(t, "a node has mode %#o", status.st_mode);
		break;
	case 1:
		ret = result(fchmod(g.fd, PICK(t, modes)));
		judge_file(t, KIND_fchmod, ret, &g, EPERM);
		break;
	case 2:
		ret = result(fchown(g.fd, below(t, 2), below(t, 2)));
		judge_file(t, KIND_fchown, ret, &g, EPERM);
		break;
	case 3:
		ret = result(futimens(g.fd, times));
		judge_file(t, KIND_futimens, ret, &g, EPERM);
		break;
	case 4:
		ret = result(fgetxattr(g.fd, "user.x", bytes, sizeof(bytes)));
		judge_file(t, KIND_fgetxattr, ret, &g, EOPNOTSUPP, ENODATA);
		break;
	case 5:
		ret = result(lseek(g.fd, 0, SEEK_CUR) < 0 ? -1 :
			     syscall(SYS_getdents64, g.fd, bytes,
				     sizeof(bytes)));
		judge_file(t, KIND_getdents, ret, &g, ENOTDIR, ESPIPE);
		break;
	}
}

void op_lock(struct thread *t)
{
	static const int locks[] = { LOCK_SH, LOCK_EX, LOCK_UN };
	static const int commands[] = {
		F_SETLK, F_SETLKW, F_GETLK, F_OFD_SETLK, F_OFD_SETLKW,
	};
	static const short types[] = { F_RDLCK, F_WRLCK, F_UNLCK };
	struct flock lock = {
		.l_type = PICK(t, types), .l_start = below(t, 10),
		.l_len = below(t, 10),
	};
	int how = PICK(t, locks) | (chance(t, 50) ? LOCK_NB : 0);
	struct grip g = grip(t);
	long ret;

	if (g.fd < 0)
		return;
	doing(t, "lock %d", g.fd);
	alarm_on(t);
	if (chance(t, 50))
		ret = result(flock(g.fd, how));
	else
		ret = result(fcntl(g.fd, PICK(t, commands), &lock));
	alarm_off(t);
	judge_file(t, KIND_flock, ret, &g, EAGAIN, EACCES, EINTR, EDEADLK, EBADF,
		   EINVAL);
}
