// SPDX-License-Identifier: GPL-2.0
/* The commands create and delete. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "common/file.h"
#include "create.h"
#include "device.h"
#include "knobs.h"
#include "module.h"

static enum status not_created(const char *type, const char *name)
{
	switch (errno) {
	case EINVAL:
	case ENAMETOOLONG:
		return complain(STATUS_USAGE, "A name has 1 to 63 characters of A-Za-z0-9._- and starts with a letter or digit.",
				"'%s' is not a valid name", name);
	case EEXIST:
		return complain(STATUS_USAGE, "Choose another name, or delete the device: roulettectl delete NAME.",
				"a device '%s' of another type exists", name);
	case ENOSPC:
		return complain(STATUS_IMPOSSIBLE, "Delete devices, or load roulette_core with a larger max_devices.",
				"could not create '%s': the maximum number of devices exists",
				name);
	case EACCES:
	case EPERM:
		return complain_errno(STATUS_IMPOSSIBLE, NEED_ROOT,
				      "could not create '%s'", name);
	default:
		return complain_errno(STATUS_IMPOSSIBLE, NULL,
				      "could not create '%s' of type %s", name,
				      type);
	}
}

/* An existing device is not changed, because it may be in use. */
static enum status check_existing(const struct device *device,
				  const struct settings *settings)
{
	enum status status = settings_check(device, settings);
	size_t i;

	for (i = 0; i < settings->count && !status; i++) {
		const struct setting *setting = settings->setting + i;
		char *value;

		/* reset and other write-only knobs have no value to compare. */
		value = read_value_at(device->dir, setting->knob);
		if (value && !setting_in_force(device, setting))
			status = complain(STATUS_USAGE, "To change the value: roulettectl set NAME KNOB=VALUE.",
					  "'%s' exists with another value: %s is %s",
					  device->name, setting->knob, value);
		free(value);
	}
	return status;
}

static enum status make(const char *type, const char *name,
			struct device *device, bool *created)
{
	char *path = text(CONFIG_DIR "/%s/%s", type, name);
	enum status status = STATUS_OK;

	*created = false;
	if (strchr(name, '/') || !*name || *name == '.') {
		errno = EINVAL;
		status = not_created(type, name);
	} else if (!mkdir(path, 0755)) {
		*created = true;
		status = device_open(device, name);
		if (status)
			rmdir(path);
	} else if (errno != EEXIST || !device_try_open(device, name)) {
		status = not_created(type, name);
	} else if (strcmp(device->type, type)) {
		device_close(device);
		errno = EEXIST;
		status = not_created(type, name);
	}
	free(path);
	return status;
}

/**
 * create_device() - create a device with settings
 * @type: name of the type; its module is loaded if necessary
 * @name: name of the device
 * @settings: the settings; their order changes
 * @device: receives the device; the caller must call device_close()
 *
 * If it fails, no device is left. A device of this type and name with these
 * settings may exist already, and stays unchanged.
 *
 * Return: STATUS_OK, or another status after a message.
 */
enum status create_device(const char *type, const char *name,
			  struct settings *settings, struct device *device)
{
	bool loaded, created = false;
	enum status status = module_load(type, false, &loaded);

	if (!status)
		status = make(type, name, device, &created);
	if (!status) {
		if (created) {
			status = settings_check(device, settings);
			if (!status)
				status = settings_write(device, settings);
		} else {
			status = check_existing(device, settings);
		}
		if (status) {
			char *path = device_config(device);

			if (created)
				rmdir(path);
			free(path);
			device_close(device);
		}
	}
	if (status && loaded)
		module_unload(type);
	return status;
}

static enum status create(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = { HELP_OPTION };
	struct settings settings;
	struct device device;
	enum status status;
	char *node;

	while (next_option(command, argc, argv, "h", options) >= 0)
		;
	if (argc - optind < 2)
		return wrong_usage(command, "give a type and a name");
	status = settings_parse(&settings, argc - optind - 2, argv + optind + 2);
	if (!status)
		status = create_device(argv[optind], argv[optind + 1],
				       &settings, &device);
	settings_free(&settings);
	if (status)
		return status;
	node = device_node(&device);
	puts(node ?: "");
	free(node);
	device_close(&device);
	return STATUS_OK;
}

static enum status check_instance(const char *name)
{
	struct device device;
	enum status status = device_open(&device, name);
	char *path;

	if (status)
		return status;
	path = device_config(&device);
	if (!exists(path)) {
		char *advice = text("To remove the device, unload the module: modprobe -r %s.",
				    device.type);

		status = complain(STATUS_USAGE, advice,
				  "'%s' is the default device of its module",
				  name);
		free(advice);
	}
	free(path);
	device_close(&device);
	return status;
}

static enum status delete_one(const char *name)
{
	struct device device;
	enum status status = STATUS_OK;
	char *path;

	/* A name that was given twice, or was removed meanwhile. */
	if (!device_try_open(&device, name))
		return STATUS_OK;
	path = device_config(&device);
	if (rmdir(path) && errno != ENOENT)
		status = complain_errno(STATUS_IMPOSSIBLE, write_advice(),
					"could not delete '%s'", name);
	free(path);
	device_close(&device);
	return status;
}

static enum status delete(const struct command *command, int argc, char **argv)
{
	enum status status = need_arguments(command, argc, argv, "device");

	if (!status)
		status = act_on_arguments(argc, argv, check_instance);
	return status ?: act_on_arguments(argc, argv, delete_one);
}

const struct command create_command = {
	.name = "create",
	.arguments = "TYPE NAME [KNOB=VALUE...]",
	.summary = "Create a device, and print its node.",
	.help = "The types are roulette and parrot. The module of the type is loaded if necessary,\n"
		"without its default device. If a knob refuses its value, no device is left. If the\n"
		"device exists with these values, nothing changes.\n",
	.run = create,
};

const struct command delete_command = {
	.name = "delete",
	.arguments = "NAME...",
	.summary = "Delete devices. Hits that have not fired are cancelled.",
	.run = delete,
};
