// SPDX-License-Identifier: GPL-2.0
/* The commands arm and disarm. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "common/file.h"
#include "device.h"
#include "settings.h"

/* Cancelled hits are logged within milliseconds. */
#define LOG_QUIET_MS	100

static int open_log(void)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (log >= 0)
		lseek(log, 0, SEEK_END);
	return log;
}

/* A read returns one record: "level,number,time,flags;TEXT", then a newline. */
static void print_cancelled(int log)
{
	struct pollfd waiting = { .fd = log, .events = POLLIN };
	char record[8192];

	while (poll(&waiting, 1, LOG_QUIET_MS) > 0) {
		ssize_t length = read(log, record, sizeof(record) - 1);
		char *start;

		/* EPIPE: the log has dropped records before this read. */
		if (length < 0 && errno != EPIPE)
			break;
		if (length < 0)
			continue;
		record[length] = '\0';
		record[strcspn(record, "\n")] = '\0';
		start = strchr(record, ';');
		if (start && strstr(start, " is cancelled, armed was set to N"))
			puts(start + 1);
	}
}

static enum status write_armed(const char *value)
{
	if (!write_value_at(AT_FDCWD, ARMED, value))
		return STATUS_OK;
	return complain_errno(STATUS_IMPOSSIBLE, write_advice(),
			      "could not write " ARMED);
}

static bool is_loaded(void)
{
	/* Without /sys nothing is known. */
	return exists("/sys/module/roulette") || !exists("/sys/module");
}

static void no_arguments(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = { HELP_OPTION };

	while (next_option(command, argc, argv, "h", options) >= 0)
		;
	if (optind < argc)
		exit(wrong_usage(command, "unexpected argument '%s': armed is one setting for all devices",
				 argv[optind]));
}

static enum status arm(const struct command *command, int argc, char **argv)
{
	no_arguments(command, argc, argv);
	if (!is_loaded())
		return complain(STATUS_IMPOSSIBLE, "Load it: modprobe roulette odds=0.",
				"the module roulette is not loaded");
	return write_armed("Y");
}

static enum status disarm(const struct command *command, int argc, char **argv)
{
	enum status status;
	int log;

	no_arguments(command, argc, argv);
	if (!is_loaded()) {
		note("the module roulette is not loaded, so nothing can fire");
		return STATUS_OK;
	}
	log = open_log();
	status = write_armed("N");
	if (log >= 0 && !status)
		print_cancelled(log);
	else if (!status)
		note("all devices are disarmed; the kernel log cannot be read, so the cancelled hits are not listed");
	if (log >= 0)
		close(log);
	return status;
}

const struct command arm_command = {
	.name = "arm",
	.arguments = "",
	.summary = "Let pulls of all devices hit again.",
	.run = arm,
};

const struct command disarm_command = {
	.name = "disarm",
	.arguments = "",
	.summary = "Make all devices safe at once, and print the cancelled hits.",
	.help = "When the command returns, no pending hit will fire. A lockup that has begun\n"
		"continues. roulettectl arm lets pulls hit again. Exit status: 0 also if the module\n"
		"is not loaded.\n",
	.run = disarm,
};
