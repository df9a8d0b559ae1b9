// SPDX-License-Identifier: GPL-2.0
/* Reads the directory of one dump. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "dump.h"
#include "look.h"
#include "names.h"
#include "times.h"
#include "tree.h"

/* A zone differs from another by 26 hours at most. */
#define STAMP_SLACK	(26 * 3600.0)
/* A dump that was written this long ago may not be complete, in seconds. */
#define RECENT		2.0
#define README_MAX	65536

/**
 * dump_in_time() - check whether a dump was written after the drill's record
 * @verify: the drill
 * @dump: the dump
 *
 * Return: true if it was, by its files and by its name.
 */
bool dump_in_time(const struct verify *verify, const struct dump *dump)
{
	bool has_id = sight_proves(verify, &dump->sight);

	return in_time(verify, dump->time, has_id) &&
	       (!dump->stamp ||
		in_time(verify, dump->stamp + STAMP_SLACK, has_id));
}

static void read_log(const struct verify *verify, struct dump *dump, int file,
		     const char *name)
{
	struct sight sight;
	char *why = look_file(file, name, verify->record.id, LOOK_LOG, &sight);

	sight_add(&dump->sight, &sight);
	if (!why)
		return;
	free(dump->unread);
	dump->unread = text("%s: %s", name, why);
	free(why);
}

static void read_status(struct dump *dump, int file)
{
	char readme[README_MAX];
	ssize_t length = read(file, readme, sizeof(readme) - 1);

	if (length <= 0)
		return;
	readme[length] = '\0';
	free(dump->status);
	dump->status = dump_status(readme);
}

static void add_memory(struct dump *dump, const char *name, bool whole,
		       const struct stat *status)
{
	/*
	 * A complete dump replaces the file before it was renamed. Of
	 * several attempts that failed, the largest one counts.
	 */
	if (dump->memory &&
	    (dump->whole ||
	     (!whole && (unsigned long long)status->st_size < dump->size)))
		return;
	free(dump->memory);
	dump->memory = text("%s/%s", dump->path, name);
	dump->size = status->st_size;
	dump->whole = whole;
}

static void deny(struct dump *dump, const char *name)
{
	free(dump->unread);
	dump->unread = text("%s: %s", name, strerror(EACCES));
	dump->denied = true;
}

static void read_one(const struct verify *verify, struct dump *dump, int dir,
		     const char *name, bool all_logs)
{
	enum dump_file kind = dump_file_kind(name);
	struct stat status;
	int file;

	/* abrt also keeps the cores of programs. */
	if (kind == DUMP_OTHER && (!all_logs || !strcmp(name, "coredump")))
		return;
	file = tree_open_file(dir, name, &status);
	if (file < 0 && errno == EACCES)
		deny(dump, name);
	if (file < 0)
		return;
	dump->files += kind != DUMP_OTHER;
	if (stat_time(&status) > dump->time)
		dump->time = stat_time(&status);
	switch (kind) {
	case DUMP_LOG_PARTIAL:
		dump->partial_log = true;
		read_log(verify, dump, file, name);
		break;
	case DUMP_MEMORY:
	case DUMP_MEMORY_PARTIAL:
		add_memory(dump, name, kind == DUMP_MEMORY, &status);
		break;
	case DUMP_STATUS:
		read_status(dump, file);
		break;
	default:
		read_log(verify, dump, file, name);
	}
	close(file);
}

/* Without a log that can be read, the dump has the log. */
static void read_memory(const struct verify *verify, struct dump *dump, int dir)
{
	const char *name = strrchr(dump->memory, '/') + 1;
	struct stat status;
	int file = tree_open_file(dir, name, &status);
	char *why;

	if (file < 0)
		return;
	why = look_dump(file, name, verify->record.id, &dump->sight);
	close(file);
	if (why && dump->unread) {
		free(why);
		return;
	}
	free(dump->unread);
	dump->unread = why ? text("%s: %s", name, why) : NULL;
	free(why);
}

/* A file that was written just now grows, if a second later it is larger. */
static bool is_growing(struct dump *dump, int dir)
{
	const char *name = strrchr(dump->memory, '/') + 1;
	struct stat status;

	if (clock_wall() - dump->time > RECENT)
		return false;
	sleep(1);
	return !fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW) &&
	       (unsigned long long)status.st_size != dump->size;
}

/**
 * dump_read() - read the directory of a dump
 * @verify: the drill
 * @parent: path of the directory of all dumps, on the machine
 * @dir: this directory
 * @name: name of the dump's directory in it
 * @all_logs: search files of any name, as abrt has its own
 * @dump: receives what the directory has; the caller must call dump_free()
 */
void dump_read(const struct verify *verify, const char *parent, int dir,
	       const char *name, bool all_logs, struct dump *dump)
{
	int own = tree_open_dir(dir, name);
	struct entries entries;
	struct stat status;
	size_t i;

	*dump = (struct dump){ .path = text("%s/%s", parent, name) };
	dump_stamp(name, &dump->stamp);
	if (own < 0 && errno == EACCES)
		deny(dump, name);
	if (own >= 0) {
		entries_read(own, &entries);
		for (i = 0; i < entries.count; i++)
			read_one(verify, dump, own, entries.name[i], all_logs);
		entries_free(&entries);
	}
	/* Without a file, the directory itself has the time of the crash. */
	if (!dump->time && dump->stamp &&
	    !fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW) &&
	    S_ISDIR(status.st_mode))
		dump->time = stat_time(&status);
	if (own < 0)
		return;
	if (dump->memory && dump_in_time(verify, dump)) {
		if (!sight_proves(verify, &dump->sight) && !dump->sight.bytes)
			read_memory(verify, dump, own);
		dump->growing = is_growing(dump, own);
	}
	close(own);
}

/**
 * dump_free() - free the members of a dump
 * @dump: the dump
 */
void dump_free(struct dump *dump)
{
	free(dump->path);
	free(dump->memory);
	free(dump->unread);
	free(dump->status);
}
