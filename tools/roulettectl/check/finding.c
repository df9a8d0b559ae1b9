// SPDX-License-Identifier: GPL-2.0
/* The lines of the check. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "finding.h"

const char *const state_names[STATES] = {
	[STATE_OK] = "ok",
	[STATE_WARN] = "warn",
	[STATE_BAD] = "bad",
	[STATE_UNKNOWN] = "unknown",
};

/**
 * finding_add() - add a line
 * @findings: the lines
 * @about: bits of the actions that it matters for
 * @state: how good it is
 * @name: the subject
 * @format: printf format of the value
 */
void finding_add(struct findings *findings, unsigned int about,
		 enum state state, const char *name, const char *format, ...)
{
	struct finding *finding;
	va_list arguments;

	findings->finding =
		need_memory(reallocarray(findings->finding,
					 findings->count + 1,
					 sizeof(*findings->finding)));
	finding = findings->finding + findings->count++;
	*finding = (struct finding){
		.about = about, .state = state, .name = text("%s", name),
	};
	va_start(arguments, format);
	if (vasprintf(&finding->value, format, arguments) < 0)
		finding->value = NULL;
	va_end(arguments);
	need_memory(finding->value);
}

/**
 * finding_advise() - set the remedy for the last line
 * @findings: the lines
 * @format: printf format of the advice
 */
void finding_advise(struct findings *findings, const char *format, ...)
{
	struct finding *finding = findings->finding + findings->count - 1;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&finding->advice, format, arguments) < 0)
		finding->advice = NULL;
	va_end(arguments);
	need_memory(finding->advice);
}

/**
 * findings_count() - count the lines of a state
 * @findings: the lines
 * @state: the state
 *
 * Return: their number.
 */
size_t findings_count(const struct findings *findings, enum state state)
{
	size_t count = 0, i;

	for (i = 0; i < findings->count; i++)
		count += findings->finding[i].state == state;
	return count;
}

/**
 * findings_free() - free the lines
 * @findings: the lines
 */
void findings_free(struct findings *findings)
{
	size_t i;

	for (i = 0; i < findings->count; i++) {
		free(findings->finding[i].name);
		free(findings->finding[i].value);
		free(findings->finding[i].advice);
	}
	free(findings->finding);
	*findings = (struct findings){};
}
