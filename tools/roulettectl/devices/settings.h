/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_SETTINGS_H
#define ROULETTECTL_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "device.h"

#define NEED_ROOT	"Run the command as root, for example with sudo."

/**
 * struct setting - a knob and the value that it shall have
 * @knob: name of the knob
 * @value: the value
 * @old: the value before settings_prepare(), or NULL
 * @written: the value was written
 */
struct setting {
	char *knob;
	char *value;
	char *old;
	bool written;
};

/**
 * struct settings - settings for one device
 * @count: number of settings
 * @setting: the settings
 * @held: the odds are 0 until settings_commit()
 */
struct settings {
	size_t count;
	struct setting *setting;
	bool held;
};

const char *write_advice(void);
enum status settings_parse(struct settings *settings, int count, char **words);
void settings_add(struct settings *settings, const char *knob,
		  const char *value);
void settings_free(struct settings *settings);
enum status settings_check(const struct device *device,
			   const struct settings *settings);
enum status settings_prepare(const struct device *device,
			     struct settings *settings);
enum status settings_commit(const struct device *device,
			    struct settings *settings);
void settings_undo(const struct device *device, struct settings *settings);
enum status settings_write(const struct device *device,
			   struct settings *settings);
bool parse_odds(const char *value, unsigned long long odds[2]);
bool setting_in_force(const struct device *device,
		      const struct setting *setting);

#endif
