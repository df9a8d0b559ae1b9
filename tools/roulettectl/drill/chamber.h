/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_CHAMBER_H
#define ROULETTECTL_CHAMBER_H

#include "leftover.h"
#include "record.h"

/**
 * struct chamber - a device that is ready for exactly one hit
 * @device: the device
 * @lock: the lock of the drill
 * @leftover: the changes to undo
 */
struct chamber {
	struct device device;
	int lock;
	struct leftover leftover;
};

enum status chamber_check_others(const char *except);
enum status chamber_open(struct chamber *chamber, const struct record *record,
			 const char *existing);
enum status chamber_load_hit(struct chamber *chamber);
bool chamber_pending(const struct chamber *chamber);
void chamber_close(struct chamber *chamber);

#endif
