// SPDX-License-Identifier: GPL-2.0
/*
 * shoot - runs readers of a roulette, which may die, and prints how they ended
 *
 *	shoot [OPTION...] NODE
 *
 *	-n READERS	number of readers, which run one after the other (1)
 *	-m METHOD	how to read, see methods.h (read)
 *	-b BATCH	aio and io_uring: number of concurrent requests (1)
 *	-t THREADS	number of further threads, which only wait (0)
 *	-s		a second thread reads, and the first one waits
 *	-a		all threads read
 *	-N		open with O_NONBLOCK
 *	-F		read to an invalid address
 *	-0		the reader maps page 0
 *	-c COMM		name of the reading thread; \n in it is a newline
 *	-r US		the reader has an io_uring in which NODE is registered;
 *			during the read, one of the ring's timeouts expires
 *			every US microseconds, at most 128 times
 *	-p		wait until NODE exists and can be opened
 *	-w MS		pause before each reader, in milliseconds
 *
 * For one reader the output is
 *
 *	tid TID			of the thread that reads
 *	killed SIGNAL		or "exited ERRNO", or "exited 0" after a success
 *	line LINE		for each line that arrived before the end
 *
 * and for several the number of readers that ended in each way, and the number
 * of readers that got their line:
 *
 *	killed 9: 200
 *	lines: 200
 *
 * Exits 1 if a reader has not ended after 60 s, 100 if one could not be run.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "errname.h"
#include "methods.h"

#define LINE_SIZE	128
#define LIMIT_MS	60000
#define BROKEN		100
#define TIMEOUTS	128

/* Results of the reader, in memory that it shares with its parent. */
struct traces {
	char lines[BATCH_MAX][LINE_SIZE];
	pid_t tid;
};

static const char *node;
static const char *method = "read";
static const char *comm;
static int readers = 1;
static int batch = 1;
static int threads;
static int pause_ms;
static int ring_us;
static bool second, all, fault, map_null, patient;
static int flags = O_RDONLY;

static struct traces *traces;
static int fd;
static pthread_barrier_t together;

static void broken(const char *what, int err)
{
	fprintf(stderr, "shoot: %s: %s\n", what, errname(err));
	_exit(BROKEN);
}

static int open_node(void)
{
	int opened;

	while ((opened = open(node, flags)) < 0) {
		if (!patient)
			broken(node, errno);
		usleep(1000);
	}
	return opened;
}

static void set_comm(void)
{
	char name[16] = "";

	for (const char *from = comm; *from && strlen(name) < 15; from++) {
		bool newline = from[0] == '\\' && from[1] == 'n';

		name[strlen(name)] = newline ? '\n' : *from;
		from += newline;
	}
	prctl(PR_SET_NAME, name);
}

static void start_timeouts(void)
{
	static struct __kernel_timespec after[TIMEOUTS];
	static struct io_uring ring;
	int ret = io_uring_queue_init(TIMEOUTS, &ring, 0);

	if (ret)
		broken("ring", -ret);
	ret = io_uring_register_files(&ring, &fd, 1);
	if (ret)
		broken("ring's files", -ret);
	for (int i = 0; i < TIMEOUTS; i++) {
		after[i].tv_nsec = 1000 * ring_us * (i + 1);
		io_uring_prep_timeout(io_uring_get_sqe(&ring), &after[i], 0, 0);
	}
	ret = io_uring_submit(&ring);
	if (ret != TIMEOUTS)
		broken("ring's timeouts", ret < 0 ? -ret : EIO);
}

/* Return: the errno of the first read that failed, or 0. */
static int pull(void)
{
	char *to = fault ? (char *)8 : traces->lines[0];
	long results[BATCH_MAX] = { 0 };
	struct reads reads;
	int ret;

	if (comm)
		set_comm();
	traces->tid = syscall(SYS_gettid);
	ret = reads_init(&reads, method, fd, traces->lines[0],
			 sizeof(traces->lines));
	if (ret)
		broken(method, -ret);
	pthread_barrier_wait(&together);
	if (ring_us)
		start_timeouts();
	ret = reads_do(&reads, to, LINE_SIZE, batch, results);
	/*
	 * The threads share the file's position. A read of 0 bytes began at the
	 * end of another thread's line. Wait for the shot of that thread.
	 */
	while (all && !ret && !results[0])
		pause();
	for (int i = 0; !ret && i < batch; i++)
		ret = results[i] < 0 ? results[i] : 0;
	return -ret;
}

