/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_TREE_H
#define ROULETTECTL_TREE_H

#include <sys/stat.h>

#include "machine/machine.h"

/**
 * struct entries - the names in a directory
 * @count: number of names
 * @name: the names, sorted
 */
struct entries {
	size_t count;
	char **name;
};

int tree_open(const struct machine *machine, const char *path);
int tree_open_dir(int dir, const char *name);
int tree_open_file(int dir, const char *name, struct stat *status);
void entries_read(int dir, struct entries *entries);
void entries_free(struct entries *entries);
double stat_time(const struct stat *status);

#endif
