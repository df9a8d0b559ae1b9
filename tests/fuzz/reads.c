// SPDX-License-Identifier: GPL-2.0
/* Reads nodes, moves their bytes to pipes and files, and tries to write. */
#include <poll.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

#include "fuzz.h"

/* Return: a buffer for a read, which may be inaccessible or too small. */
struct target some_target(struct thread *t)
{
	static const size_t counts[] = {
		1, 2, 7, 31, 32, 33, 64, 128, 200, 1024, 4095, 4096, 8192,
		ROOM,
	};
	static const size_t huge[] = {
		0x7ffff000, 0x7fffffff, 0x80000000, 0xffffffff,
		0x7fffffffffffffff, 0x8000000000000000, (size_t)-1, (size_t)-4096,
	};
	static char *const wrong[] = {
		NULL, (char *)8, (char *)0x7ffffffff000, (char *)0x800000000000,
		(char *)0xffff888000000000, (char *)-4096, (char *)-1,
	};
	struct target target = { .buf = t->room, .count = PICK(t, counts) };
	unsigned int how = below(t, 100);

	if (how < 70)
		return target;
	if (how < 75) {
		target.count = 0;
	} else if (how < 80) {
		target.count = PICK(t, huge);
		target.bad = true;
	} else if (how < 88) {
		target.buf = PICK(t, wrong);
		target.bad = true;
	} else if (how < 92) {
		target.buf = t->constant;
		target.bad = true;
	} else {
		/* The end of the buffer may be inaccessible. */
		target.buf = t->room + ROOM - below(t, 60);
		target.bad = true;
	}
	return target;
}

/* Checks bytes that may be any part of a line or frame. */
void judge_bytes(struct thread *t, const struct grip *g,
		 const struct target *target, long ret)
{
	const char *text = target->buf;

	if (ret <= 0 || target->bad || !still(g))
		return;
	if ((size_t)ret > target->count) {
		fail(t, "read returned %ld of %zu bytes", ret, target->count);
		return;
	}
	for (long i = 0; i < ret; i++)
		if ((unsigned char)text[i] < ' ' && text[i] != '\n' &&
		    text[i] != '\033') {
			fail(t, "bad byte %#x at %ld of %ld", text[i], i, ret);
			return;
		}
	if (g->type == ROULETTE && memchr(text, '\033', ret))
		fail(t, "a roulette returned an escape sequence");
}

/* Judges a read at the file's own position. */
static void judge_read(struct thread *t, enum kind kind, long ret,
		       const struct grip *g, const struct target *target)
{
	int allowed[6] = { 0 };
	int i = 0;

	if (g->type != ROULETTE) {
		allowed[i++] = EINTR;
		allowed[i++] = EAGAIN;
	}
	/* After a seek, position plus count may overflow. */
	if (g->type != PARROT || target->bad)
		allowed[i++] = EINVAL;
	if (target->bad)
		allowed[i++] = EFAULT;
	judge_list(t, kind, ret, g, allowed);
	judge_bytes(t, g, target, ret);
}

static off_t some_position(struct thread *t)
{
	static const off_t positions[] = {
		0, 0, 0, 0, 1, 5, 20, 30, 4096, 0x7fffffff, 0x7fffffffffffffff,
	};

	return PICK(t, positions);
}

/* Cuts @target into at most @most pieces. Return: the number of pieces. */
static int cut(struct thread *t, const struct target *target, struct iovec *iov,
	       int most)
{
	size_t left = target->count;
	char *at = target->buf;
	int count = 0;

	while (count < most - 1 && left > 1 && chance(t, 60)) {
		iov[count].iov_base = at;
		iov[count].iov_len = below(t, left < 64 ? left : 64);
		at += iov[count].iov_len;
		left -= iov[count].iov_len;
		count++;
	}
	iov[count].iov_base = at;
	iov[count].iov_len = left;
	return count + 1;
}

