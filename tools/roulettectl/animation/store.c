// SPDX-License-Identifier: GPL-2.0
/* Names and files of animations. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "store.h"

#define NAME_MAX_LENGTH	63

#define ALNUM	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/* The text of the built-in animation; the Makefile creates the string. */
const char party_text[] =
#include "party.inc"
;

/**
 * animation_name_valid() - check whether the kernel accepts a name
 * @name: the name
 *
 * Return: true if it does.
 */
bool animation_name_valid(const char *name)
{
	size_t length = strlen(name);

	return length && length <= NAME_MAX_LENGTH &&
	       strspn(name, ALNUM "._-") == length && strchr(ALNUM, *name);
}

/**
 * animation_check_name() - check the name of a new animation
 * @name: the name
 *
 * Return: STATUS_OK, or STATUS_USAGE after a message.
 */
enum status animation_check_name(const char *name)
{
	if (!animation_name_valid(name))
		return complain(STATUS_USAGE, "A name has 1 to 63 characters of A-Za-z0-9._- and starts with a letter or digit.",
				"'%s' is not a valid name", name);
	if (!strcmp(name, PARTY))
		return complain(STATUS_USAGE, "Choose another name.",
				"'%s' is the built-in animation", name);
	return STATUS_OK;
}

/**
 * animation_path() - get the path of an animation
 * @name: its name
 *
 * Return: the path, which the caller must free.
 */
char *animation_path(const char *name)
{
	return text(ANIMATIONS_DIR "/%s.anim", name);
}

static enum status not_written(const char *path)
{
	const char *advice = NULL;

	if (errno == EACCES || errno == EPERM)
		advice = "Run the command as root, for example with sudo. Or write to another file: --output FILE.";
	else if (errno == ENOSPC || errno == EDQUOT)
		advice = "Free space in this file system.";
	else if (errno == EROFS)
		advice = "Write the animation to DIR/roulette/NAME.anim with --output, and write DIR to /sys/module/firmware_class/parameters/path.";
	return complain_errno(STATUS_IMPOSSIBLE, advice, "could not write %s",
			      path);
}

/* Return: 0, or -1 with errno set. */
static int make_directory(void)
{
	if (!mkdir(ANIMATIONS_DIR, 0755) || errno == EEXIST)
		return 0;
	if (errno != ENOENT ||
	    (mkdir("/lib/firmware", 0755) && errno != EEXIST))
		return -1;
	return mkdir(ANIMATIONS_DIR, 0755);
}

/* Return: 0, or -1 with errno set. */
static int write_file(int fd, const char *bytes, size_t size)
{
	FILE *file;

	if (fchmod(fd, 0644))
		return -1;
	file = fdopen(fd, "w");
	need_memory(file);
	if (fwrite(bytes, 1, size, file) != size || fflush(file) || fsync(fd)) {
		int saved = errno;

		fclose(file);
		errno = saved;
		return -1;
	}
	return fclose(file);
}

/**
 * animation_write() - write a file, or replace it, at once
 * @path: its path; the directory of animations is created if necessary
 * @bytes: the new content
 * @size: bytes in @bytes
 *
 * If it fails, the file is unchanged.
 *
 * Return: STATUS_OK, or STATUS_IMPOSSIBLE after a message.
 */
enum status animation_write(const char *path, const char *bytes, size_t size)
{
	char *copy = text("%s", path);
	char *temporary = text("%s/.roulettectl-XXXXXX", dirname(copy));
	enum status status = STATUS_OK;
	int fd = -1;

	free(copy);
	if (strncmp(path, ANIMATIONS_DIR "/", strlen(ANIMATIONS_DIR "/")) ||
	    !make_directory())
		fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		status = not_written(path);
	} else if (write_file(fd, bytes, size) || rename(temporary, path)) {
		status = not_written(path);
		unlink(temporary);
	}
	free(temporary);
	return status;
}
