/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_DUMP_H
#define ROULETTECTL_DUMP_H

#include "text.h"
#include "verify.h"

/**
 * struct dump - the directory of a dump
 * @path: its path on the machine
 * @files: number of files that belong to a dump
 * @time: when its last file was written
 * @stamp: the time in its name, of an unknown zone; 0 if there is none
 * @memory: path of the dump of memory, or NULL
 * @size: size of the dump of memory
 * @whole: the dump of memory was saved to its end, by its name
 * @growing: a file of it is being written now
 * @partial_log: the log was not saved to its end
 * @sight: the lines found in the log
 * @unread: why the log could not be read, or NULL
 * @denied: a file or the directory could not be opened
 * @status: a failure that the crash kernel has noted, or NULL
 */
struct dump {
	char *path;
	unsigned int files;
	double time;
	double stamp;
	char *memory;
	unsigned long long size;
	bool whole;
	bool growing;
	bool partial_log;
	struct sight sight;
	char *unread;
	bool denied;
	char *status;
};

void dump_read(const struct verify *verify, const char *parent, int dir,
	       const char *name, bool all_logs, struct dump *dump);
void dump_free(struct dump *dump);
bool dump_in_time(const struct verify *verify, const struct dump *dump);

#endif
