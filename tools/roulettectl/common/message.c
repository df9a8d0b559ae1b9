// SPDX-License-Identifier: GPL-2.0
/* Messages to the user: what happened, and what to do next. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

static void say(const char *format, va_list arguments, const char *reason,
		const char *advice)
{
	fflush(stdout);
	fputs("roulettectl: ", stderr);
	vfprintf(stderr, format, arguments);
	if (reason)
		fprintf(stderr, ": %s", reason);
	fputc('\n', stderr);
	if (advice)
		fprintf(stderr, "%s\n", advice);
}

/**
 * complain() - print an error and the remedy
 * @status: exit status of the command
 * @advice: what to do next, a whole sentence, or NULL
 * @format: printf format of the error, without a newline
 *
 * Return: @status, so that the caller can return it.
 */
enum status complain(enum status status, const char *advice,
		     const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments, NULL, advice);
	va_end(arguments);
	return status;
}

/**
 * complain_errno() - complain(), with the text of errno after the error
 * @status: exit status of the command
 * @advice: what to do next, a whole sentence, or NULL
 * @format: printf format of the error, without a newline
 *
 * Return: @status.
 */
enum status complain_errno(enum status status, const char *advice,
			   const char *format, ...)
{
	const char *reason = strerror(errno);
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments, reason, advice);
	va_end(arguments);
	return status;
}

/**
 * note() - print a line for the user that is neither result nor error
 * @format: printf format, without a newline
 */
void note(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments, NULL, NULL);
	va_end(arguments);
}

/**
 * need_memory() - end the program if an allocation has failed
 * @memory: result of the allocation
 *
 * Return: @memory, never NULL.
 */
void *need_memory(void *memory)
{
	if (!memory)
		exit(complain(STATUS_IMPOSSIBLE, NULL, "out of memory"));
	return memory;
}

/**
 * text() - format a new string
 * @format: printf format
 *
 * Return: the string, which the caller must free. Never NULL.
 */
char *text(const char *format, ...)
{
	va_list arguments;
	char *string;

	va_start(arguments, format);
	if (vasprintf(&string, format, arguments) < 0)
		string = NULL;
	va_end(arguments);
	return need_memory(string);
}
