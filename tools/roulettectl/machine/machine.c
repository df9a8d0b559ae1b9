// SPDX-License-Identifier: GPL-2.0
/* Reads the files of a machine, below the root directory of this machine. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/file.h"
#include "machine.h"

/* Configuration files and files of /proc and /sys are smaller. */
#define FILE_MAX	(1024 * 1024)

/* For kernels before 5.6, and valgrind: no symbolic link is followed. */
static int open_without_links(int root, const char *path, int flags)
{
	char *copy = text("%s", path), *rest = copy, *name;
	int file = openat(root, ".", O_PATH | O_CLOEXEC), dir, saved;

	while (file >= 0 && (name = strsep(&rest, "/"))) {
		if (!*name)
			continue;
		dir = file;
		file = openat(dir, name, O_NOFOLLOW | O_CLOEXEC |
			      (rest ? O_PATH : flags));
		if (!strcmp(name, "..") && file >= 0) {
			close(file);
			file = -1;
			errno = ELOOP;
		}
		saved = errno;
		close(dir);
		errno = saved;
	}
	free(copy);
	return file;
}

/**
 * machine_open() - open a file or directory of a machine
 * @machine: the machine
 * @path: absolute path on the machine
 * @flags: flags of open(), without O_CREAT
 *
 * Symbolic links are followed. Below --root they end in the machine's tree.
 *
 * Return: the file descriptor, or -1 with errno set.
 */
int machine_open(const struct machine *machine, const char *path, int flags)
{
	struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int root, file, saved;

	if (machine_is_this(machine))
		return open(path, flags | O_CLOEXEC);
	root = open(machine->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return -1;
	file = syscall(__NR_openat2, root, path, &how, sizeof(how));
	if (file < 0 && errno == ENOSYS)
		file = open_without_links(root, path, flags);
	saved = errno;
	close(root);
	errno = saved;
	return file;
}

/**
 * machine_open_file() - open a regular file of a machine for reading
 * @machine: the machine
 * @path: absolute path on the machine
 *
 * Return: the file descriptor, or -1 with errno set; EINVAL if it is no regular
 * file.
 */
int machine_open_file(const struct machine *machine, const char *path)
{
	int place = machine_open(machine, path, O_PATH);
	int file = -1, saved;
	struct stat status;
	char *again;

	if (place < 0)
		return -1;
	/* Opening a device or FIFO can wait or act, so look first. */
	errno = EINVAL;
	if (!fstat(place, &status) && S_ISREG(status.st_mode)) {
		again = text("/proc/self/fd/%d", place);
		file = open(again, O_RDONLY | O_CLOEXEC);
		free(again);
	}
	saved = errno;
	close(place);
	errno = saved;
	return file;
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
	int file = machine_open_file(machine, path);
	char *content = file < 0 ? NULL : read_file(file, FILE_MAX);
	int saved = errno;

	if (content)
		chomp(content);
	else if (saved == EACCES || saved == EPERM)
		machine->unseen++;
	if (file >= 0)
		close(file);
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
 * machine_small() - read a file that has seconds, or another small number
 * @machine: the machine
 * @path: absolute path on the machine
 *
 * Return: as machine_number(), but MACHINE_SMALL_MAX for a larger number, so
 * that calculations do not overflow.
 */
long long machine_small(struct machine *machine, const char *path)
{
	long long number = machine_number(machine, path);

	return number < MACHINE_SMALL_MAX ? number : MACHINE_SMALL_MAX;
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
	int file = machine_open(machine, path, O_PATH);

	if (file >= 0)
		close(file);
	return file >= 0;
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

/**
 * machine_link() - get the target of a symbolic link
 * @machine: the machine
 * @path: absolute path on the machine
 *
 * Return: the target, which the caller must free; NULL if it is not a link.
 */
char *machine_link(const struct machine *machine, const char *path)
{
	int link = machine_open(machine, path, O_PATH | O_NOFOLLOW);
	char target[4096];
	ssize_t length = -1;

	if (link >= 0) {
		length = readlinkat(link, "", target, sizeof(target));
		close(link);
	}
	if (length < 0)
		return NULL;
	return text("%.*s", (int)length, target);
}

/**
 * machine_link_exists() - check whether a file or link exists
 * @machine: the machine
 * @path: absolute path on the machine
 *
 * Return: true if it does, even if it is a link to nowhere.
 */
bool machine_link_exists(const struct machine *machine, const char *path)
{
	int link = machine_open(machine, path, O_PATH | O_NOFOLLOW);

	if (link >= 0)
		close(link);
	return link >= 0;
}

static int is_name(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/**
 * machine_names() - get the names in a directory of a machine
 * @machine: the machine; a directory without permission increments its unseen
 * @path: absolute path on the machine
 *
 * Return: the names in alphabetical order with a NULL behind them, without
 * hidden ones. The caller must call machine_names_free(). NULL with errno set
 * if the directory does not exist or cannot be read.
 */
char **machine_names(struct machine *machine, const char *path)
{
	int dir = machine_open(machine, path, O_RDONLY | O_DIRECTORY);
	struct dirent **entries;
	int count = dir < 0 ? -1 : scandirat(dir, ".", &entries, is_name,
					     alphasort);
	int saved = errno;
	char **names;
	int i;

	if (dir >= 0)
		close(dir);
	if (count < 0) {
		if (saved == EACCES || saved == EPERM)
			machine->unseen++;
		errno = saved;
		return NULL;
	}
	names = need_memory(calloc(count + 1, sizeof(*names)));
	for (i = 0; i < count; i++) {
		names[i] = text("%s", entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return names;
}

/**
 * machine_names_free() - free the names of a directory
 * @names: the names, or NULL
 */
void machine_names_free(char **names)
{
	char **name;

	for (name = names; name && *name; name++)
		free(*name);
	free(names);
}
