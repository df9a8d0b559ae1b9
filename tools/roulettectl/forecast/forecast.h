/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_FORECAST_H
#define ROULETTECTL_FORECAST_H

#include "machine/machine.h"

/**
 * struct plan - a hit that shall be fired
 * @action: the action
 * @context: the context, such as "process"
 * @hang_time: seconds until a lockup ends; 0: never
 */
struct plan {
	const char *action;
	const char *context;
	long long hang_time;
};

/**
 * enum outcome - what becomes of the machine
 * @OUTCOME_LOGGED: it goes on; a report or a failed read is all
 * @OUTCOME_READER_DIES: it goes on; the reader is killed
 * @OUTCOME_LOCKUP: one or all CPUs stand still, then it goes on
 * @OUTCOME_PANIC: it panics
 * @OUTCOME_RESET: it restarts at once, without a panic
 * @OUTCOME_STUCK: it never goes on by itself, and nothing restarts it
 */
enum outcome {
	OUTCOME_LOGGED,
	OUTCOME_READER_DIES,
	OUTCOME_LOCKUP,
	OUTCOME_PANIC,
	OUTCOME_RESET,
	OUTCOME_STUCK,
};

/* The collectors, in the order in which they are listed. */
enum collector {
	COLLECTOR_LOG,		/* the kernel log of the same boot */
	COLLECTOR_JOURNAL,
	COLLECTOR_KDUMP,
	COLLECTOR_PSTORE,
	COLLECTOR_NETCONSOLE,	/* on another machine */
	COLLECTOR_SERIAL,	/* on another machine */
	COLLECTORS,
};

extern const char *const collector_names[COLLECTORS];

/**
 * enum expectation - what a collector should have afterwards
 * @EXPECT_NOTHING: the hit, for the reason that is given
 * @EXPECT_HIT: the line of the hit
 * @EXPECT_ELSEWHERE: the line of the hit, on another machine
 */
enum expectation {
	EXPECT_NOTHING,
	EXPECT_HIT,
	EXPECT_ELSEWHERE,
};

/**
 * struct forecast - what a hit will do to a machine
 * @outcome: what becomes of the machine
 * @because: the setting that makes it so, such as "panic_on_warn=1", or NULL
 * @returns: the machine goes on or restarts by itself
 * @restart: seconds from the failure to the restart; -1 if there is none
 * @restarted_by: what restarts it: "kernel.panic=10", "kdump", "the watchdog
 *	iTCO_wdt"; NULL if nothing does, or if it goes on
 * @expect: what each collector should have
 * @reason: for each collector why it should have the hit, or why not
 * @sentence: all this in one line, for people
 */
struct forecast {
	enum outcome outcome;
	char *because;
	bool returns;
	long long restart;
	char *restarted_by;
	enum expectation expect[COLLECTORS];
	char *reason[COLLECTORS];
	char *sentence;
};

void forecast_hit(struct machine *machine, const struct plan *plan,
		  struct forecast *forecast);
void forecast_free(struct forecast *forecast);

#endif