static void *thread_pulls(void *unused)
{
	_exit(pull());
	return unused;
}

static void *thread_waits(void *unused)
{
	pthread_barrier_wait(&together);
	for (;;)
		pause();
	return unused;
}

/* The reader's process. The first thread that has read ends it. */
static void run_reader(void)
{
	void *(*others)(void *) = all ? thread_pulls : thread_waits;
	pthread_t thread;

	fd = open_node();
	if (map_null && mmap(NULL, getpagesize(), PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED |
			     MAP_POPULATE, -1, 0) == MAP_FAILED)
		broken("page 0", errno);
	pthread_barrier_init(&together, NULL, 1 + threads + second);
	for (int i = 0; i < threads; i++)
		if (pthread_create(&thread, NULL, others, NULL))
			broken("thread", EAGAIN);
	if (second) {
		if (pthread_create(&thread, NULL, thread_pulls, NULL))
			broken("thread", EAGAIN);
		thread_waits(NULL);
	}
	_exit(pull());
}

static int wait_reader(pid_t pid)
{
	int status;

	for (int i = 0; i < 2 * LIMIT_MS; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status;
		usleep(500);
	}
	printf("reader %d has not ended after %d s\n", pid, LIMIT_MS / 1000);
	exit(1);
}

static void report(int status)
{
	printf("tid %d\n", traces->tid);
	if (WIFSIGNALED(status))
		printf("killed %d\n", WTERMSIG(status));
	else if (WEXITSTATUS(status))
		printf("exited %s\n", errname(WEXITSTATUS(status)));
	else
		puts("exited 0");
	for (int i = 0; i < batch; i++)
		if (traces->lines[i][0])
			printf("line %s", traces->lines[i]);
}

static void options(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "n:m:b:t:saNF0c:r:pw:")) != -1) {
		switch (option) {
		case 'n':
			readers = atoi(optarg);
			break;
		case 'm':
			method = optarg;
			break;
		case 'b':
			batch = atoi(optarg);
			break;
		case 't':
			threads = atoi(optarg);
			break;
		case 's':
			second = true;
			break;
		case 'a':
			all = true;
			break;
		case 'N':
			flags |= O_NONBLOCK;
			break;
		case 'F':
			fault = true;
			break;
		case '0':
			map_null = true;
			break;
		case 'c':
			comm = optarg;
			break;
		case 'r':
			ring_us = atoi(optarg);
			break;
		case 'p':
			patient = true;
			break;
		case 'w':
			pause_ms = atoi(optarg);
			break;
		default:
			exit(BROKEN);
		}
	}
	if (optind != argc - 1 || readers < 1 || batch < 1 ||
	    batch > BATCH_MAX) {
		fprintf(stderr, "shoot: wrong arguments; see the top of tests/tools/shoot.c\n");
		exit(BROKEN);
	}
	node = argv[optind];
}

int main(int argc, char **argv)
{
	int signals[65] = { 0 }, statuses[256] = { 0 };
	int lines = 0, status = 0;
	pid_t pid;

	options(argc, argv);
	traces = mmap(NULL, sizeof(*traces), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (traces == MAP_FAILED)
		broken("memory", errno);
	for (int i = 0; i < readers; i++) {
		memset(traces, 0, sizeof(*traces));
		usleep(pause_ms * 1000);
		pid = fork();
		if (pid < 0)
			broken("fork", errno);
		if (!pid)
			run_reader();
		status = wait_reader(pid);
		lines += !!strchr(traces->lines[0], '\n');
		if (WIFSIGNALED(status))
			signals[WTERMSIG(status)]++;
		else if (WEXITSTATUS(status) == BROKEN)
			return BROKEN;
		else
			statuses[WEXITSTATUS(status)]++;
	}
	if (readers == 1) {
		report(status);
		return 0;
	}
	for (int i = 0; i < 65; i++)
		if (signals[i])
			printf("killed %d: %d\n", i, signals[i]);
	for (int i = 0; i < 256; i++)
		if (statuses[i])
			printf("exited %s: %d\n", i ? errname(i) : "0",
			       statuses[i]);
	printf("lines: %d\n", lines);
	return 0;
}