static void position_read(struct thread *t, const struct grip *g,
			  const struct target *target, unsigned int how)
{
	static const int flags[] = {
		0, 0, RWF_HIPRI, RWF_NOWAIT, RWF_DSYNC, RWF_SYNC, RWF_APPEND,
		0x40000000,
	};
	static const enum kind kinds[] = {
		KIND_pread, KIND_preadv, KIND_preadv2,
	};
	off_t position = some_position(t);
	int flag = PICK(t, flags);
	struct iovec iov[6];
	int count = cut(t, target, iov, ARRAY_SIZE(iov));
	int allowed[12] = { ESPIPE };
	int i = g->type != ROULETTE;
	enum kind kind = kinds[how];
	long ret;

	if (how == 2 && chance(t, 30))
		position = -1;
	doing(t, "positioned read %d of %d to %p, %zu bytes at %lld, flags %#x",
	      how, g->fd, target->buf, target->count, (long long)position, flag);
	alarm_on(t);
	if (how == 0)
		ret = result(pread(g->fd, target->buf, target->count, position));
	else if (how == 1)
		ret = result(preadv(g->fd, iov, count, position));
	else
		ret = result(preadv2(g->fd, iov, count, position, flag));
	alarm_off(t);
	if (g->type != ROULETTE) {
		allowed[i++] = EINTR;
		allowed[i++] = EAGAIN;
	}
	if (target->bad) {
		allowed[i++] = EFAULT;
		allowed[i++] = EINVAL;
	}
	/* Position plus count may overflow. -1 is the file's own position. */
	if (position > 0x7fffffff || position == -1) {
		allowed[i++] = EOVERFLOW;
		allowed[i++] = EINVAL;
	}
	/* The file may not support the flag. */
	if (how == 2 && flag)
		allowed[i++] = EOPNOTSUPP;
	/* The pull would hit, which RWF_NOWAIT does not allow. */
	if (how == 2 && flag == RWF_NOWAIT)
		allowed[i++] = EAGAIN;
	allowed[i] = 0;
	judge_list(t, kind, ret, g, allowed);
	judge_bytes(t, g, target, ret);
}

void op_read(struct thread *t)
{
	struct grip g = grip(t);
	struct target target = some_target(t);
	unsigned int how = below(t, 6);
	struct iovec iov[6];
	int count;
	long ret;

	if (g.fd < 0)
		return;
	if (how >= 3) {
		position_read(t, &g, &target, how - 3);
		return;
	}
	if (chance(t, 40))
		lseek(g.fd, 0, SEEK_SET);
	doing(t, "read %d of %d to %p, %zu bytes", how, g.fd, target.buf,
	      target.count);
	alarm_on(t);
	if (how == 0) {
		ret = result(read(g.fd, target.buf, target.count));
	} else {
		count = cut(t, &target, iov, ARRAY_SIZE(iov));
		ret = result(readv(g.fd, iov, count));
	}
	alarm_off(t);
	judge_read(t, how ? KIND_readv : KIND_read, ret, &g, &target);
}

/* Reads and checks a line, from a file that no other thread uses. */
void op_pull(struct thread *t)
{
	static const char *const names[] = { "kernel-roulette", "r0", "r1", "r2" };
	int fd = open_quietly(t, PICK(t, names), O_RDONLY);
	bool rest = chance(t, 30);
	char again[200];
	size_t first = rest ? 1 + below(t, 30) : 200;
	long ret, more;

	if (fd < 0)
		return;
	ret = result(read(fd, t->room, first));
	if (ret > 0 && rest) {
		more = result(read(fd, t->room + ret, 200));
		judge(t, KIND_pull, more, ENODEV);
		ret = more < 0 ? more : ret + more;
	}
	judge(t, KIND_pull, ret, ENODEV);
	if (ret >= 0)
		judge_line(t, t->room, ret);
	/* A read at a later position returns the rest of the same line. */
	more = result(pread(fd, again, sizeof(again), 1));
	judge(t, KIND_pull, more, ENODEV);
	if (ret > 0 && more >= 0 &&
	    (more != ret - 1 || memcmp(again, t->room + 1, more)))
		fail(t, "a read at position 1 returned another line");
	more = result(read(fd, again, sizeof(again)));
	judge(t, KIND_pull, more, ENODEV);
	if (ret > 0 && more > 0)
		fail(t, "a read past the line's end returned %ld bytes", more);
	close(fd);
}

