/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_MACHINE_H
#define ROULETTECTL_MACHINE_H

#include <stdbool.h>

#include "common/message.h"

/**
 * struct machine - the machine whose files are read
 * @root: prefix of all paths: "" for this machine, or the directory of --root
 * @unseen: number of files that exist and could not be read
 *
 * Nothing is ever written below @root by the functions of this folder.
 */
struct machine {
	const char *root;
	unsigned int unseen;
};

/* The answer of a question that a file could not answer. */
#define MACHINE_UNKNOWN	(-1)

char *machine_path(const struct machine *machine, const char *path);
char *machine_read(struct machine *machine, const char *path);
long long machine_number(struct machine *machine, const char *path);
bool machine_exists(const struct machine *machine, const char *path);
bool machine_is_this(const struct machine *machine);

#endif
