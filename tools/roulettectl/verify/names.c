// SPDX-License-Identifier: GPL-2.0
/*
 * The names that crash collectors give to their files and directories. These
 * functions read only memory, and accept any string.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/message.h"
#include "names.h"

static bool starts(const char *name, const char *start)
{
	return !strncmp(name, start, strlen(start));
}

/**
 * dump_file_kind() - classify a file in the directory of a dump
 * @name: name of the file: of kdump-tools, kdump-utils or SUSE's kdump
 *
 * Return: its kind.
 */
enum dump_file dump_file_kind(const char *name)
{
	bool partial = strstr(name, "incomplete");

	if (!strcmp(name, "README.txt"))
		return DUMP_STATUS;
	if (starts(name, "dmesg") || starts(name, "vmcore-dmesg"))
		return partial ? DUMP_LOG_PARTIAL : DUMP_LOG;
	if (starts(name, "dump") || starts(name, "vmcore"))
		return partial ? DUMP_MEMORY_PARTIAL : DUMP_MEMORY;
	return DUMP_OTHER;
}

/* Compares a string with a form in which 9 stands for any digit. */
static bool has_form(const char *string, const char *form)
{
	for (; *form; string++, form++)
		if (*form == '9' ? !isdigit((unsigned char)*string) :
				   *form != *string)
			return false;
	return !*string;
}

/**
 * dump_stamp() - get the time in the name of a dump's directory
 * @name: name of the directory
 * @time: receives the seconds of the clock; the zone is not known, so that they
 *	may be off by half a day
 *
 * Return: true if the name ends with a time.
 */
bool dump_stamp(const char *name, double *time)
{
	static const struct {
		const char *form;
		const char *format;
	} stamps[] = {
		{ "999999999999", "%Y%m%d%H%M" },
		{ "9999-99-99-99:99:99", "%Y-%m-%d-%H:%M:%S" },
		{ "9999-99-99-99-99", "%Y-%m-%d-%H-%M" },
		{ "9999-99-99-99:99", "%Y-%m-%d-%H:%M" },
	};
	size_t length = strlen(name), i;

	for (i = 0; i < sizeof(stamps) / sizeof(*stamps); i++) {
		size_t size = strlen(stamps[i].form);
		struct tm tm = {};
		const char *end;

		if (length < size ||
		    !has_form(name + length - size, stamps[i].form))
			continue;
		end = strptime(name + length - size, stamps[i].format, &tm);
		if (!end || *end)
			continue;
		*time = timegm(&tm);
		return true;
	}
	return false;
}

/**
 * dump_status() - find a failure in SUSE's README.txt
 * @readme: the content
 *
 * Return: the line "Dump status: …" or "Dmesg status: …" of a failure, which
 * the caller must free; NULL if there is none.
 */
char *dump_status(const char *readme)
{
	while (*readme) {
		size_t length = strcspn(readme, "\n");
		char *line = need_memory(strndup(readme, length));

		if (strcasestr(line, "status") && strchr(line, ':') &&
		    !strcasestr(line, "success"))
			return line;
		free(line);
		readme += length + (readme[length] == '\n');
	}
	return NULL;
}

/**
 * pstore_time() - get the time in the name of a directory of systemd-pstore
 * @name: name of the directory: ten digits are the seconds of an EFI record.
 *	The longer number of an ERST record begins with the time of the boot's
 *	first record, which may be of another failure
 * @time: receives the seconds of the clock
 *
 * Return: true if the name has a time.
 */
bool pstore_time(const char *name, double *time)
{
	if (!has_form(name, "9999999999"))
		return false;
	*time = strtoull(name, NULL, 10);
	return true;
}

/**
 * unpacker() - get the program that unpacks a file
 * @name: name of the file
 *
 * Return: the program, or NULL if the file is not compressed.
 */
const char *unpacker(const char *name)
{
	static const struct {
		const char *suffix;
		const char *program;
	} unpackers[] = {
		{ ".xz", "xz" }, { ".gz", "gzip" },
		{ ".zst", "zstd" }, { ".lz4", "lz4" },
	};
	size_t length = strlen(name), i;

	for (i = 0; i < sizeof(unpackers) / sizeof(*unpackers); i++) {
		size_t size = strlen(unpackers[i].suffix);

		if (length > size &&
		    !strcmp(name + length - size, unpackers[i].suffix))
			return unpackers[i].program;
	}
	return NULL;
}
