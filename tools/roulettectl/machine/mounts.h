/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_MOUNTS_H
#define ROULETTECTL_MOUNTS_H

#include <mntent.h>

#include "machine.h"

bool mounts_find(struct machine *machine, const char *table,
		 bool (*match)(const struct mntent *mount, const char *key),
		 const char *key, char **dir, char **options);
bool mounts_at(const struct mntent *mount, const char *dir);
bool mounts_of(const struct mntent *mount, const char *device);

#endif
