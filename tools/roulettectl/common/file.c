// SPDX-License-Identifier: GPL-2.0
/* Reads and writes small files, such as those of sysfs and configfs. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "message.h"

/* Files of sysfs and configfs have at most one page. */
#define VALUE_MAX	65536

/* Return: the bytes read until end of file or @size, or -1 with errno set. */
static ssize_t read_all(int fd, char *bytes, size_t size)
{
	size_t length = 0;

	while (length < size) {
		ssize_t got = read(fd, bytes + length, size - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (!got)
			break;
		length += got;
	}
	return length;
}

/**
 * read_file_at() - read a whole file
 * @dir: directory that @path is relative to, or AT_FDCWD
 * @path: path of the file
 * @limit: maximum size in bytes
 *
 * Return: the content with a NUL behind it, which the caller must free; NULL
 * with errno set if the file cannot be read, EFBIG if it exceeds @limit.
 */
char *read_file_at(int dir, const char *path, size_t limit)
{
	size_t size = 4096;
	ssize_t length = 0;
	char *bytes = NULL;
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	int saved;

	if (fd < 0)
		return NULL;
	for (;;) {
		ssize_t got;

		bytes = need_memory(realloc(bytes, size + 1));
		got = read_all(fd, bytes + length, size - length);
		if (got < 0)
			break;
		length += got;
		if ((size_t)length < size) {
			close(fd);
			bytes[length] = '\0';
			return bytes;
		}
		if (size > limit) {
			errno = EFBIG;
			break;
		}
		size *= 2;
	}
	saved = errno;
	free(bytes);
	close(fd);
	errno = saved;
	return NULL;
}

/**
 * chomp() - remove one newline from the end of a string
 * @string: the string
 */
void chomp(char *string)
{
	size_t length = strlen(string);

	if (length && string[length - 1] == '\n')
		string[length - 1] = '\0';
}

/**
 * read_value_at() - read a file that has one value
 * @dir: directory that @path is relative to, or AT_FDCWD
 * @path: path of the file
 *
 * Return: the content without the last newline, which the caller must free;
 * NULL with errno set.
 */
char *read_value_at(int dir, const char *path)
{
	char *value = read_file_at(dir, path, VALUE_MAX);

	if (value)
		chomp(value);
	return value;
}

/**
 * write_value_at() - write a value and a newline by one call of write()
 * @dir: directory that @path is relative to, or AT_FDCWD
 * @path: path of the file, which must exist
 * @value: the value
 *
 * Return: 0, or -1 with errno set.
 */
int write_value_at(int dir, const char *path, const char *value)
{
	char *line = text("%s\n", value);
	size_t length = strlen(line);
	int fd = openat(dir, path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	ssize_t written = -1;
	int saved;

	if (fd >= 0) {
		written = write(fd, line, length);
		if (written >= 0 && (size_t)written != length) {
			written = -1;
			errno = EIO;
		}
		saved = errno;
		close(fd);
		errno = saved;
	}
	free(line);
	return written < 0 ? -1 : 0;
}

/**
 * exists() - check whether a path exists
 * @path: the path
 *
 * Return: true if it does.
 */
bool exists(const char *path)
{
	return !faccessat(AT_FDCWD, path, F_OK, 0);
}
