// SPDX-License-Identifier: GPL-2.0
/*
 * slabs - checks whether the kernel uses more memory than before
 *
 *	slabs save FILE		stores the number of objects of each slab cache,
 *				and of pages that are used elsewhere
 *	slabs grown FILE COUNT	prints each cache that has gained more than
 *				COUNT objects since, and "pages" if more than
 *				COUNT pages were gained; exits 1 if it printed
 *				any
 *
 * Both first make the kernel drop its caches, and make the slab caches release
 * objects that the CPUs keep, so that the counts are exact. RCU frees objects
 * with a delay, so grown repeats the check for some seconds.
 *
 * On a kernel with kmemleak slabs does nothing, because kmemleak's records and
 * KASAN's freed objects change the counts. There the tests use kmemleak itself.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shrink.h"

#define MAX_CACHES	512

struct cache {
	char name[64];
	long objects;
};

/* Return: number of free pages that the CPUs keep, up to tens of MiB. */
static long idle_pages(void)
{
	FILE *file = fopen("/proc/zoneinfo", "r");
	long pages, sum = 0;
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, " count: %ld", &pages) == 1)
			sum += pages;
	}
	if (file)
		fclose(file);
	return sum;
}

/* Return: number of pages that are neither free nor of a kind that varies. */
static long other_pages(void)
{
	static const char * const known[] = {
		"MemFree:", "Slab:", "Buffers:", "Cached:", "AnonPages:",
	};
	FILE *file = fopen("/proc/meminfo", "r");
	long kib, sum = 0;
	char kind[64];
	size_t i;

	while (file && fscanf(file, "%63s %ld%*[^\n]", kind, &kib) == 2) {
		if (!strcmp(kind, "MemTotal:"))
			sum += kib;
		for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			if (!strcmp(kind, known[i]))
				sum -= kib;
	}
	if (file)
		fclose(file);
	return sum / 4 - idle_pages();
}

static int count(struct cache *caches)
{
	FILE *file = fopen("/proc/slabinfo", "r");
	char line[512];
	int n = 0;

	while (file && n < MAX_CACHES && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %ld", caches[n].name,
			   &caches[n].objects) == 2)
			n++;
	}
	if (file)
		fclose(file);
	if (!n) {
		fprintf(stderr, "slabs: cannot read /proc/slabinfo\n");
		exit(2);
	}
	strcpy(caches[n].name, "pages");
	caches[n].objects = other_pages();
	return n + 1;
}

static struct cache before[MAX_CACHES + 1], now[MAX_CACHES + 1];
static int saved;

static int take(void)
{
	shrink_all();
	return count(now);
}

/* Return: whether a cache has gained more than @most objects. */
static int grown(int n, long most, bool say)
{
	int i, j, found = 0;

	for (i = 0; i < n; i++) {
		for (j = 0; j < saved; j++) {
			if (strcmp(now[i].name, before[j].name) ||
			    now[i].objects - before[j].objects <= most)
				continue;
			if (say)
				printf("%s: %ld, %ld before\n", now[i].name,
				       now[i].objects, before[j].objects);
			found = 1;
		}
	}
	return found;
}

int main(int argc, char **argv)
{
	int n, i, tries;
	FILE *file;

	if (argc < 3 || argc != (strcmp(argv[1], "save") ? 4 : 3)) {
		fprintf(stderr, "slabs: wrong arguments; see the top of tests/tools/slabs.c\n");
		return 2;
	}
	if (!access("/sys/kernel/debug/kmemleak", F_OK))
		return 0;
	n = take();
	file = fopen(argv[2], argc == 3 ? "w" : "r");
	if (!file) {
		perror(argv[2]);
		return 2;
	}
	if (argc == 3) {
		for (i = 0; i < n; i++)
			fprintf(file, "%s %ld\n", now[i].name, now[i].objects);
		return fclose(file) ? 2 : 0;
	}
	while (saved <= MAX_CACHES &&
	       fscanf(file, "%63s %ld", before[saved].name,
		      &before[saved].objects) == 2)
		saved++;
	for (tries = 0; grown(n, atol(argv[3]), false); tries++) {
		if (tries == 10)
			return grown(n, atol(argv[3]), true);
		usleep(500000);
		n = take();
	}
	return 0;
}
