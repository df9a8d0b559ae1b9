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

/* Return: true if the action is proven, and nothing has changed since. */
static bool add_action(struct table *table, const struct record *record,
		       const struct present *present)
{
	char *when = time_text(record->time);
	char *time = text("%lld", (long long)record->time);
	char *change = record->proven ? changed(record, present) : NULL;
	const char *reason = change;
	const char *state = "proven";

	if (!record->proven) {
		state = "unproven";
		reason = record->cancelled ? "cancelled" :
			 record->verified ? "a collector lacks it" :
					    "not verified";
	} else if (change) {
		state = "stale";
	} else if (!present->kernel) {
		reason = "the present kernel is not known";
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
	free(change);
	free(time);
	free(when);
	return record->proven && strcmp(state, "stale");
}

/*
 * Return: the record that counts for the action of @record: the last one that is
 * proven, else the last one.
 */
static const struct record *representative(const struct records *records,
					   const struct record *record)
{
	const struct record *best = NULL;
	size_t i;

	for (i = 0; i < records->count; i++) {
		const struct record *other = records->record + i;

		if (!strcmp(other->action, record->action) &&
		    (other->proven || !best || !best->proven))
			best = other;
	}
	return best;
}

static bool add_actions(struct table *table, const struct records *records,
			const struct present *present)
{
	bool fine = records->count;
	size_t i;

	for (i = 0; i < records->count; i++) {
		const struct record *record = records->record + i;

		if (representative(records, record) == record)
			fine &= add_action(table, record, present);
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
		"A line is the last proven drill of an action, or the last drill if none is proven.\n"
		"A drill is stale if the kernel or kdump has changed since. Exit status: 0 if all\n"
		"actions in the list are proven, else 1.\n",
	.run = status,
};
