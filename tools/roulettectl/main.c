// SPDX-License-Identifier: GPL-2.0
/* roulettectl: controls the devices of kernel-roulette. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "animation/commands.h"
#include "check/commands.h"
#include "common/command.h"
#include "devices/commands.h"
#include "devices/version.h"
#include "drill/commands.h"
#include "drill/leftover.h"
#include "verify/commands.h"

static const struct command *const commands[] = {
	&list_command, &show_command, &get_command, &set_command, &create_command,
	&delete_command, &pull_command, &watch_command, &arm_command,
	&disarm_command, &reset_command, &save_command, &restore_command,
	&check_command, &drill_command, &verify_command, &status_command,
	&history_command, &forget_command, &animation_command,
	NULL
};

static void print_help(FILE *file)
{
	const struct command *const *command;

	fputs("Usage: roulettectl COMMAND [ARGUMENT...]\n\n"
	      "Control the devices of kernel-roulette, which cause kernel failures on purpose.\n\n"
	      "Commands:\n", file);
	for (command = commands; *command; command++)
		fprintf(file, "  %-10s %s\n", (*command)->name,
			(*command)->summary);
	fputs("\nroulettectl COMMAND --help describes a command, man roulettectl describes all.\n"
	      "Exit status: 0 fine, 1 a finding, 2 wrong usage, 3 not possible here.\n",
	      file);
}

static const struct command *find(const char *name)
{
	const struct command *const *command;

	for (command = commands; *command; command++)
		if (!strcmp((*command)->name, name))
			return *command;
	return NULL;
}

/* A user's PATH lacks modprobe, and Debian's su keeps this PATH for root. */
static void add_to_path(void)
{
	const char *path = getenv("PATH");
	char *longer = text("%s:/usr/sbin:/sbin", path && *path ? path : "/usr/bin:/bin");

	setenv("PATH", longer, 1);
	free(longer);
}

int main(int argc, char **argv)
{
	const struct command *command;
	enum status status;

	if (argc < 2) {
		print_help(stderr);
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
	    !strcmp(argv[1], "help")) {
		print_help(stdout);
		return STATUS_OK;
	}
	add_to_path();
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
		return version_print();
	command = find(argv[1]);
	if (!command)
		return complain(STATUS_USAGE, "List the commands: roulettectl --help.",
				"'%s' is not a command", argv[1]);
	/* getopt begins its messages with this name. */
	argv[1] = text("roulettectl %s", command->name);
	/* disarm must not wait for anything. */
	if (command != &disarm_command)
		leftover_clean_up();
	status = command->run(command, argc - 1, argv + 1);
	if (command == &disarm_command)
		leftover_clean_up();
	if (fflush(stdout) || ferror(stdout))
		return complain(STATUS_IMPOSSIBLE, "Is there space?",
				"could not write the output");
	return status;
}
