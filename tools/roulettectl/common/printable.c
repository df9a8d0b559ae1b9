// SPDX-License-Identifier: GPL-2.0
/* Makes strings of any bytes safe. This function accepts any string. */
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "printable.h"

/* Return: the length of the UTF-8 character at @bytes, 0 if it is not valid. */
static size_t utf8_length(const unsigned char *bytes)
{
	size_t length = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2;
	size_t i;

	if (bytes[0] < 0xc2 || bytes[0] > 0xf4)
		return 0;
	for (i = 1; i < length; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong forms, surrogates, too large, and control characters. */
	if ((bytes[0] == 0xe0 && bytes[1] < 0xa0) ||
	    (bytes[0] == 0xed && bytes[1] > 0x9f) ||
	    (bytes[0] == 0xf0 && bytes[1] < 0x90) ||
	    (bytes[0] == 0xf4 && bytes[1] > 0x8f) ||
	    (bytes[0] == 0xc2 && bytes[1] < 0xa0))
		return 0;
	return length;
}

/**
 * printable() - make a string safe for a terminal and for JSON
 * @string: the string, of any bytes
 *
 * Control characters, and bytes that are not UTF-8, become \xHH.
 *
 * Return: a new string, which the caller must free; NULL if @string is NULL.
 */
char *printable(const char *string)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = (const unsigned char *)string;
	char *result, *to;

	if (!string)
		return NULL;
	result = need_memory(malloc(4 * strlen(string) + 1));
	to = result;
	while (*from) {
		size_t length = *from < 0x80 ? *from >= ' ' && *from != 0x7f :
					       utf8_length(from);

		if (length) {
			memcpy(to, from, length);
			to += length;
			from += length;
		} else {
			*to++ = '\\';
			*to++ = 'x';
			*to++ = digits[*from >> 4];
			*to++ = digits[*from++ & 15];
		}
	}
	*to = '\0';
	return result;
}
