// SPDX-License-Identifier: GPL-2.0
/*
 * calls - makes the system calls that standard input lists, one per line:
 *
 *	OPERATION [ARGUMENT...] [= RESULT]
 *
 * Prints each line whose result is not RESULT, with the actual result. Exits 1
 * if there was such a line.
 *
 * RESULT is a number of bytes, the name of an errno, or a result in the table
 * below. "ok", the default, accepts any result except an errno.
 * Arguments may contain the escapes \s (a space) \n \t \\ and \xHH. A missing
 * argument is the empty string. A line that starts with # is a comment.
 *
 *	mkdir, rmdir, creat, unlink PATH
 *	symlink, link, rename FROM TO
 *	mknod PATH MAJOR:MINOR		a character device
 *	exists PATH			does not follow a symbolic link
 *	mode PATH			result: such as c0400, d0755, -0644
 *	number PATH			result: a device's MAJOR:MINOR
 *	text PATH			result: content of the file, without its
 *					last newline
 *	put PATH TEXT			open for writing, one write, close
 *	load FILE [PARAMETER]		a kernel module
 *	unload MODULE			as rmmod does
 *
 * and on an open file, whose name X is one letter:
 *
 *	open X PATH [FLAGS]		r, w or rw; n adds O_NONBLOCK
 *	close X
 *	dup X				X then names the copy
 *	read, readv, splice X COUNT	splice goes to a pipe
 *	badread X COUNT			read to an invalid address
 *	pread, preadv X COUNT OFFSET
 *	write X TEXT
 *	lseek X OFFSET set|cur|end
 *	poll, epoll X MILLISECONDS	result: none, or such as IN|ERR|HUP
 *
 *	bg OPERATION...			starts the operation in a thread, and
 *					continues when the thread sleeps or has
 *					ended
 *	join [= RESULT]			result of the oldest thread not joined
 *	soon OPERATION... [= RESULT]	repeats the operation until it has this
 *					result, for at most $LATE seconds
 *
 * guest.bash sets $LATE above 0 on kernels that release devices with a delay.
 * If a thread does not end within 60 s after join, calls exits 1.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "errname.h"
#include "escapes.h"

#define MAX_WORDS	8
#define MAX_LINE	8192
#define MAX_THREADS	16

/* An operation returns a number, -errno, or TEXT if its result is in @text. */
#define TEXT	(-10000)

struct call {
	char *words[MAX_WORDS];
	size_t op;
	char text[MAX_LINE];
	long number;
	pthread_t thread;
	pid_t tid;
	bool done;
};

static int files['z' + 1];

static int *file_of(struct call *call)
{
	return &files[call->words[1][0] & 0x7f];
}

static long number_of(struct call *call, int word)
{
	return strtol(call->words[word], NULL, 0);
}

static long op_mkdir(struct call *call)
{
	return result(mkdir(call->words[1], 0755));
}

static long op_rmdir(struct call *call)
{
	return result(rmdir(call->words[1]));
}

static long op_creat(struct call *call)
{
	int fd = creat(call->words[1], 0644);

	return fd < 0 ? -errno : close(fd);
}

static long op_unlink(struct call *call)
{
	return result(unlink(call->words[1]));
}

static long op_symlink(struct call *call)
{
	return result(symlink(call->words[1], call->words[2]));
}

static long op_link(struct call *call)
{
	return result(link(call->words[1], call->words[2]));
}

static long op_rename(struct call *call)
{
	return result(rename(call->words[1], call->words[2]));
}

static long op_mknod(struct call *call)
{
	char *minor_number = strchr(call->words[2], ':');

	if (!minor_number)
		return -EDOM;
	return result(mknod(call->words[1], S_IFCHR | 0600,
			    makedev(number_of(call, 2),
				    strtol(minor_number + 1, NULL, 10))));
}

static long op_exists(struct call *call)
{
	struct stat st;

	return result(lstat(call->words[1], &st));
}

