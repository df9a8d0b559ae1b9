// SPDX-License-Identifier: GPL-2.0
/* The commands save and restore. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "common/file.h"
#include "common/json.h"
#include "create.h"
#include "device.h"
#include "knobs.h"
#include "module.h"
#include "saved.h"

#define SAVE_DIR	"/etc/roulette"
#define SAVE_FILE	SAVE_DIR "/devices.json"
#define SAVE_MAX	(64 * 1024 * 1024)

static bool is_setting(const struct device *device, const char *knob)
{
	struct stat file;

	return knob_is_name(knob) && !fstatat(device->dir, knob, &file, 0) &&
	       S_ISREG(file.st_mode) && file.st_mode & 0222 &&
	       file.st_mode & 0444;
}

static struct json_object *settings_to_json(const struct device *device)
{
	struct json_object *knobs = json_new_object();
	struct dirent **entries;
	int count = scandirat(device->dir, ".", &entries, NULL, alphasort);
	int i;

	for (i = 0; i < count; i++) {
		char *value = NULL;

		if (is_setting(device, entries[i]->d_name))
			value = read_value_at(device->dir, entries[i]->d_name);
		if (value)
			json_set_text(knobs, entries[i]->d_name, value);
		free(value);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return knobs;
}

static struct json_object *device_to_json(const struct device *device)
{
	struct json_object *object = json_new_object();
	char *config = device_config(device);

	json_set_text(object, "name", device->name);
	json_set_text(object, "type", device->type);
	json_object_object_add(object, "default",
			       json_object_new_boolean(!exists(config)));
	json_object_object_add(object, "knobs", settings_to_json(device));
	free(config);
	return object;
}

static enum status devices_to_json(struct json_object **object)
{
	struct json_object *devices;
	struct names names;
	enum status status = names_read(&names);
	size_t i;

	if (status)
		return status;
	devices = json_new_array();
	for (i = 0; i < names.count; i++) {
		struct device device;

		if (!device_try_open(&device, names.name[i]))
			continue;
		json_object_array_add(devices, device_to_json(&device));
		device_close(&device);
	}
	names_free(&names);
	*object = json_new_object();
	json_object_object_add(*object, "devices", devices);
	return STATUS_OK;
}

static enum status save_to(const char *path, struct json_object *object)
{
	enum status status = STATUS_OK;
	struct stat file;
	char *content;

	/* The file is replaced: root would lose /dev/null or /dev/stdout. */
	if (!lstat(path, &file) && !S_ISREG(file.st_mode))
		return complain(STATUS_USAGE, "Give another file, or - for the standard output.",
				"%s is no regular file", path);
	content = text("%s\n",
		       json_object_to_json_string_ext(object, JSON_STYLE));
	if ((!strcmp(path, SAVE_FILE) && make_directory_safely(SAVE_DIR)) ||
	    write_file_safely(path, content))
		status = complain_errno(STATUS_IMPOSSIBLE,
					errno == EACCES ? NEED_ROOT : NULL,
					"could not write %s", path);
	free(content);
	return status;
}

static enum status save(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = { HELP_OPTION };
	struct json_object *object;
	enum status status;

	while (next_option(command, argc, argv, "h", options) >= 0)
		;
	if (argc - optind > 1)
		return wrong_usage(command, "give at most one file");
	status = devices_to_json(&object);
	if (status)
		return status;
	if (optind < argc && !strcmp(argv[optind], "-")) {
		json_print(object);
		return STATUS_OK;
	}
	status = save_to(optind < argc ? argv[optind] : SAVE_FILE, object);
	json_object_put(object);
	return status;
}

/* Writes all that the kernel may refuse; all odds stay 0. */
static enum status prepare(struct saved *saved)
{
	struct settings none = {};
	struct device device;
	enum status status;
	char *config;

	status = module_load(saved->type, saved->is_default, &saved->loaded);
	if (status)
		return status;
	if (saved->is_default) {
		status = device_open(&device, saved->name);
	} else {
		config = text(CONFIG_DIR "/%s/%s", saved->type, saved->name);
		saved->created = !exists(config);
		free(config);
		status = create_device(saved->type, saved->name, &none, &device);
		if (status)
			saved->created = false;
	}
	if (status)
		return status;
	status = settings_check(&device, &saved->settings);
	if (!status)
		status = settings_prepare(&device, &saved->settings);
	device_close(&device);
	return status;
}

static enum status commit(struct saved *saved)
{
	struct device device;
	enum status status = device_open(&device, saved->name);

	if (status)
		return status;
	status = settings_commit(&device, &saved->settings);
	device_close(&device);
	return status;
}

static void undo(struct saved *saved)
{
	struct device device;
	char *config;

	if (!device_try_open(&device, saved->name))
		return;
	config = device_config(&device);
	if (!saved->created || rmdir(config))
		settings_undo(&device, &saved->settings);
	free(config);
	device_close(&device);
}

static void undo_all(struct saved_list *list)
{
	size_t i;

	for (i = list->count; i-- > 0;)
		undo(list->device + i);
	for (i = 0; i < list->count; i++)
		if (list->device[i].loaded)
			module_unload(list->device[i].type);
}

/* Default devices first, because a module creates its own only at its load. */
static enum status restore_all(struct saved_list *list)
{
	enum status status = STATUS_OK;
	size_t i;

	for (i = 0; i < list->count && !status; i++)
		if (list->device[i].is_default)
			status = prepare(list->device + i);
	for (i = 0; i < list->count && !status; i++)
		if (!list->device[i].is_default)
			status = prepare(list->device + i);
	for (i = 0; i < list->count && !status; i++)
		status = commit(list->device + i);
	if (status)
		undo_all(list);
	return status;
}

static enum status restore(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = {
		{ "armed", no_argument, NULL, 'a' },
		HELP_OPTION
	};
	const char *path = SAVE_FILE;
	struct saved_list list;
	bool armed = false;
	enum status status;
	char *content, *fault;

	while (next_option(command, argc, argv, "ah", options) >= 0)
		armed = true;
	if (argc - optind > 1)
		return wrong_usage(command, "give at most one file");
	if (optind < argc)
		path = strcmp(argv[optind], "-") ? argv[optind] : "/dev/stdin";
	content = read_file_at(AT_FDCWD, path, SAVE_MAX);
	if (!content)
		return complain_errno(STATUS_USAGE, "Write it: roulettectl save.",
				      "could not read %s", path);
	fault = saved_parse(&list, content, armed);
	free(content);
	if (fault)
		status = complain(STATUS_USAGE, "Nothing was changed. Give a file that roulettectl save has written.",
				  "%s is not valid: %s", path, fault);
	else
		status = restore_all(&list);
	saved_free(&list);
	free(fault);
	return status;
}

const struct command save_command = {
	.name = "save",
	.arguments = "[FILE]",
	.summary = "Save all devices and their settings, in " SAVE_FILE ".",
	.help = "FILE - is the standard output.\n",
	.run = save,
};

const struct command restore_command = {
	.name = "restore",
	.arguments = "[--armed] [FILE]",
	.summary = "Create the saved devices again, and set their knobs.",
	.help = "  -a, --armed  also restore odds; without it all odds become 0\n\n"
		"If a device cannot be restored, nothing changes.\n"
		"FILE - is the standard input. The unit roulettectl-restore.service does it at boot.\n",
	.run = restore,
};
