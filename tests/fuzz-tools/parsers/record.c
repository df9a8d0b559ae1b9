// SPDX-License-Identifier: GPL-2.0
/* The record of a drill. */
#include <assert.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "drill/record.h"
#include "fuzz.h"
#include "verify/times.h"

static char *json_of(const struct record *record)
{
	struct json_object *object = record_to_json(record);
	char *json = text("%s", json_object_to_json_string(object));

	json_object_put(object);
	return json;
}

/* verify reads a record and writes it again, which must not change the record. */
static void write_again(const struct record *record)
{
	char *json = json_of(record), *again;
	struct record copy;

	assert(record_parse(json, &copy));
	again = json_of(&copy);
	assert(!strcmp(json, again));
	record_free(&copy);
	free(json);
	free(again);
}

void fuzz(const char *bytes, size_t size)
{
	char *content = string_of(bytes, size);
	struct record record;

	if (record_parse(content, &record)) {
		free(time_text(record.time));
		free(time_text(record.verified));
		write_again(&record);
		record_free(&record);
	}
	free(content);
}
