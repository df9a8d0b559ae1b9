/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_FILE_H
#define ROULETTECTL_FILE_H

#include <stdbool.h>
#include <stddef.h>

char *read_bytes_at(int dir, const char *path, size_t limit, size_t *count);
char *read_file(int fd, size_t limit);
char *read_file_at(int dir, const char *path, size_t limit);
char *read_value_at(int dir, const char *path);
int write_value_at(int dir, const char *path, const char *value);
int make_directory_safely(const char *path);
int write_file_safely(const char *path, const char *content);
bool exists(const char *path);
void chomp(char *string);

#endif
