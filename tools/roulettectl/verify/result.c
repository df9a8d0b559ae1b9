// SPDX-License-Identifier: GPL-2.0
/* The result of verify, for people and as JSON. */
#define _GNU_SOURCE
#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "common/json.h"
#include "common/printable.h"
#include "common/table.h"
#include "times.h"
#include "verify.h"

static const char *const states[] = {
	[EVIDENCE_FOUND] = "found",
	[EVIDENCE_MOVED] = "moved",
	[EVIDENCE_INCOMPLETE] = "incomplete",
	[EVIDENCE_UNREAD] = "unread",
	[EVIDENCE_MISSING] = "missing",
	[EVIDENCE_UNEXPECTED] = "unexpected",
};

/* The states for people, whose words differ from JSON's. */
static const char *state_text(enum evidence_state state)
{
	if (state == EVIDENCE_UNREAD)
		return "not searched";
	if (state == EVIDENCE_UNEXPECTED)
		return "not expected";
	return states[state];
}

/**
 * result_name() - get the word for a result
 * @result: the result
 *
 * Return: the word, as in JSON.
 */
const char *result_name(enum result result)
{
	static const char *const results[] = {
		[RESULT_PROVEN] = "proven",
		[RESULT_UNPROVEN] = "unproven",
		[RESULT_RUNNING] = "not-restarted",
		[RESULT_CANCELLED] = "cancelled",
	};

	return results[result];
}

static void set_time(struct json_object *object, const char *key, double time)
{
	if (time)
		json_set_seconds(object, key, time);
	else
		json_object_object_add(object, key, NULL);
}

static struct json_object *times_to_json(const struct verify *verify)
{
	struct json_object *object = json_new_object();

	set_time(object, "record", verify->record.time);
	set_time(object, "bang", verify->bang);
	set_time(object, "kernel_up", verify->kernel_up);
	set_time(object, "now", verify->now);
	if (verify->kernel_up > verify->bang)
		json_set_seconds(object, "away",
				 verify->kernel_up - verify->bang);
	else
		json_object_object_add(object, "away", NULL);
	return object;
}

static struct json_object *evidence_to_json(const struct verify *verify,
					    const struct evidence *evidence)
{
	struct json_object *object = json_new_object();

	json_set_text(object, "name", evidence->name);
	json_set_text(object, "state", states[evidence->state]);
	json_object_object_add(object, "expected",
			       json_object_new_boolean(evidence->expected));
	json_set_text(object, "path", evidence->path);
	if (evidence->time)
		json_set_seconds(object, "seconds",
				 evidence->time - verify->bang);
	else
		json_object_object_add(object, "seconds", NULL);
	json_set_text(object, "details", evidence->details);
	return object;
}

/**
 * verify_to_json() - convert the result to JSON
 * @verify: the drill
 *
 * Return: the object, which the caller must release.
 */
struct json_object *verify_to_json(const struct verify *verify)
{
	struct json_object *object = json_new_object();
	struct json_object *collectors = json_new_array();
	size_t i;

	json_set_text(object, "id", verify->record.id);
	json_set_text(object, "label", verify->record.label);
	json_set_text(object, "action", verify->record.action);
	json_set_text(object, "result", result_name(verify->result));
	json_object_object_add(object, "seen",
			       json_object_new_int64(verify->seen));
	json_object_object_add(object, "expected",
			       json_object_new_int64(verify->expected));
	json_object_object_add(object, "times", times_to_json(verify));
	for (i = 0; i < verify->evidence_count; i++)
		json_object_array_add(collectors,
				      evidence_to_json(verify,
						       verify->evidence + i));
	json_object_object_add(object, "collectors", collectors);
	return object;
}

