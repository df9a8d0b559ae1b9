/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_VERIFY_H
#define ROULETTECTL_VERIFY_H

#include "drill/record.h"
#include "machine/journal.h"
#include "machine/kdump.h"
#include "machine/pstore.h"

/**
 * enum evidence_state - state of the evidence of a collector
 * @EVIDENCE_FOUND: it is there
 * @EVIDENCE_MOVED: it is there, but another program has moved it
 * @EVIDENCE_INCOMPLETE: a part of it is there
 * @EVIDENCE_UNREAD: the collector could not be read
 * @EVIDENCE_MISSING: it should be there and is not
 * @EVIDENCE_UNEXPECTED: it is not there, as expected
 *
 * Of two pieces of evidence, the one with the lower state counts.
 */
enum evidence_state {
	EVIDENCE_FOUND,
	EVIDENCE_MOVED,
	EVIDENCE_INCOMPLETE,
	EVIDENCE_UNREAD,
	EVIDENCE_MISSING,
	EVIDENCE_UNEXPECTED,
};

/**
 * struct evidence - evidence of a collector
 * @name: name of the collector
 * @expected: it must be there
 * @state: its state
 * @path: where it is, or NULL
 * @time: when it was written, in seconds of the clock; 0 if not known
 * @details: how complete it is, or why it is not there, or NULL
 * @advice: the remedy, a whole sentence, or NULL
 */
struct evidence {
	const char *name;
	bool expected;
	enum evidence_state state;
	char *path;
	double time;
	char *details;
	const char *advice;
};

/* The collectors, and the operator's command. */
#define EVIDENCE_COUNT	(COLLECTORS + 1)
#define EVIDENCE_COMMAND	COLLECTORS

/**
 * enum result - the result of verify
 * @RESULT_PROVEN: all that was expected is there
 * @RESULT_UNPROVEN: something is not
 * @RESULT_RUNNING: the machine has not restarted since the drill
 * @RESULT_CANCELLED: the drill ended before its hit fired
 */
enum result {
	RESULT_PROVEN,
	RESULT_UNPROVEN,
	RESULT_RUNNING,
	RESULT_CANCELLED,
};

/**
 * struct verify - a drill whose traces are searched
 * @machine: the machine
 * @record: the record of the drill
 * @external: the operator caused the failure, so that nothing has a label
 * @same_boot: the machine has not restarted since the drill
 * @bang: when the failure began, in seconds of the clock
 * @kernel_up: when this kernel was started; 0 if not known
 * @now: when verify looked
 * @kdump: how the machine saves dumps
 * @pstore: how the machine keeps the end of its log
 * @journal: the journal of the machine
 * @texts: files of the operator, by collector, or NULL
 * @command: command of the operator, or NULL
 * @evidence: what was found; the last one only with @command
 * @evidence_count: number of collectors
 * @seen: number of expected collectors that are there
 * @expected: number of expected collectors
 * @result: the result
 */
struct verify {
	struct machine machine;
	struct record record;
	bool external;
	bool same_boot;
	double bang;
	double kernel_up;
	double now;
	struct kdump kdump;
	struct pstore pstore;
	struct journal journal;
	const char *texts[COLLECTORS];
	const char *command;
	struct evidence evidence[EVIDENCE_COUNT];
	size_t evidence_count;
	unsigned int seen;
	unsigned int expected;
	enum result result;
};

struct json_object;
struct sight;

/* evidence.c */
bool in_time(const struct verify *verify, double time, bool has_id);
bool sight_proves(const struct verify *verify, const struct sight *sight);
void evidence_offer(struct evidence *evidence, enum evidence_state state,
		    const char *path, double time, char *details,
		    const char *advice);
void evidence_begin(struct verify *verify);
void evidence_judge(struct verify *verify);
void evidence_end(struct verify *verify);

/* One file each. */
void verify_log(struct verify *verify);
void verify_journal(struct verify *verify);
void verify_kdump(struct verify *verify);
void verify_pstore(struct verify *verify);
void verify_abrt(struct verify *verify);
void verify_operator(struct verify *verify);

/* result.c */
const char *result_name(enum result result);
struct json_object *verify_to_json(const struct verify *verify);
void verify_print(const struct verify *verify);

#endif
