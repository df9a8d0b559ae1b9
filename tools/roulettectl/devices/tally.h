/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_TALLY_H
#define ROULETTECTL_TALLY_H

#include <stdbool.h>

#include "device.h"

#define LIMITS	4

/**
 * struct tally - the results of several pulls of a device
 * @device: the device
 * @pulls: number of pulls
 * @hits: number of pulls that hit
 * @held: number of pulls that each limit has held
 * @died: number of hits that killed their reader
 * @not_fired: number of hits that did not fire
 */
struct tally {
	const struct device *device;
	unsigned long long pulls;
	unsigned long long hits;
	unsigned long long held[LIMITS];
	unsigned long long died;
	unsigned long long not_fired;
	/* private: */
	unsigned long long odds[2];
	unsigned long long pulls_before;
	bool spun;
	bool changed;
};

bool tally_begin(struct tally *tally, const struct device *device);
void tally_line(struct tally *tally, const char *line);
void tally_end(struct tally *tally);
void tally_print(const struct tally *tally);
struct json_object *tally_json(const struct tally *tally);

#endif
