/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_DRILL_OPTIONS_H
#define ROULETTECTL_DRILL_OPTIONS_H

#include <stdbool.h>

#include "common/command.h"

struct json_object;

/**
 * struct drill - the command line
 * @action: the action
 * @context: the context
 * @label: the operator's text
 * @device: device to use; NULL creates one
 * @delay_ms: delay; -1 chooses it by the outcome
 * @hang_time: seconds until a lockup ends
 * @cpu: CPU of the reader; -1 if any
 * @each_cpu: fire once on each CPU
 * @external: the operator causes the failure
 * @yes: do not ask
 * @dry_run: only show the plan
 * @json: print JSON
 * @results: with @each_cpu and @json: the JSON of all drills; else NULL
 */
struct drill {
	const char *action;
	const char *context;
	const char *label;
	const char *device;
	long long delay_ms;
	long long hang_time;
	int cpu;
	bool each_cpu;
	bool external;
	bool yes;
	bool dry_run;
	bool json;
	struct json_object *results;
};

enum status drill_options(const struct command *command, int argc, char **argv,
			  struct drill *drill);

#endif