static long op_mode(struct call *call)
{
	struct stat st;

	if (lstat(call->words[1], &st))
		return -errno;
	snprintf(call->text, sizeof(call->text), "%c%04o",
		 S_ISCHR(st.st_mode) ? 'c' : S_ISDIR(st.st_mode) ? 'd' :
		 S_ISLNK(st.st_mode) ? 'l' : S_ISREG(st.st_mode) ? '-' : '?',
		 st.st_mode & 07777);
	return TEXT;
}

static long op_number(struct call *call)
{
	struct stat st;

	if (stat(call->words[1], &st))
		return -errno;
	snprintf(call->text, sizeof(call->text), "%u:%u", major(st.st_rdev),
		 minor(st.st_rdev));
	return TEXT;
}

static long op_text(struct call *call)
{
	int fd = open(call->words[1], O_RDONLY);
	ssize_t got;
	long ret;

	if (fd < 0)
		return -errno;
	got = read(fd, call->text, sizeof(call->text) - 1);
	ret = result(got);
	close(fd);
	if (got < 0)
		return ret;
	if (got && call->text[got - 1] == '\n')
		got--;
	call->text[got] = '\0';
	return TEXT;
}

static long op_put(struct call *call)
{
	int fd = open(call->words[1], O_WRONLY);
	long ret;

	if (fd < 0)
		return -errno;
	ret = result(write(fd, call->words[2], strlen(call->words[2])));
	close(fd);
	return ret;
}

static long op_load(struct call *call)
{
	int fd = open(call->words[1], O_RDONLY);
	long ret;

	if (fd < 0)
		return -errno;
	ret = result(syscall(SYS_finit_module, fd, call->words[2], 0));
	close(fd);
	return ret;
}

static long op_unload(struct call *call)
{
	return result(syscall(SYS_delete_module, call->words[1], O_NONBLOCK));
}

static long op_open(struct call *call)
{
	const char *how = call->words[3];
	int flags = strstr(how, "rw") ? O_RDWR :
		    strchr(how, 'w') ? O_WRONLY : O_RDONLY;
	int fd;

	if (strchr(how, 'n'))
		flags |= O_NONBLOCK;
	fd = open(call->words[2], flags);
	if (fd < 0)
		return -errno;
	*file_of(call) = fd;
	return 0;
}

static long op_close(struct call *call)
{
	return result(close(*file_of(call)));
}

/* The letter then names the copy. The original stays open. */
static long op_dup(struct call *call)
{
	int fd = dup(*file_of(call));

	if (fd < 0)
		return -errno;
	*file_of(call) = fd;
	return 0;
}

/* Reads into two parts, of which the first is empty if COUNT is below 2. */
static long vector(struct call *call, bool positional)
{
	size_t count = number_of(call, 2);
	struct iovec iov[2] = {
		{ call->text, count / 2 },
		{ call->text + count / 2, count - count / 2 },
	};

	if (positional)
		return result(preadv(*file_of(call), iov, 2,
				     number_of(call, 3)));
	return result(readv(*file_of(call), iov, 2));
}

static long op_read(struct call *call)
{
	return result(read(*file_of(call), call->text, number_of(call, 2)));
}

static long op_badread(struct call *call)
{
	return result(read(*file_of(call), (char *)8, number_of(call, 2)));
}

static long op_pread(struct call *call)
{
	return result(pread(*file_of(call), call->text, number_of(call, 2),
			    number_of(call, 3)));
}

static long op_readv(struct call *call)
{
	return vector(call, false);
}

static long op_preadv(struct call *call)
{
	return vector(call, true);
}

static long op_splice(struct call *call)
{
	int ends[2];
	long ret;

	if (pipe(ends))
		return -errno;
	ret = result(splice(*file_of(call), NULL, ends[1], NULL,
			    number_of(call, 2), 0));
	close(ends[0]);
	close(ends[1]);
	return ret;
}

static long op_write(struct call *call)
{
	return result(write(*file_of(call), call->words[2],
			    strlen(call->words[2])));
}