/*
 * Reads and checks frames, from a file that no other thread uses. The first
 * frame may take two reads.
 */
void op_frame(struct thread *t)
{
	static const char *const names[] = { "parrot", "p0", "p1", "p2" };
	int fd = open_quietly(t, PICK(t, names), O_RDONLY);
	long ret, begun = 0;

	if (fd < 0)
		return;
	alarm_on(t);
	if (chance(t, 30)) {
		begun = result(read(fd, t->room, 1 + below(t, 6)));
		judge(t, KIND_frame, begun, EINTR, ENODEV);
	}
	if (begun >= 0) {
		ret = result(read(fd, t->room + begun, ROOM - begun));
		judge(t, KIND_frame, ret, EINTR, ENODEV);
		fcntl(fd, F_SETFL, O_NONBLOCK);
		if (ret > 0)
			judge_frame(t, fd, t->room, begun + ret);
	}
	alarm_off(t);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	ret = result(read(fd, t->room, ROOM));
	judge(t, KIND_frame, ret, EAGAIN, ENODEV);
	/* If the first frame took two reads, a rest of it may be left. */
	if (ret > 0 && !begun)
		judge_frame(t, fd, t->room, ret);
	close(fd);
}

void op_aio(struct thread *t)
{
	struct target targets[4];
	struct iocb iocbs[4], *list[4];
	struct io_event events[4];
	int count = 1 + below(t, 4), done, got = 0, i;
	struct grip g = grip(t);
	long ret;

	if (g.fd < 0 || !t->has_aio)
		return;
	for (i = 0; i < count; i++) {
		targets[i] = some_target(t);
		io_prep_pread(&iocbs[i], g.fd, targets[i].buf,
			      targets[i].count, some_position(t));
		if (chance(t, 20))
			io_prep_poll(&iocbs[i], g.fd, POLLIN);
		iocbs[i].data = &targets[i];
		list[i] = &iocbs[i];
	}
	doing(t, "aio of %d, %d requests", g.fd, count);
	alarm_on(t);
	done = io_submit(t->aio, count, list);
	judge_file(t, KIND_aio, done, &g, EBADF, EINVAL, EFAULT, EINTR, EAGAIN,
		   EOVERFLOW, ESPIPE);
	for (i = 0; i < done; i++)
		if (iocbs[i].aio_lio_opcode == IO_CMD_POLL)
			io_cancel(t->aio, &iocbs[i], events);
	while (got < done) {
		ret = io_getevents(t->aio, 1, done - got, events, NULL);
		if (ret < 0 && ret != -EINTR) {
			fail(t, "io_getevents: %ld", ret);
			break;
		}
		for (i = 0; i < ret; i++) {
			const struct target *target = events[i].data;
			bool polls = events[i].obj->aio_lio_opcode == IO_CMD_POLL;

			judge_file(t, KIND_aio, (long)events[i].res, &g, EINTR,
				   EAGAIN, ECANCELED, ESPIPE, EINVAL, EOVERFLOW,
				   target->bad ? EFAULT : EAGAIN);
			if (!polls && (long)events[i].res > 0)
				judge_bytes(t, &g, target, events[i].res);
		}
		got += ret > 0 ? ret : 0;
	}
	alarm_off(t);
}

void drain(int fd)
{
	char bytes[4096];

	while (read(fd, bytes, sizeof(bytes)) > 0)
		;
}

/* The number of times that this thread has slept. */
static long sleeps(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nvcsw;
}

