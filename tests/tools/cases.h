/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For test programs with several cases, one function each. A case ends at its
 * first failed check, with a message.
 *
 * Times are in seconds on the monotonic clock, which the devices use too.
 */
#ifndef CASES_H
#define CASES_H

#define _GNU_SOURCE
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "errname.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

struct test_case {
	const char *name;
	void (*run)(void);
};

__attribute__((noreturn, format(printf, 3, 4)))
static inline void die(const char *file, int line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("%s:%d: ", file, line);
	vprintf(format, args);
	printf("\n");
	va_end(args);
	fflush(stdout);
	_exit(1);
}

#define need(condition, ...)						\
	do {								\
		if (!(condition))					\
			die(__FILE__, __LINE__, __VA_ARGS__);		\
	} while (0)

static inline double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static inline void nap(double seconds)
{
	struct timespec ts = {
		.tv_sec = seconds, .tv_nsec = (seconds - (long)seconds) * 1e9,
	};

	nanosleep(&ts, NULL);
}

static inline int run_case(const struct test_case *cases, size_t count, int argc,
			   char **argv)
{
	size_t i;

	/* SIGALRM ends a case that hangs. */
	alarm(120);
	for (i = 0; i < count && argc == 2; i++) {
		if (strcmp(cases[i].name, argv[1]) == 0) {
			cases[i].run();
			return 0;
		}
	}
	fprintf(stderr, "usage: %s CASE, which is one of:", argv[0]);
	for (i = 0; i < count; i++)
		fprintf(stderr, " %s", cases[i].name);
	fprintf(stderr, "\n");
	return 2;
}

#endif
