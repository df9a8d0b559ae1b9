// SPDX-License-Identifier: GPL-2.0
/* The command status: which actions are proven on this machine? */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "common/printable.h"
#include "common/table.h"
#include "drill/record.h"
#include "times.h"

enum { ACTION, STATE, WHEN, TIME, ID, KERNEL, KDUMP, REASON };

static const struct column columns[] = {
	[ACTION] = { "ACTION" },
	[STATE] = { "STATE" },
	[WHEN] = { "WHEN" },
	[TIME] = { "TIME", COLUMN_NUMBER },
	[ID] = { "ID" },
	[KERNEL] = { "KERNEL" },
	[KDUMP] = { "KDUMP", COLUMN_TEXT, true },
	[REASON] = { "REASON", COLUMN_TEXT, true },
	{}
};

/**
 * struct present - the state that makes an older drill stale
 * @kernel: the kernel's release, or NULL if it is not known
 * @kdump: the configuration of kdump, or NULL if it is not known
 */
struct present {
	char *kernel;
	char *kdump;
};

/* The disk of a machine that is off does not have the kernel's state. */
static void present_read(struct machine *machine, struct present *present)
{
	*present = (struct present){
		.kernel = machine_read(machine, "/proc/sys/kernel/osrelease"),
	};
	if (present->kernel)
		present->kdump = kdump_configuration(machine);
}

/* Return: the change since the drill, or NULL. */
static char *changed(const struct record *record, const struct present *present)
{
	if (!present->kernel)
		return NULL;
	if (strcmp(record->kernel, present->kernel))
		return text("the kernel is now %s", present->kernel);
	if (record->kdump && strcmp(record->kdump, present->kdump))
		return text("kdump is now: %s", present->kdump);
	return NULL;
}

static void set(struct table *table, size_t column, const char *value)
{
	char *safe = printable(value);

	table_set(table, column, safe);
	free(safe);
}

/* Return: why a drill is not proven, and whether an earlier one was. */
static char *unproven(const struct record *record, const struct record *proven)
{
	const char *why = record->cancelled ? "cancelled" :
			  record->verified ? "a collector lacks it" :
					     "not verified";
	char *when, *reason;

	if (!proven)
		return text("%s", why);
	when = time_text(proven->time);
	reason = text("%s; %s was proven on %s", why, proven->id, when);
	free(when);
	return reason;
}

/* Return: true if the action is proven, and nothing has changed since. */
static bool add_action(struct table *table, const struct record *record,
		       const struct record *proven,
		       const struct present *present)
{
	char *when = time_text(record->time);
	char *time = text("%lld", (long long)record->time);
	const char *state = "proven";
	char *reason;

	if (!record->proven) {
		state = "unproven";
		reason = unproven(record, proven);
	} else {
		reason = changed(record, present);
		if (reason)
			state = "stale";
		else if (!present->kernel)
			reason = text("the present kernel is not known");
	}
	table_row(table);
	set(table, ACTION, record->action);
	table_set(table, STATE, state);
	table_set(table, WHEN, when);
	table_set(table, TIME, time);
	table_set(table, ID, record->id);
	set(table, KERNEL, record->kernel);
	set(table, KDUMP, record->kdump);
	set(table, REASON, reason);
	free(reason);
	free(time);
	free(when);
	return !strcmp(state, "proven");
}

static bool has_fired(const struct record *record)
{
	return !record->cancelled;
}

static bool is_proven(const struct record *record)
{
	return record->proven;
}

/* Return: the last record of an action that meets a condition, or NULL. */
static const struct record *last(const struct records *records,
				 const char *action,
				 bool (*meets)(const struct record *record))
{
	size_t i;

	for (i = records->count; i-- > 0;) {
		const struct record *record = records->record + i;

		if (!strcmp(record->action, action) && (!meets || meets(record)))
			return record;
	}
	return NULL;
}

static bool add_actions(struct table *table, const struct records *records,
			const struct present *present)
{
	bool fine = records->count;
	size_t i;

	for (i = 0; i < records->count; i++) {
		const struct record *record = records->record + i;
		const char *action = record->action;

		/* One line per action. A cancelled drill says nothing. */
		if (record == (last(records, action, has_fired) ?:
			       last(records, action, NULL)))
			fine &= add_action(table, record,
					   last(records, action, is_proven),
					   present);
	}
	return fine;
}

static enum status status(const struct command *command, int argc, char **argv)
{
	struct table table = { .name = "status", .columns = columns,
			       .headings = true };
	struct machine machine;
	struct records records;
	struct present present;
	enum status err;
	bool fine;

	err = records_open(command, argc, argv, &table.json, &machine, &records);
	if (err)
		return err;
	present_read(&machine, &present);
	table_choose(&table, table.json ?
		     NULL : "ACTION,STATE,WHEN,ID,KERNEL,REASON");
	table_begin(&table);
	fine = add_actions(&table, &records, &present);
	if (!records.count && !table.json)
		note("there is no drill on record; run one: roulettectl drill --help");
	table_print(&table);
	free(present.kernel);
	free(present.kdump);
	records_free(&records);
	return fine ? STATUS_OK : STATUS_FINDING;
}

const struct command status_command = {
	.name = "status",
	.arguments = "[--root DIR] [--json]",
	.summary = "List the actions that were drilled: proven, stale or unproven.",
	.help = "      --root DIR  read the file system of another machine\n"
		"      --json      print JSON\n\n"
		"A line is the last drill of an action that was not cancelled. A drill is stale if\n"
		"the kernel or kdump has changed since. If a later drill is not proven, the action\n"
		"is unproven, and the reason names the last proven drill. Exit status: 0 if all\n"
		"actions in the list are proven, else 1.\n",
	.run = status,
};
