// SPDX-License-Identifier: GPL-2.0
/* Reads and writes small files, such as those of sysfs and configfs. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

/* Return: as read_bytes_at(). */
static char *read_bytes(int fd, size_t limit, size_t *count)
{
	size_t size = 4096;
	ssize_t length = 0;
	char *bytes = NULL;

	for (;;) {
		ssize_t got;

		bytes = need_memory(realloc(bytes, size + 1));
		got = read_all(fd, bytes + length, size - length);
		if (got < 0)
			break;
		length += got;
		if ((size_t)length < size) {
			bytes[length] = '\0';
			*count = length;
			return bytes;
		}
		if (size > limit) {
			errno = EFBIG;
			break;
		}
		size *= 2;
	}
	free(bytes);
	return NULL;
}

/**
 * read_bytes_at() - read a whole file, which may contain NUL
 * @dir: directory that @path is relative to, or AT_FDCWD
 * @path: path of the file
 * @limit: maximum size in bytes
 * @count: receives the size of the content
 *
 * Return: the content with a NUL behind it, which the caller must free; NULL
 * with errno set if the file cannot be read, EFBIG if it exceeds @limit.
 */
char *read_bytes_at(int dir, const char *path, size_t limit, size_t *count)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	char *bytes;
	int saved;

	if (fd < 0)
		return NULL;
	bytes = read_bytes(fd, limit, count);
	saved = errno;
	close(fd);
	errno = saved;
	return bytes;
}

/**
 * read_file() - read an open file of text to its end
 * @fd: the file
 * @limit: maximum size in bytes
 *
 * Return: as read_bytes_at().
 */
char *read_file(int fd, size_t limit)
{
	size_t count;

	return read_bytes(fd, limit, &count);
}

/**
 * read_file_at() - read a whole file of text
 * @dir: directory that @path is relative to, or AT_FDCWD
 * @path: path of the file
 * @limit: maximum size in bytes
 *
 * Return: as read_bytes_at().
 */
char *read_file_at(int dir, const char *path, size_t limit)
{
	size_t count;

	return read_bytes_at(dir, path, limit, &count);
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

/* Opens the directory of a file. */
static int open_directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? text("%.*s", (int)(slash - path + 1), path) :
			    text(".");
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(dir);
	return fd;
}

/**
 * make_directory_safely() - create a directory that survives a loss of power
 * @path: path of the directory, which may exist
 *
 * Return: 0, or -1 with errno set.
 */
int make_directory_safely(const char *path)
{
	int parent, err, saved;

	if (mkdir(path, 0755) && errno != EEXIST)
		return -1;
	/* A call that has died may have created it without a sync. */
	parent = open_directory_of(path);
	if (parent < 0)
		return -1;
	err = fsync(parent);
	saved = errno;
	close(parent);
	errno = saved;
	return err;
}

/**
 * write_file_safely() - write a file whose content survives a loss of power
 * @path: path of the file
 * @content: the content
 *
 * The file has its old content, or the new one, at any time. The new content is
 * on disk when this function returns.
 *
 * Return: 0, or -1 with errno set.
 */
int write_file_safely(const char *path, const char *content)
{
	size_t length = strlen(content);
	char *new = text("%s.new", path);
	int dir = open_directory_of(path);
	int err = -1, file, saved;

	/* A dead call may have left it, and anybody a link in /tmp. */
	unlink(new);
	file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	errno = file < 0 ? errno : 0;
	if (file >= 0 && dir >= 0 &&
	    write(file, content, length) == (ssize_t)length && !fsync(file) &&
	    !rename(new, path) && !fsync(dir))
		err = 0;
	/* A short write sets no errno. */
	saved = errno ?: ENOSPC;
	if (err && file >= 0)
		unlink(new);
	if (file >= 0)
		close(file);
	if (dir >= 0)
		close(dir);
	free(new);
	errno = saved;
	return err;
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
