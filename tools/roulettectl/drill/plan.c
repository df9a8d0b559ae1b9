// SPDX-License-Identifier: GPL-2.0
/* Prints the plan of a drill, and asks whether to fire. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plan.h"

static const char *const headings[] = {
	[EXPECT_HIT] = "recorded by",
	[EXPECT_ELSEWHERE] = "also look at",
	[EXPECT_NOTHING] = "not recorded by",
};

static void print_collectors(const struct forecast *forecast,
			     enum expectation expectation)
{
	const char *heading = headings[expectation];
	size_t i;

	for (i = 0; i < COLLECTORS; i++) {
		if (forecast->expect[i] != expectation)
			continue;
		printf("  %-17s %s%s%s%s\n", heading, collector_names[i],
		       forecast->reason[i] ? " (" : "",
		       forecast->reason[i] ?: "", forecast->reason[i] ? ")" : "");
		heading = "";
	}
}

/**
 * plan_print() - print the plan of a drill
 * @record: the drill
 * @forecast: what the hit will do
 */
void plan_print(const struct record *record, const struct forecast *forecast)
{
	char host[256] = "this machine";

	gethostname(host, sizeof(host) - 1);
	printf("Drill %s on %s, kernel %s\n", record->id, host, record->kernel);
	if (strcmp(record->action, "external")) {
		printf("  %-17s %s, context %s", "action", record->action,
		       record->context);
		if (record->cpu >= 0)
			printf(", CPU %d", record->cpu);
		if (record->delay_ms)
			printf(", %g s after the pull", record->delay_ms / 1e3);
		putchar('\n');
	} else {
		printf("  %-17s %s\n", "action", "external: you cause the failure");
	}
	printf("  %-17s %s\n", "label", record->label);
	printf("  %-17s %s\n", "forecast", forecast->sentence);
	print_collectors(forecast, EXPECT_HIT);
	print_collectors(forecast, EXPECT_ELSEWHERE);
	print_collectors(forecast, EXPECT_NOTHING);
	if (!forecast->returns)
		puts("  WARNING           nothing restarts this machine after the failure; a person must reset it");
}

/**
 * plan_confirm() - ask whether to fire
 * @forecast: what the hit will do
 * @yes: the operator has agreed on the command line
 *
 * Return: STATUS_OK; after a message STATUS_USAGE if there is nobody to ask, or
 * STATUS_IMPOSSIBLE if the operator does not agree.
 */
enum status plan_confirm(const struct forecast *forecast, bool yes)
{
	char answer[16];

	if (yes)
		return STATUS_OK;
	if (!isatty(STDIN_FILENO))
		return complain(STATUS_USAGE, "To fire without a question, add --yes. To see only the plan: --dry-run.",
				"the standard input is no terminal, so the drill cannot ask; nothing was done");
	/* The standard output may be a file, or JSON. */
	fprintf(stderr, "%s Type yes to fire: ",
		outcome_ends_boot(forecast->outcome) ?
		"This ends the running system, and data that is not on disk is lost." :
		"This is a real kernel failure.");
	if (fgets(answer, sizeof(answer), stdin) && !strcmp(answer, "yes\n"))
		return STATUS_OK;
	return complain(STATUS_IMPOSSIBLE, "To fire, type yes.",
			"the answer is not yes; nothing was done");
}
