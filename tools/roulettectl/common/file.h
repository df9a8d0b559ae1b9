/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_FILE_H
#define ROULETTECTL_FILE_H

#include <stdbool.h>
#include <stddef.h>

char *read_file_at(int dir, const char *path, size_t limit);
char *read_value_at(int dir, const char *path);
int write_value_at(int dir, const char *path, const char *value);
bool exists(const char *path);
void chomp(char *string);

#endif
