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
/* As seconds, 30 years. */
#define MACHINE_SMALL_MAX	1000000000LL

int machine_open(const struct machine *machine, const char *path, int flags);
int machine_open_file(const struct machine *machine, const char *path);
char *machine_read(struct machine *machine, const char *path);
long long machine_number(struct machine *machine, const char *path);
bool machine_exists(const struct machine *machine, const char *path);
char *machine_link(const struct machine *machine, const char *path);
bool machine_link_exists(const struct machine *machine, const char *path);
long long machine_small(struct machine *machine, const char *path);
char **machine_names(struct machine *machine, const char *path);
void machine_names_free(char **names);
bool machine_is_this(const struct machine *machine);

#endif
