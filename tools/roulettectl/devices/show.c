// SPDX-License-Identifier: GPL-2.0
/* The commands show and get. */
#define _GNU_SOURCE
#include <dirent.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "common/file.h"
#include "common/json.h"
#include "common/table.h"
#include "device.h"
#include "knobs.h"

enum { KNOB, VALUE, WRITABLE, MEANING };

static const struct column columns[] = {
	[KNOB] = { "KNOB" },
	[VALUE] = { "VALUE", .wraps = true },
	[WRITABLE] = { "WRITABLE", COLUMN_FLAG },
	[MEANING] = { "MEANING", .wraps = true },
	{}
};

/* The device whose knobs are sorted; scandir() takes no further argument. */
static const struct device *sorted;

static int compare_knobs(const struct dirent **a, const struct dirent **b)
{
	int order = knob_order(sorted, (*a)->d_name) -
		    knob_order(sorted, (*b)->d_name);

	return order ?: strcmp((*a)->d_name, (*b)->d_name);
}

static int is_knob(const struct dirent *entry)
{
	return entry->d_type == DT_REG && knob_is_name(entry->d_name);
}

static void add_knob(struct table *table, const struct device *device,
		     const char *knob)
{
	char *value = read_value_at(device->dir, knob);
	struct stat file;

	table_row(table);
	table_set(table, KNOB, knob);
	table_set(table, VALUE, value);
	if (!fstatat(device->dir, knob, &file, 0))
		table_set(table, WRITABLE, file.st_mode & 0222 ? "yes" : "no");
	table_set(table, MEANING, knob_meaning(device, knob));
	free(value);
}

static enum status show(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, OPTION_JSON },
		{ "noheadings", no_argument, NULL, 'n' },
		HELP_OPTION
	};
	struct table table = { .name = "knobs", .columns = columns,
			       .headings = true };
	struct dirent **knobs;
	struct device device;
	enum status status;
	int option, count, i;

	while ((option = next_option(command, argc, argv, "nh", options)) >= 0) {
		if (option == OPTION_JSON)
			table.json = true;
		else
			table.headings = false;
	}
	if (argc - optind != 1)
		return wrong_usage(command, "give one device");
	status = device_open(&device, argv[optind]);
	if (status)
		return status;
	table_choose(&table, table.json ? NULL : "KNOB,VALUE,MEANING");
	table_begin(&table);
	sorted = &device;
	count = scandirat(device.dir, ".", &knobs, is_knob, compare_knobs);
	for (i = 0; i < count; i++) {
		add_knob(&table, &device, knobs[i]->d_name);
		free(knobs[i]);
	}
	if (count >= 0)
		free(knobs);
	device_close(&device);
	table_print(&table);
	return STATUS_OK;
}

static enum status unread(const struct device *device, const char *knob)
{
	struct stat file;

	if (!knob_is_name(knob) || fstatat(device->dir, knob, &file, 0) ||
	    !S_ISREG(file.st_mode))
		return no_knob(device, knob);
	if (!(file.st_mode & 0444))
		return complain(STATUS_USAGE, "docs/reference.md lists the knobs that can be read.",
				"knob '%s' of '%s' is write only", knob,
				device->name);
	return complain_errno(STATUS_IMPOSSIBLE, NULL,
			      "could not read knob '%s' of '%s'", knob,
			      device->name);
}

static enum status get_values(const struct device *device, int count,
			      char **knobs, struct json_object *object)
{
	int i;

	for (i = 0; i < count; i++) {
		char *value = NULL;

		if (knob_is_name(knobs[i]))
			value = read_value_at(device->dir, knobs[i]);
		if (!value)
			return unread(device, knobs[i]);
		if (object)
			json_set_text(object, knobs[i], value);
		else
			puts(value);
		free(value);
	}
	return STATUS_OK;
}

static enum status get(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, OPTION_JSON },
		HELP_OPTION
	};
	struct json_object *object = NULL;
	struct device device;
	enum status status;

	while (next_option(command, argc, argv, "h", options) >= 0)
		object = object ?: json_new_object();
	if (argc - optind < 2)
		return wrong_usage(command, "give a device and at least one knob");
	status = device_open(&device, argv[optind]);
	if (status)
		return status;
	status = get_values(&device, argc - optind - 1, argv + optind + 1,
			    object);
	device_close(&device);
	if (object && !status)
		json_print(object);
	else
		json_object_put(object);
	return status;
}

const struct command show_command = {
	.name = "show",
	.arguments = "[-n] [--json] NAME",
	.summary = "Show all knobs of a device, with their values and meanings.",
	.help = "  -n, --noheadings  print no headings\n"
		"      --json        print JSON\n",
	.run = show,
};

const struct command get_command = {
	.name = "get",
	.arguments = "[--json] NAME KNOB...",
	.summary = "Print the values of knobs, one a line.",
	.help = "      --json  print JSON\n",
	.run = get,
};
