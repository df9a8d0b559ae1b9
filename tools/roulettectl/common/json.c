// SPDX-License-Identifier: GPL-2.0
/* Creates and prints JSON objects of json-c. */
#include <json-c/json.h>
#include <stdio.h>

#include "json.h"
#include "message.h"

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
 */
void json_set_text(struct json_object *object, const char *key,
		   const char *value)
{
	struct json_object *string = NULL;

	if (value)
		string = need_memory(json_object_new_string(value));
	json_object_object_add(object, key, string);
}

/**
 * json_print() - print an object to the standard output, and release it
 * @object: the object
 */
void json_print(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object,
					    JSON_C_TO_STRING_PRETTY |
					    JSON_C_TO_STRING_SPACED |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}
