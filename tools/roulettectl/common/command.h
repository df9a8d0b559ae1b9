/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_COMMAND_H
#define ROULETTECTL_COMMAND_H

#include <getopt.h>

#include "message.h"

/**
 * struct command - a command of roulettectl
 * @name: the word on the command line; "animation list" has two
 * @arguments: arguments, for the help; "" if there are none
 * @summary: one line for the list of commands
 * @help: further lines for the help of this command, or NULL
 * @run: runs it; argv[0] is @name. Returns the exit status
 */
struct command {
	const char *name;
	const char *arguments;
	const char *summary;
	const char *help;
	enum status (*run)(const struct command *command, int argc,
			   char **argv);
};

int next_option(const struct command *command, int argc, char **argv,
		const char *letters, const struct option *options);
enum status need_arguments(const struct command *command, int argc, char **argv,
			   const char *what);
enum status act_on_arguments(int argc, char **argv,
			     enum status (*act)(const char *argument));
enum status wrong_usage(const struct command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The last entries of each command's options. */
#define HELP_OPTION	{ "help", no_argument, NULL, 'h' }, {}

/* Values of options that have no letter. */
enum {
	OPTION_JSON = 256,
	OPTION_NOHEADINGS,
	OPTION_OWN,	/* the first value for a command's own options */
};

#endif
