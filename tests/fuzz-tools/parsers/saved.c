// SPDX-License-Identifier: GPL-2.0
/* The file of the command save. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "devices/saved.h"
#include "fuzz.h"

/* restore must not arm a device without the option --armed. */
static void check_disarmed(const struct settings *settings)
{
	size_t i;

	for (i = 0; i < settings->count; i++)
		assert(strcmp(settings->setting[i].knob, "odds") ||
		       !strcmp(settings->setting[i].value, "0"));
}

void fuzz(const char *bytes, size_t size)
{
	char *content = string_of(bytes, size);
	struct saved_list list;
	char *fault;
	size_t i;

	fault = saved_parse(&list, content, false);
	for (i = 0; i < list.count && !fault; i++) {
		assert(list.device[i].type && list.device[i].name);
		check_disarmed(&list.device[i].settings);
	}
	saved_free(&list);
	free(fault);
	free(saved_parse(&list, content, true));
	saved_free(&list);
	free(content);
}
