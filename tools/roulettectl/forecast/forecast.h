/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_FORECAST_H
#define ROULETTECTL_FORECAST_H

#include "machine/machine.h"

/**
 * struct plan - the hit to fire
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
 * enum outcome - effect of a hit on the machine
 * @OUTCOME_LOGGED: it continues, after a report or a failed read
 * @OUTCOME_READER_DIES: it continues; the reader is killed
 * @OUTCOME_LOCKUP: one or all CPUs hang, then it continues
 * @OUTCOME_PANIC: it panics
 * @OUTCOME_RESET: it restarts at once, without a panic
 * @OUTCOME_STUCK: it hangs, and nothing restarts it
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
 * @EXPECT_NOTHING: no line of the hit
 * @EXPECT_HIT: the line of the hit
 * @EXPECT_ELSEWHERE: the line of the hit, on another machine
 */
enum expectation {
	EXPECT_NOTHING,
	EXPECT_HIT,
	EXPECT_ELSEWHERE,
};

/**
 * struct forecast - effect of a hit on a machine
 * @outcome: effect on the machine
 * @because: the setting that makes it so, such as "panic_on_warn=1", or NULL
 * @panics: it panics, even if @outcome is OUTCOME_STUCK because nothing restarts
 *	it then
 * @certain: false if it depends on the moment at which a detector looks
 * @returns: the machine continues or restarts by itself
 * @restart: seconds from the failure to the restart; -1 if there is none, or if
 *	kdump restarts, after a time that is not known
 * @restarted_by: cause of the restart: "kernel.panic=10", "kdump" or
 *	"the watchdog iTCO_wdt"; NULL without a restart
 * @expect: what each collector should have
 * @reason: for each collector why it should have the hit, or why not
 * @sentence: all this in one line, for people, without the action's name
 */
struct forecast {
	enum outcome outcome;
	char *because;
	bool panics;
	bool certain;
	bool returns;
	long long restart;
	char *restarted_by;
	enum expectation expect[COLLECTORS];
	char *reason[COLLECTORS];
	char *sentence;
};

extern const char *const outcome_names[];

struct facts;

void forecast_with(const struct facts *facts, const struct plan *plan,
		   struct forecast *forecast);
bool forecast_recorded(const struct forecast *forecast);
void forecast_hit(struct machine *machine, const struct plan *plan,
		  struct forecast *forecast);
void forecast_free(struct forecast *forecast);

#endif
