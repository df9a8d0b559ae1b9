/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_NAMES_H
#define ROULETTECTL_NAMES_H

#include <stdbool.h>

/**
 * enum dump_file - kind of a file in the directory of a dump
 * @DUMP_OTHER: not used
 * @DUMP_LOG: the log of the kernel that failed
 * @DUMP_LOG_PARTIAL: a log that was not saved to its end
 * @DUMP_MEMORY: the dump
 * @DUMP_MEMORY_PARTIAL: a dump that was not saved to its end
 * @DUMP_STATUS: SUSE's README.txt, which has the status of both
 */
enum dump_file {
	DUMP_OTHER,
	DUMP_LOG,
	DUMP_LOG_PARTIAL,
	DUMP_MEMORY,
	DUMP_MEMORY_PARTIAL,
	DUMP_STATUS,
};

enum dump_file dump_file_kind(const char *name);
bool dump_stamp(const char *name, double *time);
char *dump_status(const char *readme);
bool pstore_time(const char *name, double *time);
const char *unpacker(const char *name);

#endif
