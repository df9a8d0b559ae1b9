// SPDX-License-Identifier: GPL-2.0
/* Prints the findings and forecasts of the check. */
#define _GNU_SOURCE
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "common/table.h"
#include "print.h"

enum { FIRST, SECOND, THIRD };

static const struct column columns[] = {
	[FIRST] = { "MARK" },
	[SECOND] = { "NAME" },
	[THIRD] = { "VALUE" },
	{}
};

static const struct column pair[] = {
	[FIRST] = { "NAME" },
	[SECOND] = { "OUTCOME" },
	{}
};

static const struct {
	const char *mark;
	const char *color;
} marks[STATES] = {
	[STATE_OK] = { "ok", "green" },
	[STATE_WARN] = { "warn", "yellow" },
	[STATE_BAD] = { "bad", "red" },
	[STATE_UNKNOWN] = { "?", "cyan" },
};

static const char *const expectation_names[] = {
	[EXPECT_NOTHING] = "nothing",
	[EXPECT_HIT] = "hit",
	[EXPECT_ELSEWHERE] = "elsewhere",
};

static struct table new_table(const struct column *of)
{
	struct table table = { .columns = of };

	table_choose(&table, NULL);
	table_begin(&table);
	return table;
}

static size_t longest(size_t length, const char *name)
{
	return strlen(name) > length ? strlen(name) : length;
}

/**
 * print_findings() - print the findings, one a line
 * @findings: the findings
 * @about: bits of the actions that the findings must matter for
 *
 * A second line has the remedy.
 */
void print_findings(const struct findings *findings, unsigned int about)
{
	struct table table = new_table(columns);
	size_t before = 0, i;

	for (i = 0; i < findings->count; i++)
		if (findings->finding[i].about & about)
			before = longest(before, findings->finding[i].name);
	before += strlen("mark") + 2;
	for (i = 0; i < findings->count; i++) {
		const struct finding *finding = findings->finding + i;

		if (!(finding->about & about))
			continue;
		table_row(&table);
		table_set(&table, FIRST, marks[finding->state].mark);
		table_color(&table, FIRST, marks[finding->state].color);
		table_set(&table, SECOND, finding->name);
		table_set_folded(&table, THIRD, finding->value, before);
		if (!finding->advice)
			continue;
		table_row_at(&table, THIRD, "");
		table_set_folded(&table, THIRD, finding->advice, before);
	}
	table_print(&table);
}

/**
 * print_actions() - print the forecast of each action
 * @foreseen: the actions
 * @count: number of actions
 */
void print_actions(const struct foreseen *foreseen, size_t count)
{
	struct table table = new_table(pair);
	size_t before = 0, i;

	for (i = 0; i < count; i++)
		before = longest(before, foreseen[i].plan.action);
	for (i = 0; i < count; i++) {
		char *name = text("%s:", foreseen[i].plan.action);

		table_row(&table);
		table_set(&table, FIRST, name);
		free(name);
		if (!foreseen[i].forecast.returns)
			table_color(&table, FIRST, "red");
		table_set_folded(&table, SECOND, foreseen[i].forecast.sentence,
				 before + strlen(": "));
	}
	table_print(&table);
}

/**
 * print_action() - print the forecast of an action, and of each collector
 * @foreseen: the action
 */
void print_action(const struct foreseen *foreseen)
{
	static const char *const words[] = {
		[EXPECT_NOTHING] = "no", [EXPECT_HIT] = "yes",
		[EXPECT_ELSEWHERE] = "yes",
	};
	const struct forecast *forecast = &foreseen->forecast;
	struct table table;
	enum collector i;

	putchar('\n');
	print_actions(foreseen, 1);
	putchar('\n');
	table = new_table(columns);
	for (i = 0; i < COLLECTORS; i++) {
		table_row(&table);
		table_set(&table, FIRST, words[forecast->expect[i]]);
		table_set(&table, SECOND, collector_names[i]);
		table_set_folded(&table, THIRD, forecast->reason[i],
				 strlen("mark netconsole "));
	}
	table_print(&table);
	if (!forecast->returns)
		puts("\nNothing would restart the machine.");
	if (!forecast_recorded(forecast))
		puts("\nNothing would record it.");
}

