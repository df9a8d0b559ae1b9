// SPDX-License-Identifier: GPL-2.0
/* A child process that pulls, because a hit may kill the process that reads. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/message.h"
#include "reader.h"

/*
 * Size of the pipe for results. The child can be 30 pulls ahead of a slow
 * parent, for example if the terminal is stopped.
 */
#define PIPE_SIZE	4096

/* A killed reader that is not dead after this time is stuck in the kernel. */
#define KILL_MS	500

/**
 * struct shared - memory that the child shares with its parent
 * @begun: number of pulls that the child has begun
 * @pull: the current pull. The kernel writes its line before a hit fires, so
 *	the line outlives the child
 * @stop: the child shall not pull again
 */
struct shared {
	atomic_ullong begun;
	struct pull pull;
	atomic_bool stop;
};

/**
 * reader_init() - prepare a reader
 * @reader: the reader
 * @node: path of the node
 * @cpu: CPU to read on, or -1 for any
 */
void reader_init(struct reader *reader, const char *node, int cpu)
{
	*reader = (struct reader){ .node = node, .cpu = cpu };
	reader->shared = mmap(NULL, sizeof(*reader->shared),
			      PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (reader->shared == MAP_FAILED)
		need_memory(NULL);
}

static int pin(int cpu)
{
	cpu_set_t set;

	if (cpu < 0)
		return 0;
	if (cpu >= CPU_SETSIZE) {
		errno = EINVAL;
		return -1;
	}
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set);
}

/* Return: the file descriptor of the node, or -1 with errno set. */
static int open_node(const struct reader *reader, struct pull *pull)
{
	pull->step = READER_PIN;
	if (pin(reader->cpu))
		return -1;
	pull->step = READER_OPEN;
	return open(reader->node, O_RDONLY | O_CLOEXEC);
}

/* The child. It ends after a pull that failed and was no hit. */
static void serve(const struct reader *reader, unsigned long long pulls,
		  int results)
{
	struct shared *shared = reader->shared;
	struct pull *pull = &shared->pull;
	int node = open_node(reader, pull);

	if (node < 0) {
		pull->err = errno;
		_exit(write(results, pull, sizeof(*pull)) < 0);
	}
	for (; pulls && !shared->stop; pulls--) {
		ssize_t length;

		*pull = (struct pull){ .step = READER_READ };
		shared->begun++;
		length = pread(node, pull->line, sizeof(pull->line) - 1, 0);
		pull->err = length < 0 ? errno : 0;
		if (write(results, pull, sizeof(*pull)) < 0)
			break;
		if (!*pull->line && pull->err != EIO)
			break;
	}
	_exit(0);
}

/**
 * reader_start() - start a child that pulls
 * @reader: the reader, whose last child has died or ended
 * @pulls: number of pulls
 */
void reader_start(struct reader *reader, unsigned long long pulls)
{
	int ends[2];

	memset(reader->shared, 0, sizeof(*reader->shared));
	reader->received = 0;
	if (pipe2(ends, O_CLOEXEC))
		exit(complain_errno(STATUS_IMPOSSIBLE, NULL,
				    "could not create a pipe"));
	fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE);
	reader->pid = fork();
	if (reader->pid < 0)
		exit(complain_errno(STATUS_IMPOSSIBLE, NULL,
				    "could not create a process"));
	if (!reader->pid) {
		close(ends[0]);
		serve(reader, pulls, ends[1]);
	}
	close(ends[1]);
	reader->results = ends[0];
}

static void cut_line(struct reader *reader)
{
	reader->pull.line[strcspn(reader->pull.line, "\n")] = '\0';
}

/* The pull that the child has begun, and whose result it has not sent. */
static void take_unfinished(struct reader *reader)
{
	reader->pull = (struct pull){};
	if (reader->shared->begun > reader->received)
		reader->pull = reader->shared->pull;
	cut_line(reader);
}

static enum reader_event bury(struct reader *reader)
{
	int status = 0;

	close(reader->results);
	while (waitpid(reader->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status))
		return READER_ENDED;
	take_unfinished(reader);
	return READER_DIED;
}

/**
 * reader_wait() - wait for the end of a pull
 * @reader: the reader, which was started
 * @signals: result of signals_open(), or -1
 * @timeout_ms: time limit in milliseconds, or -1
 *
 * Return: the event that occurred.
 */
enum reader_event reader_wait(struct reader *reader, int signals,
			      int timeout_ms)
{
	struct pollfd waiting[] = {
		{ .fd = reader->results, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};

	if (poll(waiting, 2, timeout_ms) <= 0)
		return READER_BUSY;
	if (waiting[1].revents)
		return READER_SIGNAL;
	/* Writes of this size are never split. */
	if (read(reader->results, &reader->pull, sizeof(reader->pull)) !=
	    sizeof(reader->pull))
		return bury(reader);
	reader->received++;
	cut_line(reader);
	return READER_DONE;
}

/**
 * reader_stop() - end a reader after its current pull
 * @reader: the reader; reader_wait() still returns the pulls it has done
 */
void reader_stop(struct reader *reader)
{
	reader->shared->stop = true;
}

/**
 * reader_kill() - end a reader during a pull
 * @reader: the reader, all of whose results were received
 *
 * Sets &reader.pull to the current pull.
 *
 * Return: true if it is dead; false if an action in the kernel holds it.
 */
bool reader_kill(struct reader *reader)
{
	kill(reader->pid, SIGKILL);
	if (reader_wait(reader, -1, KILL_MS) != READER_BUSY)
		return true;
	take_unfinished(reader);
	return false;
}