static long op_lseek(struct call *call)
{
	const char *from = call->words[3];

	return result(lseek(*file_of(call), number_of(call, 2),
			    !strcmp(from, "cur") ? SEEK_CUR :
			    !strcmp(from, "end") ? SEEK_END : SEEK_SET));
}

/* poll and epoll use the same bits. */
static long events(struct call *call, unsigned int bits)
{
	static const struct {
		unsigned int bit;
		const char *name;
	} names[] = {
		{ POLLIN, "IN" }, { POLLPRI, "PRI" }, { POLLOUT, "OUT" },
		{ POLLERR, "ERR" }, { POLLHUP, "HUP" }, { POLLNVAL, "NVAL" },
	};
	size_t i;

	call->text[0] = '\0';
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(bits & names[i].bit))
			continue;
		if (call->text[0])
			strcat(call->text, "|");
		strcat(call->text, names[i].name);
	}
	if (!call->text[0])
		strcpy(call->text, "none");
	return TEXT;
}

static long op_poll(struct call *call)
{
	struct pollfd pollfd = {
		.fd = *file_of(call), .events = POLLIN | POLLPRI,
	};

	if (poll(&pollfd, 1, number_of(call, 2)) < 0)
		return -errno;
	return events(call, pollfd.revents);
}

static long op_epoll(struct call *call)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLPRI };
	int epfd = epoll_create1(0);
	long ret;

	if (epfd < 0)
		return -errno;
	ret = result(epoll_ctl(epfd, EPOLL_CTL_ADD, *file_of(call), &event));
	event.events = 0;
	if (!ret)
		ret = result(epoll_wait(epfd, &event, 1, number_of(call, 2)));
	close(epfd);
	return ret < 0 ? ret : events(call, event.events);
}

static const struct {
	const char *name;
	long (*run)(struct call *call);
} ops[] = {
#define OP(name) { #name, op_##name }
	OP(mkdir), OP(rmdir), OP(creat), OP(unlink), OP(symlink), OP(link),
	OP(rename), OP(mknod), OP(exists), OP(mode), OP(number),
	OP(text), OP(put), OP(load), OP(unload), OP(open), OP(close), OP(dup), OP(read),
	OP(badread),
	OP(pread), OP(readv), OP(preadv), OP(splice), OP(write), OP(lseek),
	OP(poll), OP(epoll),
#undef OP
};

static void wrong_use(int line, const char *what)
{
	fprintf(stderr, "calls: line %d: %s; see the top of tests/tools/calls.c\n",
		line, what);
	exit(2);
}

static void run(struct call *call)
{
	call->number = ops[call->op].run(call);
}

/* Return: whether the operation exists. */
static bool find_op(struct call *call)
{
	for (call->op = 0; call->op < sizeof(ops) / sizeof(ops[0]); call->op++)
		if (!strcmp(ops[call->op].name, call->words[0]))
			return true;
	return false;
}