/* Return: the names of all findings with a state, each once. */
static char *names_with(const struct findings *findings, enum state state)
{
	char *names = text("%s", "");
	const char *last = "";
	size_t i;

	for (i = 0; i < findings->count; i++) {
		const struct finding *finding = findings->finding + i;
		char *longer;

		if (finding->state != state || !strcmp(finding->name, last))
			continue;
		last = finding->name;
		longer = text("%s%s%s", names, *names ? ", " : "", last);
		free(names);
		names = longer;
	}
	return names;
}

/**
 * print_summary() - print the names of all findings that are not good
 * @findings: the findings
 */
void print_summary(const struct findings *findings)
{
	static const struct {
		enum state state;
		const char *name;
	} lines[] = {
		{ STATE_BAD, "Not ready:" },
		{ STATE_WARN, "Warnings:" },
		{ STATE_UNKNOWN, "Not seen:" },
	};
	struct table table = new_table(pair);
	size_t i;

	putchar('\n');
	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		char *names = names_with(findings, lines[i].state);

		if (*names) {
			table_row(&table);
			table_set(&table, FIRST, lines[i].name);
			table_set_folded(&table, SECOND, names,
					 strlen("Not ready: "));
		}
		free(names);
	}
	table_print(&table);
	if (!findings_count(findings, STATE_BAD) && findings->evidence)
		puts("This machine is ready to fail.");
}

static struct json_object *collectors_json(const struct forecast *forecast)
{
	struct json_object *array = json_new_array();
	enum collector i;

	for (i = 0; i < COLLECTORS; i++) {
		struct json_object *object = json_new_object();

		json_set_text(object, "name", collector_names[i]);
		json_set_text(object, "expected",
			      expectation_names[forecast->expect[i]]);
		json_set_text(object, "reason", forecast->reason[i]);
		json_object_array_add(array, object);
	}
	return array;
}

static struct json_object *action_json(const struct foreseen *foreseen)
{
	const struct forecast *forecast = &foreseen->forecast;
	struct json_object *object = json_new_object();

	json_set_text(object, "action", foreseen->plan.action);
	json_set_text(object, "context", foreseen->plan.context);
	json_object_object_add(object, "hang_time",
			       json_object_new_int64(foreseen->plan.hang_time));
	json_set_text(object, "outcome", outcome_names[forecast->outcome]);
	json_set_text(object, "because", forecast->because);
	json_object_object_add(object, "panics",
			       json_object_new_boolean(forecast->panics));
	json_object_object_add(object, "certain",
			       json_object_new_boolean(forecast->certain));
	json_object_object_add(object, "returns",
			       json_object_new_boolean(forecast->returns));
	json_object_object_add(object, "restart", forecast->restart < 0 ? NULL :
			       json_object_new_int64(forecast->restart));
	json_set_text(object, "restarted_by", forecast->restarted_by);
	json_object_object_add(object, "collectors", collectors_json(forecast));
	json_set_text(object, "sentence", forecast->sentence);
	return object;
}

/**
 * print_json() - print findings and forecasts as JSON
 * @findings: the findings
 * @about: bits of the actions that the findings must matter for
 * @foreseen: the actions
 * @count: number of actions
 */
void print_json(const struct findings *findings, unsigned int about,
		const struct foreseen *foreseen, size_t count)
{
	struct json_object *check = json_new_object();
	struct json_object *array = json_new_array();
	size_t i;

	for (i = 0; i < findings->count; i++) {
		const struct finding *finding = findings->finding + i;
		struct json_object *object;

		if (!(finding->about & about))
			continue;
		object = json_new_object();
		json_set_text(object, "name", finding->name);
		json_set_text(object, "state", state_names[finding->state]);
		json_set_text(object, "value", finding->value);
		json_set_text(object, "advice", finding->advice);
		json_object_array_add(array, object);
	}
	json_object_object_add(check, "findings", array);
	array = json_new_array();
	for (i = 0; i < count; i++)
		json_object_array_add(array, action_json(foreseen + i));
	json_object_object_add(check, "actions", array);
	json_print(check);
}
