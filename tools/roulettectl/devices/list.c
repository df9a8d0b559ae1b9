// SPDX-License-Identifier: GPL-2.0
/* The command list. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "common/file.h"
#include "common/table.h"
#include "device.h"

enum { NAME, TYPE, NODE, ODDS, ACTION, LABEL, PULLS, HITS, ARMED_COLUMN };

static const struct column columns[] = {
	[NAME] = { "NAME" },
	[TYPE] = { "TYPE" },
	[NODE] = { "NODE" },
	[ODDS] = { "ODDS" },
	[ACTION] = { "ACTION" },
	[LABEL] = { "LABEL" },
	[PULLS] = { "PULLS", COLUMN_NUMBER },
	[HITS] = { "HITS", COLUMN_NUMBER },
	[ARMED_COLUMN] = { "ARMED", COLUMN_FLAG },
	{}
};

static const char *const knobs[] = {
	[ODDS] = "odds", [ACTION] = "action", [LABEL] = "label",
	[PULLS] = "pulls", [HITS] = "hits",
};

static void add_roulette(struct table *table, const struct device *device,
			 const char *armed)
{
	size_t i;

	for (i = ODDS; i <= HITS; i++) {
		char *value;

		if (!table_has(table, i))
			continue;
		value = read_value_at(device->dir, knobs[i]);
		table_set(table, i, value);
		free(value);
	}
	table_set(table, ARMED_COLUMN, armed);
}

static void add_device(struct table *table, const struct device *device,
		       const char *armed)
{
	table_row(table);
	table_set(table, NAME, device->name);
	table_set(table, TYPE, device->type);
	if (table_has(table, NODE)) {
		char *node = device_node(device);

		table_set(table, NODE, node);
		free(node);
	}
	if (device_is_roulette(device))
		add_roulette(table, device, armed);
}

static enum status list(const struct command *command, int argc, char **argv)
{
	struct table table = { .name = "devices", .columns = columns };
	struct names names;
	enum status status;
	char *armed;
	size_t i;

	status = table_options(&table, command, argc, argv);
	if (!status)
		status = names_read(&names);
	if (status) {
		table_drop(&table);
		return status;
	}
	table_begin(&table);
	armed = read_value_at(AT_FDCWD, ARMED);
	for (i = 0; i < names.count; i++) {
		struct device device;

		if (!device_try_open(&device, names.name[i]))
			continue;
		add_device(&table, &device,
			   armed && *armed == 'N' ? "no" : "yes");
		device_close(&device);
	}
	free(armed);
	names_free(&names);
	table_print(&table);
	return STATUS_OK;
}

const struct command list_command = {
	.name = "list",
	.arguments = TABLE_ARGUMENTS,
	.summary = "List all devices, one a line.",
	.help = TABLE_HELP
		"Columns: NAME TYPE NODE ODDS ACTION LABEL PULLS HITS ARMED\n",
	.run = list,
};