static void *run_thread(void *data)
{
	struct call *call = data;

	__atomic_store_n(&call->tid, syscall(SYS_gettid), __ATOMIC_RELEASE);
	run(call);
	__atomic_store_n(&call->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static bool sleeps(pid_t tid)
{
	char name[64], state = '?';
	FILE *stat;

	snprintf(name, sizeof(name), "/proc/self/task/%d/stat", tid);
	stat = fopen(name, "r");
	if (!stat)
		return false;
	if (fscanf(stat, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	fclose(stat);
	return state == 'S' || state == 'D';
}

/*
 * A thread that sleeps in ten checks in a row, 2 ms apart, does not merely wait
 * for a lock.
 */
static void start_and_wait_for_sleep(struct call *call)
{
	const struct timespec pause = { .tv_nsec = 2000000 };
	int asleep = 0;

	if (pthread_create(&call->thread, NULL, run_thread, call))
		exit(2);
	while (asleep < 10 && !__atomic_load_n(&call->done, __ATOMIC_ACQUIRE)) {
		pid_t tid = __atomic_load_n(&call->tid, __ATOMIC_ACQUIRE);

		asleep = tid && sleeps(tid) ? asleep + 1 : 0;
		nanosleep(&pause, NULL);
	}
}

static void drop_first_word(struct call *call)
{
	memmove(call->words, call->words + 1,
		(MAX_WORDS - 1) * sizeof(call->words[0]));
}

/* Sets @was to the result. Return: whether the result is @want. */
static bool as_wanted(struct call *call, const char *want, const char **was)
{
	bool any = !strcmp(want, "ok");

	if (call->number == TEXT)
		*was = call->text;
	else if (call->number >= 0 && any)
		*was = "ok";
	else
		*was = said(call->number);
	return (call->number == TEXT && any) || !strcmp(*was, want);
}

static bool run_till(struct call *call, const char *want, const char **was,
		     double seconds)
{
	const struct timespec pause = { .tv_nsec = 50000000 };

	run(call);
	for (; !as_wanted(call, want, was); seconds -= 0.05) {
		if (seconds <= 0)
			return false;
		nanosleep(&pause, NULL);
		run(call);
	}
	return true;
}

/* Return: number of words. The rest of @call->words are empty strings. */
static int split(int line, char *text, struct call *call)
{
	static char empty[1];
	char *word, *rest = NULL;
	int count = 0, i;
	ssize_t length;

	for (i = 0; i < MAX_WORDS; i++)
		call->words[i] = empty;
	for (word = strtok_r(text, " \t", &rest); word;
	     word = strtok_r(NULL, " \t", &rest)) {
		if (count == MAX_WORDS)
			wrong_use(line, "too many words");
		length = unescape(word);
		if (length < 0)
			wrong_use(line, "malformed escape");
		word[length] = '\0';
		call->words[count++] = word;
	}
	return count;
}

static bool join(struct call *call)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += 60;
	return !pthread_timedjoin_np(call->thread, NULL, &end);
}

int main(void)
{
	static struct call calls[MAX_THREADS + 1], *call;
	static char lines[MAX_THREADS + 1][MAX_LINE], as_read[MAX_LINE];
	int started = 0, joined = 0, line = 0, failed = 0;
	double late = strtod(getenv("LATE") ?: "0", NULL), seconds;
	char *text, *want;
	const char *was;
	bool ok;

	/* A slot is not used again after a thread was started with it. */
	while ((text = fgets(lines[started], MAX_LINE, stdin))) {
		call = &calls[started];
		line++;
		text[strcspn(text, "\n")] = '\0';
		strcpy(as_read, text);
		want = strstr(text, " = ");
		if (want) {
			*want = '\0';
			want += 3;
		} else {
			want = "ok";
		}
		if (text[strspn(text, " \t")] == '#' || !split(line, text, call))
			continue;
		if (!strcmp(call->words[0], "bg")) {
			if (started == MAX_THREADS)
				wrong_use(line, "too many threads");
			drop_first_word(call);
			if (!find_op(call))
				wrong_use(line, "unknown operation");
			start_and_wait_for_sleep(call);
			started++;
			continue;
		}
		if (!strcmp(call->words[0], "join")) {
			if (joined == started)
				wrong_use(line, "nothing to join");
			call = &calls[joined++];
			if (!join(call)) {
				printf("line %d: %s: still waits after 60 s, expected %s\n",
				       line, call->words[0], want);
				return 1;
			}
			ok = as_wanted(call, want, &was);
		} else {
			seconds = 0;
			if (!strcmp(call->words[0], "soon")) {
				drop_first_word(call);
				seconds = late;
			}
			if (!find_op(call))
				wrong_use(line, "unknown operation");
			ok = run_till(call, want, &was, seconds);
		}
		if (ok)
			continue;
		printf("line %d: %s: result %s\n", line, as_read, was);
		failed = 1;
	}
	return failed;
}