/* From a node that has no position, sendfile() works only to a pipe. */
void op_sendfile(struct thread *t)
{
	size_t count = chance(t, 80) ? below(t, 20000) : 0x7fffffff;
	off_t offset = 0, *at = chance(t, 20) ? &offset : NULL;
	unsigned int how = below(t, 3);
	struct grip g = grip(t);
	long ret;

	if (g.fd < 0)
		return;
	doing(t, "sendfile %u of %d, %zu bytes", how, g.fd, count);
	alarm_on(t);
	if (how == 0)
		ret = result(copy_file_range(g.fd, NULL, t->null, NULL, count, 0));
	else
		ret = result(sendfile(how == 1 ? t->null : t->pipe[1], g.fd, at,
				      count));
	alarm_off(t);
	drain(t->drain);
	if (how == 0)
		judge_file(t, KIND_copy_file_range, ret, &g, EINVAL, EISDIR,
			   EXDEV);
	else
		judge_file(t, how == 1 ? KIND_sendfile : KIND_sendfile_pipe, ret,
			   &g, EINVAL, ESPIPE, EINTR, EAGAIN);
}

void op_splice(struct thread *t)
{
	unsigned int flags = chance(t, 50) ? SPLICE_F_NONBLOCK : 0;
	size_t count = chance(t, 90) ? below(t, 70000) : (size_t)-1;
	struct iovec iov = { t->room, below(t, 9000) };
	struct grip g = grip(t);
	long ret, slept;

	if (g.fd < 0)
		return;
	if (chance(t, 30))
		flags |= SPLICE_F_MOVE | SPLICE_F_MORE;
	if (chance(t, 20))
		fcntl(t->pipe[1], F_SETPIPE_SZ, 4096 << below(t, 6));
	doing(t, "splice %d, %zu bytes, flags %#x", g.fd, count, flags);
	alarm_on(t);
	slept = sleeps();
	ret = result(splice(g.fd, NULL, t->pipe[1], NULL, count, flags));
	judge_file(t, KIND_splice, ret, &g, EINVAL, EINTR, EAGAIN);
	if (!((flags & SPLICE_F_NONBLOCK) | (g.flags & O_NONBLOCK)) &&
	    sleeps() > slept)
		note(t, KIND_splice_waits, ret);
	if (ret > 0) {
		/* tee() need not wait: the pipe holds the spliced bytes. */
		ret = result(tee(t->pipe[0], t->pipe2[1], 4096,
				 SPLICE_F_NONBLOCK));
		judge(t, KIND_tee, ret, EAGAIN, EINTR);
		drain(t->pipe2[0]);
	}
	drain(t->drain);
	if (chance(t, 40)) {
		ret = result(vmsplice(t->pipe[1], &iov, 1, SPLICE_F_NONBLOCK));
		judge(t, KIND_vmsplice, ret, EAGAIN, EINTR);
		if (ret > 0) {
			memset(t->room, 'x', 64);
			ret = result(splice(t->pipe[0], NULL, g.fd, NULL, 16,
					    SPLICE_F_NONBLOCK));
			judge_file(t, KIND_splice_to, ret, &g, EINVAL, EBADF,
				   EAGAIN, EINTR);
			if (ret > 0 && still(&g))
				fail(t, "the splice accepted %ld bytes", ret);
		}
		drain(t->drain);
	}
	alarm_off(t);
}

void op_write(struct thread *t)
{
	static char junk[] = "?\n";
	struct iovec iov[2] = { { junk, 1 }, { junk + 1, 1 } };
	unsigned int how = below(t, 3);
	struct grip g = grip(t);
	long ret;

	if (g.fd < 0)
		return;
	doing(t, "write %u to %d", how, g.fd);
	if (how == 0)
		ret = result(write(g.fd, chance(t, 80) ? junk : (char *)8, 2));
	else if (how == 1)
		ret = result(writev(g.fd, iov, 2));
	else
		ret = result(pwrite(g.fd, junk, 2, 0));
	judge_file(t, KIND_write + how, ret, &g, EINVAL, EBADF, ESPIPE, EFAULT,
		   EAGAIN);
	if (ret > 0 && still(&g))
		fail(t, "a node accepted %ld bytes", ret);
}
