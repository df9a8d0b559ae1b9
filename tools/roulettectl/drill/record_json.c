// SPDX-License-Identifier: GPL-2.0
/* The record of a drill as JSON. */
#define _GNU_SOURCE
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/json.h"
#include "record.h"

static const char *const outcomes[] = {
	[OUTCOME_LOGGED] = "logged",
	[OUTCOME_READER_DIES] = "reader-dies",
	[OUTCOME_LOCKUP] = "lockup",
	[OUTCOME_PANIC] = "panic",
	[OUTCOME_RESET] = "reset",
	[OUTCOME_STUCK] = "stuck",
};

static const char *const expectations[] = {
	[EXPECT_NOTHING] = "nothing",
	[EXPECT_HIT] = "hit",
	[EXPECT_ELSEWHERE] = "elsewhere",
};

#define COUNT(array)	((int)(sizeof(array) / sizeof(*(array))))

/* Return: the index of @word, or -1. */
static int find_word(const char *const *words, int count, const char *word)
{
	int i;

	for (i = 0; i < count; i++)
		if (word && !strcmp(words[i], word))
			return i;
	return -1;
}

/**
 * outcome_name() - get the word for an outcome
 * @outcome: the outcome
 *
 * Return: the word, as in JSON.
 */
const char *outcome_name(enum outcome outcome)
{
	return outcomes[outcome];
}

/**
 * outcome_ends_boot() - check whether an outcome ends this boot
 * @outcome: the outcome
 *
 * Return: true if the machine does not continue.
 */
bool outcome_ends_boot(enum outcome outcome)
{
	return outcome >= OUTCOME_PANIC;
}

static void set_number(struct json_object *object, const char *key,
		       long long number)
{
	json_object_object_add(object, key,
			       need_memory(json_object_new_int64(number)));
}

static void set_flag(struct json_object *object, const char *key, bool flag)
{
	json_object_object_add(object, key, json_object_new_boolean(flag));
}

static struct json_object *collectors_to_json(const struct record *record)
{
	struct json_object *array = json_new_array();
	size_t i;

	for (i = 0; i < COLLECTORS; i++) {
		struct json_object *object = json_new_object();

		json_set_text(object, "name", collector_names[i]);
		json_set_text(object, "expect",
			      expectations[record->expect[i]]);
		json_set_text(object, "reason", record->reason[i]);
		json_object_array_add(array, object);
	}
	return array;
}

/**
 * record_to_json() - convert a record to JSON
 * @record: the record
 *
 * Return: the object, which the caller must release.
 */
struct json_object *record_to_json(const struct record *record)
{
	struct json_object *object = json_new_object();

	json_set_text(object, "id", record->id);
	json_set_text(object, "label", record->label);
	json_set_seconds(object, "time", record->time);
	json_set_text(object, "boot_id", record->boot_id);
	json_set_text(object, "kernel", record->kernel);
	json_set_text(object, "kdump", record->kdump);
	json_set_text(object, "action", record->action);
	json_set_text(object, "context", record->context);
	json_set_text(object, "device", record->device);
	set_number(object, "delay_ms", record->delay_ms);
	set_number(object, "hang_time", record->hang_time);
	set_number(object, "cpu", record->cpu);
	json_set_text(object, "outcome", outcomes[record->outcome]);
	json_object_object_add(object, "collectors",
			       collectors_to_json(record));
	set_flag(object, "cancelled", record->cancelled);
	json_set_seconds(object, "verified", record->verified);
	set_flag(object, "proven", record->proven);
	json_object_object_add(object, "result",
			       json_object_get(record->result));
	return object;
}

static struct json_object *member(struct json_object *object, const char *key,
				  enum json_type type)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(object, key, &value) ||
	    !json_object_is_type(value, type))
		return NULL;
	return value;
}

/* Return: a copy of the string, or NULL if there is none. */
static char *get_text(struct json_object *object, const char *key)
{
	struct json_object *value = member(object, key, json_type_string);

	return value ? text("%s", json_object_get_string(value)) : NULL;
}

static long long get_number(struct json_object *object, const char *key)
{
	return json_object_get_int64(member(object, key, json_type_int));
}

static bool get_flag(struct json_object *object, const char *key)
{
	return json_object_get_boolean(member(object, key, json_type_boolean));
}

/* Return: the index of the word, or -1. */
static int get_word(struct json_object *object, const char *key,
		    const char *const *words, int count)
{
	struct json_object *value = member(object, key, json_type_string);

	return value ? find_word(words, count, json_object_get_string(value)) :
		       -1;
}

static bool parse_collector(struct json_object *object, struct record *record)
{
	int i = get_word(object, "name", collector_names, COLLECTORS);
	int expect = get_word(object, "expect", expectations,
			      COUNT(expectations));

	if (i < 0 || expect < 0 || record->reason[i])
		return false;
	record->expect[i] = expect;
	record->reason[i] = get_text(object, "reason");
	return true;
}

static bool parse_members(struct json_object *object, struct record *record)
{
	struct json_object *collectors = member(object, "collectors",
						json_type_array);
	char *id = get_text(object, "id");
	int outcome = get_word(object, "outcome", outcomes, COUNT(outcomes));
	bool valid = id && id_is_valid(id) && outcome >= 0 && collectors;
	size_t i;

	if (valid)
		strcpy(record->id, id);
	free(id);
	if (!valid)
		return false;
	record->outcome = outcome;
	for (i = 0; i < json_object_array_length(collectors); i++)
		if (!parse_collector(json_object_array_get_idx(collectors, i),
				     record))
			return false;
	record->label = get_text(object, "label");
	record->time = json_object_get_double(member(object, "time",
						     json_type_double));
	record->boot_id = get_text(object, "boot_id");
	record->kernel = get_text(object, "kernel");
	record->kdump = get_text(object, "kdump");
	record->action = get_text(object, "action");
	record->context = get_text(object, "context");
	record->device = get_text(object, "device");
	record->delay_ms = get_number(object, "delay_ms");
	record->hang_time = get_number(object, "hang_time");
	record->cpu = get_number(object, "cpu");
	record->cancelled = get_flag(object, "cancelled");
	record->verified = json_object_get_double(member(object, "verified",
							 json_type_double));
	record->proven = get_flag(object, "proven");
	record->result = json_object_get(member(object, "result",
						json_type_object));
	return record->label && record->time >= 1 && record->time < TIME_MAX &&
	       record->verified >= 0 && record->verified < TIME_MAX &&
	       record->boot_id && record->kernel && record->action;
}

/**
 * record_parse() - parse the JSON of a record
 * @content: the JSON
 * @record: receives the record; the caller must call record_free() if it is
 *	valid
 *
 * Return: true if it is the record of a drill.
 */
bool record_parse(const char *content, struct record *record)
{
	struct json_object *object = json_tokener_parse(content);
	bool valid;

	*record = (struct record){};
	valid = json_object_is_type(object, json_type_object) &&
		parse_members(object, record);
	json_object_put(object);
	if (!valid)
		record_free(record);
	return valid;
}

/**
 * record_free() - free the members of a record
 * @record: the record
 */
void record_free(struct record *record)
{
	size_t i;

	free(record->label);
	free(record->boot_id);
	free(record->kernel);
	free(record->kdump);
	free(record->action);
	free(record->context);
	free(record->device);
	for (i = 0; i < COLLECTORS; i++)
		free(record->reason[i]);
	json_object_put(record->result);
	*record = (struct record){};
}
