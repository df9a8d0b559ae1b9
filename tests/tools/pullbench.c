// SPDX-License-Identifier: GPL-2.0
/*
 * pullbench - compares the time of a pull with that of a read of /dev/zero
 *
 *	pullbench METHOD NODE GOAL NAME
 *
 * Measures reads of the whole line from NODE, and reads of the same number of
 * bytes from /dev/zero, both by the same METHOD of methods.h. Prints one line
 * of TAP without its number. Exits 1 if the ratio of the two times is above
 * GOAL, and 2 if they could not be measured.
 *
 * In a guest whose QEMU runs with -icount shift=0, a nanosecond is an
 * instruction, so the result is always the same. Elsewhere it is only a hint.
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

	/* Not by reads_do(): its own time would bring the ratio nearer to 1. */
	if (target->pread)
		got = pread(target->fd, target->line, size, 0);
	else if (reads_do(&target->reads, target->line, size, 1, &got))
		got = -1;
	if (got <= 0) {
		fprintf(stderr, "pullbench: cannot read %s\n",
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

	/* The fastest round of each is the one with the fewest interrupts. */
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
