// SPDX-License-Identifier: GPL-2.0
/* Creates and prints JSON objects of json-c. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "message.h"
#include "printable.h"

/**
 * json_new_object() - create an empty object
 *
 * Return: the object, never NULL.
 */
struct json_object *json_new_object(void)
{
	return need_memory(json_object_new_object());
}

/**
 * json_new_array() - create an empty array
 *
 * Return: the array, never NULL.
 */
struct json_object *json_new_array(void)
{
	return need_memory(json_object_new_array());
}

/**
 * json_set_text() - set a member of an object to a string
 * @object: the object
 * @key: name of the member
 * @value: the string; NULL sets null
 *
 * What is not UTF-8, and control characters, become \xHH: files and devices may
 * have names of any bytes, which are no valid JSON.
 */
void json_set_text(struct json_object *object, const char *key,
		   const char *value)
{
	struct json_object *string = NULL;
	char *safe = printable(value);

	if (safe)
		string = need_memory(json_object_new_string(safe));
	free(safe);
	json_object_object_add(object, key, string);
}

/**
 * json_set_seconds() - set a member of an object to a number of seconds
 * @object: the object
 * @key: name of the member
 * @seconds: the number, written with microseconds
 */
void json_set_seconds(struct json_object *object, const char *key,
		      double seconds)
{
	struct json_object *number = json_object_new_double(seconds);

	json_object_set_serializer(need_memory(number),
				   json_object_double_to_json_string,
				   (void *)"%.6f", NULL);
	json_object_object_add(object, key, number);
}

/**
 * json_print() - print an object to the standard output, and release it
 * @object: the object
 */
void json_print(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_STYLE));
	json_object_put(object);
}
