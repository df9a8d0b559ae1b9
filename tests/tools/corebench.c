// SPDX-License-Identifier: GPL-2.0
/*
 * corebench CASE - the cost of instances, nodes and modules
 *
 *	instances	mkdir, rmdir and memory; peer: null_blk, whose instances
 *			are made by mkdir, too
 *	nodes		open and close, and a poll that does not wait; peer: hpet,
 *			a misc device
 *	unload		an unload of a module with a device; peer: null_blk
 *
 * Prints rows and points, see tests/bench/run. Must run in a guest with one
 * processor whose clock counts instructions, one per nanosecond. null_blk must be
 * loaded without devices.
 */
#include "bench.h"
#include "shrink.h"

#include <fcntl.h>
#include <linux/hpet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define CONFIG		"/sys/kernel/config/"

static const struct kind {
	const char *name;
	const char *instances;
	const char *node;
	const char *load;
} peer = {
	"null_blk", CONFIG "nullb", "/dev/hpet", "modprobe null_blk nr_devices=1"
}, kinds[] = {
	{ "roulette", CONFIG "roulette/roulette", "/dev/kernel-roulette",
	  "modprobe roulette" },
	{ "parrot", CONFIG "roulette/parrot", "/dev/parrot", "modprobe parrot" },
};

/* The costs are in s. */
static void kind_row(const char *what, const struct kind *kind, double cost,
		     double peer_cost)
{
	char key[64];

	snprintf(key, sizeof(key), "core-%s-%s", what, kind->name);
	row(key, cost, peer_cost);
}

/* Makes or removes the instances from @from to @to - 1. */
static void change(bool make, const struct kind *kind, int from, int to)
{
	char path[256];
	int i;

	for (i = from; i < to; i++) {
		snprintf(path, sizeof(path), "%s/i%d", kind->instances, i);
		need(!(make ? mkdir(path, 0755) : rmdir(path)), "%s: %s", path,
		     errname(errno));
	}
}

#define IN_ROUND	100

/* Sets the costs of a mkdir and of an rmdir in s. */
static void measure_change(const struct kind *kind, double *made,
			   double *removed)
{
	double start, middle;
	int i;

	*made = *removed = HUGE_VAL;
	for (i = 0; i < ROUNDS; i++) {
		start = now();
		change(true, kind, 0, IN_ROUND);
		middle = now();
		change(false, kind, 0, IN_ROUND);
		*made = fmin(*made, (middle - start) / IN_ROUND);
		*removed = fmin(*removed, (now() - middle) / IN_ROUND);
	}
}

/* Return: bytes of the pages that slab caches and per-CPU variables occupy. */
static double memory(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	double sum = 0;
	char kind[64];
	long kib;

	need(file, "/proc/meminfo: %s", errname(errno));
	while (fscanf(file, "%63s %ld%*[^\n]", kind, &kib) == 2)
		if (!strcmp(kind, "Slab:") || !strcmp(kind, "Percpu:"))
			sum += kib * 1024.0;
	fclose(file);
	return sum;
}

#define MANY	1000

/* Return: the memory of an instance in bytes. */
static double measure_memory(const struct kind *kind)
{
	double before, after;

	shrink_all();
	before = memory();
	change(true, kind, 0, MANY);
	after = memory();
	change(false, kind, 0, MANY);
	return (after - before) / MANY;
}

#define LAST	20	/* mkdirs that are measured before each count */

/* Prints the cost of a mkdir when so many instances exist. */
static void measure_growth(const struct kind *kind)
{
	static const int counts[] = { 30, 100, 300, 1000, 2000 };
	int made = 0;
	double start;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		change(true, kind, made, counts[i] - LAST);
		start = now();
		change(true, kind, counts[i] - LAST, counts[i]);
		printf("point\tmkdir/%s\t%d\t%.1f\n", kind->name, counts[i],
		       (now() - start) / LAST * 1e9);
		made = counts[i];
	}
	change(false, kind, 0, made);
}

static void case_instances(void)
{
	double made, removed, peer_made, peer_removed, peer_memory;
	size_t i;

	measure_change(&peer, &peer_made, &peer_removed);
	peer_memory = measure_memory(&peer);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		measure_change(&kinds[i], &made, &removed);
		kind_row("mkdir", &kinds[i], made, peer_made);
		kind_row("rmdir", &kinds[i], removed, peer_removed);
		printf("row\tcore-memory-%s\t%.0f\t%.0f\tbytes\n",
		       kinds[i].name, measure_memory(&kinds[i]), peer_memory);
	}
	measure_growth(&peer);
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		measure_growth(&kinds[i]);
}

#define CALLS	500

static const char *opened;

static void opens(int unused)
{
	int i, fd;

	(void)unused;
	for (i = 0; i < CALLS; i++) {
		fd = open(opened, O_RDONLY);
		need(fd >= 0 && !close(fd), "%s: %s", opened, errname(errno));
	}
}

static void polls(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	int i;

	for (i = 0; i < CALLS; i++)
		need(poll(&pollfd, 1, 0) >= 0, "poll: %s", errname(errno));
}

/* Sets the costs of an open with its close, and of a poll, in s. */
static void measure_node(const struct kind *kind, double *open_cost,
			 double *poll_cost)
{
	int fd;

	opened = kind->node;
	*open_cost = fastest(opens, NULL, -1) / CALLS;
	fd = open(opened, O_RDONLY);
	need(fd >= 0, "%s: %s", opened, errname(errno));
	/* Without a frequency, a poll of hpet does nothing. */
	need(kind != &peer || !ioctl(fd, HPET_IRQFREQ, 1), "HPET_IRQFREQ: %s",
	     errname(errno));
	*poll_cost = fastest(polls, NULL, fd) / CALLS;
	close(fd);
}

static void case_nodes(void)
{
	double open_cost, poll_cost, peer_open, peer_poll;
	size_t i;

	measure_node(&peer, &peer_open, &peer_poll);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		measure_node(&kinds[i], &open_cost, &poll_cost);
		kind_row("open", &kinds[i], open_cost, peer_open);
		kind_row("poll", &kinds[i], poll_cost, peer_poll);
	}
}

static void unload(const struct kind *kind)
{
	need(!syscall(SYS_delete_module, kind->name, 0), "unload %s: %s",
	     kind->name, errname(errno));
}

/* Return: the cost of an unload in s, without the time in which it waits. */
static double measure_unload(const struct kind *kind)
{
	double best = HUGE_VAL, start;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		need(!system(kind->load), "cannot load %s", kind->name);
		nap(0.1);
		start = busy_time();
		unload(kind);
		best = fmin(best, busy_time() - start);
	}
	return best;
}

/* Leaves the modules loaded, as it found them. */
static void case_unload(void)
{
	double peer_cost;
	size_t i;

	start_idler();
	unload(&peer);
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		unload(&kinds[i]);
	peer_cost = measure_unload(&peer);
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		kind_row("unload", &kinds[i], measure_unload(&kinds[i]),
			 peer_cost);
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		need(!system(kinds[i].load), "cannot load %s", kinds[i].name);
	need(!system("modprobe null_blk nr_devices=0"), "cannot load null_blk");
	stop_idler();
}

int main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "instances", case_instances }, { "nodes", case_nodes },
		{ "unload", case_unload },
	};

	return run_case(cases, ARRAY_SIZE(cases), argc, argv);
}
