// SPDX-License-Identifier: GPL-2.0
/* The commands set and reset. */
#include "commands.h"
#include "device.h"
#include "settings.h"

static enum status set(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = { HELP_OPTION };
	struct settings settings = {};
	struct device device;
	enum status status;

	while (next_option(command, argc, argv, "h", options) >= 0)
		;
	if (argc - optind < 2)
		return wrong_usage(command, "give a device and at least one KNOB=VALUE");
	status = device_open(&device, argv[optind]);
	if (status)
		return status;
	status = settings_parse(&settings, argc - optind - 1, argv + optind + 1);
	if (!status)
		status = settings_check(&device, &settings);
	if (!status)
		status = settings_write(&device, &settings);
	settings_free(&settings);
	device_close(&device);
	return status;
}

static enum status reset_one(const char *name)
{
	struct settings settings = {};
	struct device device;
	enum status status = device_open(&device, name);

	if (status)
		return status;
	settings_add(&settings, "reset", "1");
	status = settings_check(&device, &settings);
	if (!status)
		status = settings_write(&device, &settings);
	settings_free(&settings);
	device_close(&device);
	return status;
}

static enum status reset(const struct command *command, int argc, char **argv)
{
	enum status status = need_arguments(command, argc, argv, "device");

	return status ?: act_on_arguments(argc, argv, reset_one);
}

const struct command set_command = {
	.name = "set",
	.arguments = "NAME KNOB=VALUE...",
	.summary = "Set knobs of a device: all of them, or none if one refuses its value.",
	.help = "Odds above 0 are set last, and are 0 while several knobs change.\n"
		"roulettectl show NAME lists the knobs.\n",
	.run = set,
};

const struct command reset_command = {
	.name = "reset",
	.arguments = "NAME...",
	.summary = "Set pulls and hits to 0, and restart the sequence of the seed.",
	.run = reset,
};
