// SPDX-License-Identifier: GPL-2.0
/* Reads the files of a machine, below the root directory of this machine. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "common/file.h"
#include "machine.h"

/* Configuration files and files of /proc and /sys are smaller. */
#define FILE_MAX	(1024 * 1024)

/**
 * machine_path() - get the path of a machine's file on this machine
 * @machine: the machine
 * @path: absolute path on the machine
 *
 * Return: the path, which the caller must free.
 */
char *machine_path(const struct machine *machine, const char *path)
{
	return text("%s%s", machine->root, path);
}

/**
 * machine_read() - read a file of a machine
 * @machine: the machine; a file without permission increments its unseen
 * @path: absolute path on the machine
 *
 * Return: the content without the last newline, which the caller must free;
 * NULL with errno set if the file does not exist or cannot be read.
 */
char *machine_read(struct machine *machine, const char *path)
{
	char *full = machine_path(machine, path);
	char *content = read_file_at(AT_FDCWD, full, FILE_MAX);
	int saved = errno;

	if (content)
		chomp(content);
	else if (saved == EACCES || saved == EPERM)
		machine->unseen++;
	free(full);
	errno = saved;
	return content;
}

/**
 * machine_number() - read a file that has a decimal number
 * @machine: the machine
 * @path: absolute path on the machine
 *
 * Return: the number; MACHINE_UNKNOWN with errno set if the file does not
 * exist, cannot be read, or has no number. Files with other negative numbers
 * must be read by machine_read().
 */
long long machine_number(struct machine *machine, const char *path)
{
	char *content = machine_read(machine, path);
	long long number = MACHINE_UNKNOWN;
	char *end;

	if (!content)
		return MACHINE_UNKNOWN;
	errno = EINVAL;
	if (*content) {
		number = strtoll(content, &end, 10);
		if (*end && *end != ' ' && *end != '\t' && *end != '\n')
			number = MACHINE_UNKNOWN;
	}
	free(content);
	return number;
}

/**
 * machine_exists() - check whether a file of a machine exists
 * @machine: the machine
 * @path: absolute path on the machine
 *
 * Return: true if it does.
 */
bool machine_exists(const struct machine *machine, const char *path)
{
	char *full = machine_path(machine, path);
	bool found = exists(full);

	free(full);
	return found;
}

/**
 * machine_is_this() - check whether a machine is the one that runs this program
 * @machine: the machine
 *
 * Return: true if it is, so that its programs can be run.
 */
bool machine_is_this(const struct machine *machine)
{
	return !*machine->root;
}
