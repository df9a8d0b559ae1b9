/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_RUN_H
#define ROULETTECTL_RUN_H

#include <stddef.h>
#include <sys/types.h>

/**
 * enum run_errors - what happens to the standard error of a program
 * @RUN_ERRORS_SHOWN: the user sees it
 * @RUN_ERRORS_KEPT: it is part of the output
 * @RUN_ERRORS_DROPPED: it goes to /dev/null
 */
enum run_errors {
	RUN_ERRORS_SHOWN,
	RUN_ERRORS_KEPT,
	RUN_ERRORS_DROPPED,
};

#define RUN_NOT_FOUND	127
#define RUN_KILLED	128
#define RUN_TOO_LONG	129

int run(char *const argv[], enum run_errors errors, char **output,
	size_t limit);
int run_start(char *const argv[], enum run_errors errors, int in, pid_t *pid);
int run_end(int out, pid_t pid);

#endif