static void print_times(const struct verify *verify)
{
	char *bang = time_text(verify->bang);
	char *record = time_text(verify->record.time);
	char *up, *away;

	if (verify->external)
		printf("record      %s\n", record);
	else
		printf("bang        %s\n", bang);
	if (verify->kernel_up > verify->bang) {
		up = time_text(verify->kernel_up);
		away = duration_text(verify->kernel_up - verify->bang);
		printf("kernel up   %s   %s later\n", up, away);
		free(away);
		free(up);
	}
	up = time_text(verify->now);
	away = duration_text(verify->now - verify->bang);
	printf("now         %s   %s later\n\n", up, away);
	free(away);
	free(up);
	free(record);
	free(bang);
}

enum { COLLECTOR, STATE, AFTER, DETAILS, PATH };

/* The widths of COLLECTOR, STATE and AFTER, with a blank behind each. */
#define BEFORE_DETAILS	(10 + 1 + 12 + 1 + 8 + 1)

static const struct column columns[] = {
	[COLLECTOR] = { "COLLECTOR" },
	[STATE] = { "STATE" },
	[AFTER] = { "AFTER" },
	[DETAILS] = { "DETAILS" },
	[PATH] = { "PATH" },
	{}
};

static void print_evidence(struct table *table, const struct verify *verify,
			   const struct evidence *evidence)
{
	char *details = printable(evidence->details);
	char *path = printable(evidence->path);
	char *after = NULL;

	if (evidence->time)
		after = duration_text(evidence->time - verify->bang);
	table_row(table);
	table_set(table, COLLECTOR, evidence->name);
	table_set(table, STATE, state_text(evidence->state));
	table_set(table, AFTER, after);
	/* On a terminal, the path has its own row below the details. */
	if (table_folds()) {
		table_set_folded(table, DETAILS, details ?: "-", BEFORE_DETAILS);
		if (path)
			table_row_at(table, DETAILS, path);
	} else {
		table_set(table, DETAILS, details);
		table_set(table, PATH, path);
	}
	free(after);
	free(path);
	free(details);
}

static void print_evidences(const struct verify *verify)
{
	struct table table = { .columns = columns, .headings = true };
	size_t i;

	table_choose(&table, table_folds() ?
		     "COLLECTOR,STATE,AFTER,DETAILS" : NULL);
	table_begin(&table);
	for (i = 0; i < verify->evidence_count; i++)
		print_evidence(&table, verify, verify->evidence + i);
	table_print(&table);
	putchar('\n');
}

/* One line for each collector that failed, and the remedy. */
static void print_failures(const struct verify *verify)
{
	size_t i;

	for (i = 0; i < verify->evidence_count; i++) {
		const struct evidence *evidence = verify->evidence + i;
		char *details = printable(evidence->details);

		if (evidence->expected && evidence->state > EVIDENCE_MOVED) {
			printf("%s is %s%s%s\n", evidence->name,
			       evidence->state == EVIDENCE_UNREAD ?
			       "not proven" : states[evidence->state],
			       details ? ": " : "", details ?: "");
			if (evidence->advice)
				printf("    %s\n", evidence->advice);
		}
		free(details);
	}
}

/**
 * verify_print() - print the result for people; the last line is the answer
 * @verify: the drill
 */
void verify_print(const struct verify *verify)
{
	char *label = printable(verify->record.label);
	char *action = printable(verify->record.action);

	printf("drill       action %s, label \"%s\"\n", action, label);
	free(action);
	free(label);
	if (verify->result == RESULT_CANCELLED) {
		puts("The drill ended before its hit fired, so there is nothing to verify.");
		return;
	}
	if (verify->result == RESULT_RUNNING) {
		puts("The machine has not restarted since the drill. Verify after the restart.");
		return;
	}
	print_times(verify);
	print_evidences(verify);
	print_failures(verify);
	if (verify->expected)
		printf("%s: seen by %u of %u collectors\n",
		       result_name(verify->result), verify->seen,
		       verify->expected);
	else
		puts("unproven: no collector of this machine was expected to see it\n"
		     "    Name the text of another machine (--netconsole, --serial, --command), or set up a collector: roulettectl check.");
}
