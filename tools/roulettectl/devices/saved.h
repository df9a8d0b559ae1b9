/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_SAVED_H
#define ROULETTECTL_SAVED_H

#include "settings.h"

/**
 * struct saved - a device of a saved file
 * @type: name of the type
 * @name: name of the device
 * @is_default: the device is the default device of its module
 * @created: restore has created the device
 * @loaded: restore has loaded the module of the type
 * @settings: its knobs
 */
struct saved {
	char *type;
	char *name;
	bool is_default;
	bool created;
	bool loaded;
	struct settings settings;
};

/**
 * struct saved_list - the devices of a saved file
 * @count: number of devices
 * @device: the devices
 */
struct saved_list {
	size_t count;
	struct saved *device;
};

char *saved_parse(struct saved_list *list, const char *content, bool armed);
void saved_free(struct saved_list *list);

#endif
