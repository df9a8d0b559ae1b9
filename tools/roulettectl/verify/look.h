/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_LOOK_H
#define ROULETTECTL_LOOK_H

#include "text.h"

/* No log of a kernel is larger, unpacked. */
#define LOOK_LOG	(64ULL * 1024 * 1024)
/* For the texts that the operator names. */
#define LOOK_ALL	(~0ULL)

char *look_file(int file, const char *name, const char *id,
		unsigned long long limit, struct sight *sight);
char *look_dump(int file, const char *name, const char *id,
		struct sight *sight);
char *look_command(const char *command, const char *id, struct sight *sight);
void sight_add(struct sight *sight, const struct sight *more);

#endif
