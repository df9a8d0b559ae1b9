/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_TOOLS_H
#define FUZZ_TOOLS_H

#include <stddef.h>

/**
 * fuzz() - give an input to a parser; each file of parsers/ has this function
 * @bytes: the input, of any bytes. There is no NUL behind it
 * @size: number of bytes
 */
void fuzz(const char *bytes, size_t size);

char *string_of(const char *bytes, size_t size);
double take_double(const char **bytes, size_t *size);

#endif
