// SPDX-License-Identifier: GPL-2.0
/* The command history: all drills of a machine. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "commands.h"
#include "common/printable.h"
#include "common/table.h"
#include "drill/record.h"
#include "times.h"

enum { ID, WHEN, TIME, ACTION, OUTCOME, RESULT, LABEL };

static const struct column columns[] = {
	[ID] = { "ID" },
	[WHEN] = { "WHEN" },
	[TIME] = { "TIME", COLUMN_NUMBER },
	[ACTION] = { "ACTION" },
	[OUTCOME] = { "OUTCOME" },
	[RESULT] = { "RESULT" },
	[LABEL] = { "LABEL" },
	{}
};

static const char *result(const struct record *record)
{
	if (record->cancelled)
		return "cancelled";
	if (!record->verified)
		return NULL;
	return record->proven ? "proven" : "unproven";
}

static void add_record(struct table *table, const struct record *record)
{
	char *when = time_text(record->time);
	char *time = text("%lld", (long long)record->time);
	char *action = printable(record->action);
	char *label = printable(record->label);

	table_row(table);
	table_set(table, ID, record->id);
	table_set(table, WHEN, when);
	table_set(table, TIME, time);
	table_set(table, ACTION, action);
	table_set(table, OUTCOME, outcome_name(record->outcome));
	table_set(table, RESULT, result(record));
	table_set(table, LABEL, label);
	free(label);
	free(action);
	free(time);
	free(when);
}

/**
 * records_open() - parse the command line of history or status, read the records
 * @command: the command
 * @argc: number of words
 * @argv: the words
 * @json: set to true by --json
 * @machine: receives the machine of --root
 * @records: receives the records; the caller must call records_free()
 *
 * Return: STATUS_OK, or another status after a message.
 */
enum status records_open(const struct command *command, int argc, char **argv,
			 bool *json, struct machine *machine,
			 struct records *records)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, OPTION_JSON },
		{ "root", required_argument, NULL, 'r' },
		HELP_OPTION
	};
	const char *root = NULL;
	enum status status;
	int option;

	while ((option = next_option(command, argc, argv, "h", options)) >= 0) {
		if (option == OPTION_JSON)
			*json = true;
		else
			root = optarg;
	}
	if (optind < argc)
		return wrong_usage(command, "unexpected argument '%s'",
				   argv[optind]);
	status = open_root(machine, root);
	return status ?: records_read(machine, records);
}

static enum status history(const struct command *command, int argc, char **argv)
{
	struct table table = { .name = "history", .columns = columns,
			       .headings = true };
	struct machine machine;
	struct records records;
	enum status status;
	size_t i;

	status = records_open(command, argc, argv, &table.json, &machine,
			      &records);
	if (status)
		return status;
	table_choose(&table, table.json ?
		     NULL : "ID,WHEN,ACTION,OUTCOME,RESULT,LABEL");
	table_begin(&table);
	for (i = 0; i < records.count; i++)
		add_record(&table, records.record + i);
	records_free(&records);
	table_print(&table);
	return STATUS_OK;
}

const struct command history_command = {
	.name = "history",
	.arguments = "[--root DIR] [--json]",
	.summary = "List all drills, the newest last.",
	.help = "      --root DIR  read the file system of another machine\n"
		"      --json      print JSON\n\n"
		"RESULT is the result of roulettectl verify, or - if the drill was not verified.\n",
	.run = history,
};
