/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Measures costs in s, and prints the rows of make bench. In a guest whose clock
 * counts instructions, a nanosecond is an instruction.
 */
#ifndef BENCH_H
#define BENCH_H

#include "cases.h"

#include <math.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define ROUNDS	8

/* The costs are in s. */
static inline void row(const char *key, double cost, double peer)
{
	need(cost > 0 && peer > 0, "%s: a cost of %.1f ns, of the peer %.1f ns",
	     key, cost * 1e9, peer * 1e9);
	printf("row\t%s\t%.1f\t%.1f\tns\n", key, cost * 1e9, peer * 1e9);
	fflush(stdout);
}

/*
 * Return: the shortest time of @work in s, of several. The others were
 * prolonged by interrupts. @before precedes each round, is not measured, and
 * may be NULL.
 */
static inline double fastest(void (*work)(int fd), void (*before)(int fd), int fd)
{
	double best = HUGE_VAL, start, took;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		if (before)
			before(fd);
		start = now();
		work(fd);
		took = now() - start;
		if (took < best)
			best = took;
	}
	return best;
}

/*
 * The kernel measures idle time in ticks only. So a process of the lowest
 * priority counts in a loop, and each count stands for the same idle time.
 */
static volatile long *idle_counts;
static double idle_count_time;
static pid_t idler;

/* Return: time in s of one count, while the other processes sleep. */
static inline double measure_count(void)
{
	long counts = *idle_counts;
	double start = now();

	nap(0.02);
	return (now() - start) / (*idle_counts - counts);
}

static inline void start_idler(void)
{
	const struct sched_param none = { 0 };
	int i;

	idle_counts = mmap(NULL, sizeof(*idle_counts), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	need(idle_counts != MAP_FAILED, "no memory");
	idler = fork();
	need(idler >= 0, "fork: %s", errname(errno));
	if (!idler) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		need(!sched_setscheduler(0, SCHED_IDLE, &none), "SCHED_IDLE");
		for (;;)
			++*idle_counts;
	}
	nap(0.1);
	/* The kernel may work in the background, so take the shortest. */
	idle_count_time = measure_count();
	for (i = 1; i < ROUNDS; i++)
		idle_count_time = fmin(idle_count_time, measure_count());
}

static inline void stop_idler(void)
{
	kill(idler, SIGKILL);
	waitpid(idler, NULL, 0);
}

/* Return: time in s in which the processor was not idle. */
static inline double busy_time(void)
{
	return now() - *idle_counts * idle_count_time;
}

#endif
