// SPDX-License-Identifier: GPL-2.0
/* Connects a parser with libFuzzer. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/message.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	fuzz((const char *)bytes, size);
	return 0;
}

/**
 * string_of() - convert bytes to a string
 * @bytes: the bytes
 * @size: number of bytes
 *
 * Return: the string, which the caller must free. The sanitizer sees a read
 * behind its NUL, because nothing follows it.
 */
char *string_of(const char *bytes, size_t size)
{
	return need_memory(strndup(bytes, size));
}

/**
 * take_double() - take a number of any value from the start of an input
 * @bytes: the input; the number is removed from it
 * @size: number of bytes
 *
 * Return: the number, also an infinite one or not a number; 0 if the input is
 * too short.
 */
double take_double(const char **bytes, size_t *size)
{
	double number = 0;

	if (*size < sizeof(number))
		return 0;
	memcpy(&number, *bytes, sizeof(number));
	*bytes += sizeof(number);
	*size -= sizeof(number);
	return number;
}
