/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_LEFTOVER_H
#define ROULETTECTL_LEFTOVER_H

#include <stdbool.h>

#include "devices/settings.h"

/**
 * struct leftover - the changes of a drill, which must be undone
 * @device: name of its device
 * @created: the drill has created the device
 * @loaded: the drill has loaded the module
 * @disarmed: armed was N before the drill, which has set it to Y
 * @rearm: armed is N only to cancel the hit, and becomes Y again
 * @old: if not @created, the settings of the device before the drill
 *
 * A file in /run stores it while the drill runs. So the next call of
 * roulettectl can undo the changes if the drill was killed.
 */
struct leftover {
	char *device;
	bool created;
	bool loaded;
	bool disarmed;
	bool rearm;
	struct settings old;
};

enum status drill_lock(int *lock);
enum status leftover_write(int lock, const struct leftover *leftover);
void leftover_forget(int lock, struct leftover *leftover);
void leftover_put_back(int lock, struct leftover *leftover);
void leftover_clean_up(void);

#endif
