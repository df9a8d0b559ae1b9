// SPDX-License-Identifier: GPL-2.0
/*
 * pullbench - what a pull costs, in reads of /dev/zero
 *
 *	pullbench NODE GOAL NAME
 *
 * Times pread(2) of the whole line from NODE against pread(2) of as many
 * bytes from /dev/zero and prints one line of TAP without its number. Exits 1
 * if the ratio is above GOAL, 2 if it could not measure. In a guest whose
 * QEMU runs with -icount shift=0 a nanosecond is an instruction, so that the
 * result is the same each time; elsewhere it is only a hint.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define READS	2000
#define ROUNDS	8

static size_t sizes[READS];

static long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000L + ts.tv_nsec;
}

static int must_open(const char *path)
{
	int fd = open(path, O_RDONLY);

	if (fd < 0) {
		perror(path);
		exit(2);
	}
	return fd;
}

static void broken(const char *path)
{
	fprintf(stderr, "pullbench: %s did not give what was asked for\n", path);
	exit(2);
}

static long time_pulls(int fd, const char *path)
{
	char line[128];
	long start = now();
	ssize_t got;

	for (int i = 0; i < READS; i++) {
		got = pread(fd, line, sizeof(line), 0);
		if (got <= 0)
			broken(path);
		sizes[i] = got;
	}
	return now() - start;
}

static long time_zeros(int fd)
{
	char line[128];
	long start = now();
	ssize_t got;

	for (int i = 0; i < READS; i++) {
		got = pread(fd, line, sizes[i], 0);
		if (got != (ssize_t)sizes[i])
			broken("/dev/zero");
	}
	return now() - start;
}

int main(int argc, char **argv)
{
	long pull = 0, zero = 0, took;
	int node, zeros;
	double ratio, goal;

	if (argc != 4) {
		fprintf(stderr, "usage: pullbench NODE GOAL NAME\n");
		return 2;
	}
	goal = atof(argv[2]);
	node = must_open(argv[1]);
	zeros = must_open("/dev/zero");

	/* The quickest round is the one that fewest interrupts fell into. */
	for (int i = 0; i < ROUNDS; i++) {
		took = time_pulls(node, argv[1]);
		if (!pull || took < pull)
			pull = took;
		took = time_zeros(zeros);
		if (!zero || took < zero)
			zero = took;
	}
	ratio = (double)pull / zero;
	printf("%s - %s: %.3f of a /dev/zero read (goal %.2f; %ld ns against %ld)\n",
	       ratio <= goal ? "ok" : "not ok", argv[3], ratio, goal,
	       pull / READS, zero / READS);
	return ratio > goal;
}
