// SPDX-License-Identifier: GPL-2.0
/* Searches files for a drill: plain, compressed, and dumps of memory. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/message.h"
#include "common/run.h"
#include "look.h"
#include "names.h"

/* Return: 0, or an error: EFBIG if there are more than @limit bytes. */
static int search_stream(int stream, const char *id, unsigned long long limit,
			 struct sight *sight)
{
	struct search *search = need_memory(malloc(sizeof(*search)));
	char bytes[65536];
	ssize_t got;
	int err = 0;

	search_begin(search, id);
	for (;;) {
		got = read(stream, bytes, sizeof(bytes));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			err = errno;
		if (got <= 0)
			break;
		search_feed(search, bytes, got);
		if (search->sight.bytes > limit) {
			err = EFBIG;
			break;
		}
	}
	search_end(search);
	*sight = search->sight;
	free(search);
	return err;
}

static char *stream_failed(int err)
{
	if (err == EFBIG)
		return text("it is too large for the log of a kernel");
	return text("it could not be read: %s", strerror(err));
}

/* Searches the output of a program. Return: why it failed, or NULL. */
static char *search_program(char *const argv[], int in, const char *id,
			    unsigned long long limit, struct sight *sight)
{
	int out, err, status;
	pid_t pid;

	out = run_start(argv, RUN_ERRORS_DROPPED, in, &pid);
	if (out < 0)
		return text("%s is not installed", argv[0]);
	err = search_stream(out, id, limit, sight);
	status = run_end(out, pid);
	if (err)
		return stream_failed(err);
	return status ? text("%s could not read it to its end", argv[0]) : NULL;
}

/**
 * look_file() - search a file for a drill
 * @file: the file
 * @name: its name, whose end shows whether it is compressed
 * @id: id of the drill
 * @limit: maximum size, unpacked, in bytes
 * @sight: receives what was seen, also if the file could not be read to its end
 *
 * Return: NULL; or why the file could not be read to its end, which the caller
 * must free.
 */
char *look_file(int file, const char *name, const char *id,
		unsigned long long limit, struct sight *sight)
{
	const char *program = unpacker(name);
	int err;

	*sight = (struct sight){};
	if (program) {
		char *const argv[] = { (char *)program, "-dc", NULL };

		return search_program(argv, file, id, limit, sight);
	}
	err = search_stream(file, id, limit, sight);
	return err ? stream_failed(err) : NULL;
}

static char *run_makedumpfile(char *dump, char *log, const char *id,
			      struct sight *sight)
{
	char *const argv[] = { "makedumpfile", "--dump-dmesg", dump, log, NULL };
	char *output = NULL, *why;
	int status = run(argv, RUN_ERRORS_KEPT, &output, 65536);
	int file = status ? -1 : open(log, O_RDONLY | O_CLOEXEC);

	free(output);
	if (status == RUN_NOT_FOUND)
		return text("makedumpfile is not installed");
	if (file < 0)
		return text("makedumpfile found no log in it");
	why = look_file(file, log, id, LOOK_LOG, sight);
	close(file);
	return why;
}

/* makedumpfile writes only to a file that does not exist. */
static char *look_makedumpfile(char *dump, const char *id, struct sight *sight)
{
	const char *temporary = getenv("TMPDIR") ?: "/tmp";
	char *dir = text("%s/roulettectl.XXXXXX", temporary);
	char *log, *why;

	if (mkdtemp(dir)) {
		log = text("%s/dmesg", dir);
		why = run_makedumpfile(dump, log, id, sight);
		unlink(log);
		rmdir(dir);
		free(log);
	} else {
		why = text("no directory could be created in %s", temporary);
	}
	free(dir);
	return why;
}

/**
 * look_dump() - search the log in a dump of memory for a drill
 * @file: the dump
 * @name: its name
 * @id: id of the drill
 * @sight: receives what was seen
 *
 * vmcore-dmesg reads dumps of kexec and of the kernel, makedumpfile its own.
 *
 * Return: NULL; or why the log could not be read, which the caller must free.
 */
char *look_dump(int file, const char *name, const char *id,
		struct sight *sight)
{
	char *path, *why;

	*sight = (struct sight){};
	if (unpacker(name))
		return text("unpack it first: %s -dc", unpacker(name));
	/* The name may have been replaced; the open file has not. */
	path = text("/proc/%d/fd/%d", getpid(), file);
	why = look_makedumpfile(path, id, sight);
	if (why) {
		char *const argv[] = { "vmcore-dmesg", path, NULL };
		struct sight other = {};
		char *again = search_program(argv, -1, id, LOOK_LOG, &other);

		if (!again) {
			free(why);
			why = NULL;
			*sight = other;
		}
		free(again);
	}
	free(path);
	return why;
}

/**
 * look_command() - search the output of the operator's command for a drill
 * @command: a command for the shell
 * @id: id of the drill
 * @sight: receives what was seen
 *
 * Return: NULL; or how the command failed, which the caller must free.
 */
char *look_command(const char *command, const char *id, struct sight *sight)
{
	char *const argv[] = { "sh", "-c", (char *)command, NULL };
	int out, err, status;
	pid_t pid;

	*sight = (struct sight){};
	out = run_start(argv, RUN_ERRORS_SHOWN, -1, &pid);
	if (out < 0)
		return text("sh is not installed");
	err = search_stream(out, id, LOOK_ALL, sight);
	status = run_end(out, pid);
	if (err)
		return stream_failed(err);
	return status ? text("the command failed with status %d", status) :
			NULL;
}

/**
 * sight_add() - add the lines found in another file of the same crash
 * @sight: the lines found so far
 * @more: the lines found in the other file
 */
void sight_add(struct sight *sight, const struct sight *more)
{
	sight->mentioned |= more->mentioned;
	sight->announced |= more->announced;
	sight->hit |= more->hit;
	sight->report |= more->report;
	sight->panicked |= more->panicked;
	sight->last |= more->last;
	sight->cancelled |= more->cancelled;
	sight->unfired |= more->unfired;
	sight->crash |= more->crash;
	sight->bytes += more->bytes;
}
