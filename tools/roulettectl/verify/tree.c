// SPDX-License-Identifier: GPL-2.0
/*
 * Opens the directories and files of a tree that nobody may trust: symbolic links
 * do not lead out of it, and only regular files are read.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tree.h"

/* A directory with more names is no directory of a collector. */
#define ENTRIES_MAX	100000

#define DIRECTORY	(O_RDONLY | O_DIRECTORY | O_CLOEXEC)

/**
 * tree_open() - open a directory of a machine
 * @machine: the machine
 * @path: absolute path on the machine
 *
 * Return: as machine_open().
 */
int tree_open(const struct machine *machine, const char *path)
{
	return machine_open(machine, path, DIRECTORY);
}

/**
 * tree_open_dir() - open a directory in a directory
 * @dir: the directory
 * @name: name in it
 *
 * Return: the file descriptor, or -1 with errno set.
 */
int tree_open_dir(int dir, const char *name)
{
	return openat(dir, name, DIRECTORY | O_NOFOLLOW);
}

/**
 * tree_open_file() - open a regular file in a directory
 * @dir: the directory
 * @name: name in it
 * @status: receives the result of fstat()
 *
 * Return: the file descriptor, or -1 with errno set; EINVAL if it is no regular
 * file.
 */
int tree_open_file(int dir, const char *name, struct stat *status)
{
	int file, saved;

	/* open() of a device or FIFO can wait or act, so check first. */
	if (fstatat(dir, name, status, AT_SYMLINK_NOFOLLOW))
		return -1;
	errno = EINVAL;
	if (!S_ISREG(status->st_mode))
		return -1;
	file = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
		      O_NOCTTY | O_CLOEXEC);
	if (file < 0)
		return -1;
	if (!fstat(file, status) && S_ISREG(status->st_mode))
		return file;
	saved = EINVAL;
	close(file);
	errno = saved;
	return -1;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/**
 * entries_read() - read the names in a directory
 * @dir: the directory
 * @entries: receives the names that do not begin with a dot; the caller must
 *	call entries_free()
 */
void entries_read(int dir, struct entries *entries)
{
	int copy = openat(dir, ".", DIRECTORY);
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	*entries = (struct entries){};
	if (!stream) {
		if (copy >= 0)
			close(copy);
		return;
	}
	while (entries->count < ENTRIES_MAX && (entry = readdir(stream))) {
		if (entry->d_name[0] == '.')
			continue;
		entries->name = need_memory(reallocarray(entries->name,
							 entries->count + 1,
							 sizeof(char *)));
		entries->name[entries->count++] = text("%s", entry->d_name);
	}
	closedir(stream);
	if (entries->count)
		qsort(entries->name, entries->count, sizeof(char *), compare);
}

/**
 * entries_free() - free the names in a directory
 * @entries: the names
 */
void entries_free(struct entries *entries)
{
	size_t i;

	for (i = 0; i < entries->count; i++)
		free(entries->name[i]);
	free(entries->name);
}

/**
 * stat_time() - get when a file was written
 * @status: result of fstat()
 *
 * Return: the time, in seconds of the clock.
 */
double stat_time(const struct stat *status)
{
	return status->st_mtim.tv_sec + status->st_mtim.tv_nsec / 1e9;
}
