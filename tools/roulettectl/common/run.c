// SPDX-License-Identifier: GPL-2.0
/* Runs other programs. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "message.h"
#include "run.h"

extern char **environ;

static int spawn(char *const argv[], enum run_errors errors, int in, int out,
		 pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int err;

	posix_spawn_file_actions_init(&actions);
	if (in < 0)
		posix_spawn_file_actions_addopen(&actions, STDIN_FILENO,
						 "/dev/null", O_RDONLY, 0);
	else
		posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (errors == RUN_ERRORS_KEPT)
		posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
	else if (errors == RUN_ERRORS_DROPPED)
		posix_spawn_file_actions_addopen(&actions, STDERR_FILENO,
						 "/dev/null", O_WRONLY, 0);
	err = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return err;
}

/* Return: the output; *@excess is set if there was more than @limit. */
static char *collect(int fd, size_t limit, int *excess)
{
	size_t size = 4096, length = 0;
	char *bytes = need_memory(malloc(size + 1));
	ssize_t got;

	*excess = 0;
	for (;;) {
		got = read(fd, bytes + length, size - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		length += got;
		if (length > limit) {
			*excess = 1;
			break;
		}
		if (length == size) {
			size *= 2;
			bytes = need_memory(realloc(bytes, size + 1));
		}
	}
	bytes[length] = '\0';
	return bytes;
}

/**
 * run_start() - start a program whose output the caller reads
 * @argv: the program, searched in PATH, and its arguments, ended by NULL
 * @errors: what happens to its standard error
 * @in: its standard input, or -1 for an empty one
 * @pid: receives its process, for run_end()
 *
 * Return: the file descriptor of its standard output; -1 if the program does
 * not exist.
 */
int run_start(char *const argv[], enum run_errors errors, int in, pid_t *pid)
{
	int ends[2], err;

	if (pipe2(ends, O_CLOEXEC))
		exit(complain_errno(STATUS_IMPOSSIBLE, NULL,
				    "could not create a pipe"));
	err = spawn(argv, errors, in, ends[1], pid);
	close(ends[1]);
	if (!err)
		return ends[0];
	close(ends[0]);
	if (err == ENOENT)
		return -1;
	errno = err;
	exit(complain_errno(STATUS_IMPOSSIBLE, NULL, "could not run %s",
			    argv[0]));
}

/**
 * run_end() - wait for the end of a program
 * @out: its standard output, which is closed: a program that still writes ends
 * @pid: its process
 *
 * Return: the exit status, or RUN_KILLED if a signal ended it.
 */
int run_end(int out, pid_t pid)
{
	int status;

	close(out);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : RUN_KILLED;
}

/**
 * run() - run a program and wait for it
 * @argv: the program, searched in PATH, and its arguments, ended by NULL
 * @errors: what happens to its standard error
 * @output: receives its standard output with a NUL behind it, which the caller
 *	must free; unchanged if the program was not found
 * @limit: maximum size of the output in bytes
 *
 * The standard input of the program is empty.
 *
 * Return: the exit status; RUN_NOT_FOUND if the program does not exist,
 * RUN_KILLED if a signal ended it, RUN_TOO_LONG if the output exceeds @limit.
 */
int run(char *const argv[], enum run_errors errors, char **output,
	size_t limit)
{
	pid_t pid;
	int out = run_start(argv, errors, -1, &pid);
	int excess, status;

	if (out < 0)
		return RUN_NOT_FOUND;
	*output = collect(out, limit, &excess);
	status = run_end(out, pid);
	return excess ? RUN_TOO_LONG : status;
}
