// SPDX-License-Identifier: GPL-2.0
/*
 * pullbench - what a pull costs, in reads of /dev/zero
 *
 *	pullbench METHOD NODE GOAL NAME
 *
 * Times reads of the whole line from NODE, by pread(2) or another METHOD of
 * methods.h, against reads of as many bytes from /dev/zero by the same, and
 * prints one line of TAP without its number. Exits 1 if the ratio is above GOAL,
 * 2 if it could not measure. In a guest whose QEMU runs with -icount shift=0 a
 * nanosecond is an instruction, so that the result is the same each time;
 * elsewhere it is only a hint.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "methods.h"

#define READS	2000
#define ROUNDS	8

struct target {
	const char *path;
	int fd;
	bool pread;
	struct reads reads;
	char line[128];
};

static size_t sizes[READS];

static long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000L + ts.tv_nsec;
}

static void must_open(struct target *target, const char *method,
		      const char *path)
{
	target->path = path;
	target->pread = !strcmp(method, "pread");
	target->fd = open(path, O_RDONLY);
	if (target->fd < 0 ||
	    reads_init(&target->reads, method, target->fd, target->line,
		       sizeof(target->line))) {
		perror(path);
		exit(2);
	}
}

static long read_once(struct target *target, size_t size)
{
	long got = -1;

	/* With nothing around it that would make the difference look smaller. */
	if (target->pread)
		got = pread(target->fd, target->line, size, 0);
	else if (reads_do(&target->reads, target->line, size, 1, &got))
		got = -1;
	if (got <= 0) {
		fprintf(stderr, "pullbench: %s did not give what was asked for\n",
			target->path);
		exit(2);
	}
	return got;
}

static long time_pulls(struct target *node)
{
	long start = now();

	for (int i = 0; i < READS; i++)
		sizes[i] = read_once(node, sizeof(node->line));
	return now() - start;
}

static long time_zeros(struct target *zeros)
{
	long start = now();

	for (int i = 0; i < READS; i++)
		read_once(zeros, sizes[i]);
	return now() - start;
}

int main(int argc, char **argv)
{
	static struct target node, zeros;
	long pull = 0, zero = 0, took;
	double ratio, goal;

	if (argc != 5) {
		fprintf(stderr, "usage: pullbench METHOD NODE GOAL NAME\n");
		return 2;
	}
	goal = atof(argv[3]);
	must_open(&node, argv[1], argv[2]);
	must_open(&zeros, argv[1], "/dev/zero");

	/* The quickest round is the one that fewest interrupts fell into. */
	for (int i = 0; i < ROUNDS; i++) {
		took = time_pulls(&node);
		if (!pull || took < pull)
			pull = took;
		took = time_zeros(&zeros);
		if (!zero || took < zero)
			zero = took;
	}
	ratio = (double)pull / zero;
	printf("%s - %s: %.3f of a /dev/zero read (goal %.2f; %ld ns against %ld)\n",
	       ratio <= goal ? "ok" : "not ok", argv[4], ratio, goal,
	       pull / READS, zero / READS);
	return ratio > goal;
}
