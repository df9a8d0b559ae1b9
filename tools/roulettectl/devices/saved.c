// SPDX-License-Identifier: GPL-2.0
/*
 * Parses the file of the command save. These functions read only memory, and
 * accept any string.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "saved.h"

static char *get_text(struct json_object *object, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return text("%s", json_object_get_string(value));
}

/* Return: true if the object describes a device. */
static bool parse_device(struct json_object *object, bool armed,
			 struct saved *saved)
{
	struct json_object *knobs, *is_default;
	bool valid = true, has_odds = false;

	saved->type = get_text(object, "type");
	saved->name = get_text(object, "name");
	if (!saved->type || !saved->name ||
	    !json_object_object_get_ex(object, "default", &is_default) ||
	    !json_object_is_type(is_default, json_type_boolean) ||
	    !json_object_object_get_ex(object, "knobs", &knobs) ||
	    !json_object_is_type(knobs, json_type_object))
		return false;
	saved->is_default = json_object_get_boolean(is_default);
	json_object_object_foreach(knobs, knob, value) {
		const char *string = json_object_get_string(value);

		has_odds |= !strcmp(knob, "odds");
		if (!json_object_is_type(value, json_type_string))
			valid = false;
		else if (!armed && !strcmp(knob, "odds"))
			settings_add(&saved->settings, "odds", "0");
		else
			settings_add(&saved->settings, knob, string);
	}
	/* The default device may have odds above 0 already. */
	if (!armed && !has_odds && !strcmp(saved->type, "roulette"))
		settings_add(&saved->settings, "odds", "0");
	return valid;
}

static char *parse_devices(struct saved_list *list, struct json_object *object,
			   bool armed)
{
	struct json_object *devices;
	size_t count, i;

	if (!json_object_object_get_ex(object, "devices", &devices) ||
	    !json_object_is_type(devices, json_type_array))
		return text("it has no devices");
	count = json_object_array_length(devices);
	list->device = need_memory(calloc(count + 1, sizeof(*list->device)));
	list->count = count;
	for (i = 0; i < count; i++)
		if (!parse_device(json_object_array_get_idx(devices, i), armed,
				  list->device + i))
			return text("its device %zu is not valid", i + 1);
	return NULL;
}

/**
 * saved_parse() - parse the content of a saved file
 * @list: receives the devices; the caller must call saved_free()
 * @content: the content
 * @armed: keep the knob odds; without it, each is 0
 *
 * Return: NULL; or what is wrong with the file, which the caller must free.
 */
char *saved_parse(struct saved_list *list, const char *content, bool armed)
{
	struct json_object *object = json_tokener_parse(content);
	char *fault;

	*list = (struct saved_list){};
	fault = parse_devices(list, object, armed);
	json_object_put(object);
	return fault;
}

/**
 * saved_free() - free the devices of a saved file
 * @list: the devices
 */
void saved_free(struct saved_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		free(list->device[i].type);
		free(list->device[i].name);
		settings_free(&list->device[i].settings);
	}
	free(list->device);
	*list = (struct saved_list){};
}
