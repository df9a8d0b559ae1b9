/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_DEVICE_H
#define ROULETTECTL_DEVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/message.h"

#define CLASS_DIR	"/sys/class/roulette"
#define CONFIG_DIR	"/sys/kernel/config/roulette"
#define CORE_VERSION	"/sys/module/roulette_core/version"
#define ARMED		"/sys/module/roulette/parameters/armed"

/**
 * struct device - an open device
 * @name: name of the device
 * @type: name of the type, such as "roulette"
 * @dir: file descriptor of its directory in /sys/class/roulette
 */
struct device {
	char *name;
	char *type;
	int dir;
};

/**
 * struct names - the names of all devices, sorted
 * @count: number of names
 * @name: the names
 */
struct names {
	size_t count;
	char **name;
};

enum status names_read(struct names *names);
enum status names_choose(struct names *names, int count, char **chosen);
void names_free(struct names *names);

enum status device_open(struct device *device, const char *name);
bool device_try_open(struct device *device, const char *name);
void device_close(struct device *device);
char *device_node(const struct device *device);
char *device_config(const struct device *device);
bool device_is_roulette(const struct device *device);
enum status no_modules(void);

#endif
