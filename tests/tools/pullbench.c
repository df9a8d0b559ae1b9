// SPDX-License-Identifier: GPL-2.0
/*
 * pullbench - compares the time of a pull with that of a read of /dev/zero
 *
 *	pullbench METHOD NODE KEY
 *
 * Measures reads of the whole line from NODE, and reads of the same number of
 * bytes from /dev/zero, both by the same METHOD of methods.h. Prints a row for
 * make bench: the nanoseconds of a read of each. Exits 1 if they could not be
 * measured.
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

/* A round must be shorter than the 4 ms between two ticks of the kernel. */
#define READS	500
#define ROUNDS	8

struct target {
	const char *path;
	int fd;
	struct reads reads;
	long (*read_once)(struct target *target, size_t size);
	char line[128];
};

static size_t sizes[READS];

static long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000L + ts.tv_nsec;
}

/* reads_do()'s own time would bring the ratio of these two nearer to 1. */
static long by_pread(struct target *target, size_t size)
{
	return pread(target->fd, target->line, size, 0);
}

static long by_preadv(struct target *target, size_t size)
{
	const struct iovec iov = { target->line, size };

	return preadv(target->fd, &iov, 1, 0);
}

static long by_method(struct target *target, size_t size)
{
	long got;
	int ret = reads_do(&target->reads, target->line, size, 1, &got);

	return ret ?: got;
}

static void must_open(struct target *target, const char *method,
		      const char *path)
{
	target->path = path;
	target->read_once = !strcmp(method, "pread") ? by_pread :
			    !strcmp(method, "preadv") ? by_preadv : by_method;
	target->fd = open(path, O_RDONLY);
	if (target->fd < 0 ||
	    reads_init(&target->reads, method, target->fd, target->line,
		       sizeof(target->line))) {
		perror(path);
		exit(1);
	}
}

static size_t must_read(struct target *target, size_t size)
{
	long got = target->read_once(target, size);

	if (got <= 0) {
		fprintf(stderr, "pullbench: cannot read %s\n", target->path);
		exit(1);
	}
	return got;
}

static long time_pulls(struct target *node)
{
	long start = now();

	for (int i = 0; i < READS; i++)
		sizes[i] = must_read(node, sizeof(node->line));
	return now() - start;
}

static long time_zeros(struct target *zeros)
{
	long start = now();

	for (int i = 0; i < READS; i++)
		must_read(zeros, sizes[i]);
	return now() - start;
}

int main(int argc, char **argv)
{
	static struct target node, zeros;
	long pull = 0, zero = 0, took;

	if (argc != 4) {
		fprintf(stderr, "usage: pullbench METHOD NODE KEY\n");
		return 1;
	}
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
	printf("row %s\t%.1f\t%.1f\tns\n", argv[3],
	       (double)pull / READS, (double)zero / READS);
	return 0;
}
