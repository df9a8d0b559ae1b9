// SPDX-License-Identifier: GPL-2.0
/* Shared by all commands: options and their errors. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "command.h"

static void print_help(const struct command *command)
{
	printf("Usage: roulettectl %s%s%s\n\n%s\n", command->name,
	       *command->arguments ? " " : "", command->arguments,
	       command->summary);
	if (command->help)
		printf("\n%s", command->help);
}

/**
 * next_option() - get the next option of a command
 * @command: the command
 * @argc: as for getopt_long()
 * @argv: as for getopt_long()
 * @letters: as for getopt_long(); must contain h
 * @options: as for getopt_long(); must end with HELP_OPTION
 *
 * Handles -h and --help, and ends the program after an unknown option. getopt
 * has printed this option.
 *
 * Return: as getopt_long(), but never '?'.
 */
int next_option(const struct command *command, int argc, char **argv,
		const char *letters, const struct option *options)
{
	int option = getopt_long(argc, argv, letters, options, NULL);

	if (option == 'h') {
		print_help(command);
		exit(STATUS_OK);
	}
	if (option == '?')
		exit(wrong_usage(command, NULL));
	return option;
}

/**
 * need_arguments() - parse the command line of a command that has no options
 * @command: the command
 * @argc: number of words
 * @argv: the words
 * @what: what each argument is, such as "device"
 *
 * Return: STATUS_OK if there is an argument, else STATUS_USAGE after a message.
 */
enum status need_arguments(const struct command *command, int argc, char **argv,
			   const char *what)
{
	static const struct option options[] = { HELP_OPTION };

	while (next_option(command, argc, argv, "h", options) >= 0)
		;
	return optind < argc ? STATUS_OK :
	       wrong_usage(command, "give at least one %s", what);
}

/**
 * act_on_arguments() - do the same for each argument, until the first failure
 * @argc: number of words
 * @argv: the words; the options were parsed
 * @act: called for each argument
 *
 * Return: STATUS_OK, or the status of the failure.
 */
enum status act_on_arguments(int argc, char **argv,
			     enum status (*act)(const char *argument))
{
	enum status status = STATUS_OK;
	int i;

	for (i = optind; i < argc && !status; i++)
		status = act(argv[i]);
	return status;
}

/**
 * wrong_usage() - complain about the command line
 * @command: the command
 * @format: printf format of the error, or NULL if it was printed
 *
 * Return: STATUS_USAGE.
 */
enum status wrong_usage(const struct command *command, const char *format, ...)
{
	va_list arguments;

	if (format) {
		fprintf(stderr, "roulettectl %s: ", command->name);
		va_start(arguments, format);
		vfprintf(stderr, format, arguments);
		va_end(arguments);
		fputc('\n', stderr);
	}
	fprintf(stderr, "Usage: roulettectl %s%s%s\n", command->name,
		*command->arguments ? " " : "", command->arguments);
	return STATUS_USAGE;
}
