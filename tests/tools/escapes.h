/* SPDX-License-Identifier: GPL-2.0 */
/* Escapes for characters that a line of a test cannot contain. */
#ifndef ESCAPES_H
#define ESCAPES_H

#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/*
 * Decodes \s (a space) \n \t \\ \0 \xHH in place. Return: the length, because
 * a byte may be NUL; -1 if an escape is malformed.
 */
static inline ssize_t unescape(char *value)
{
	char *from = value, *to = value, *end;
	char hex[3];

	while (*from) {
		if (*from != '\\') {
			*to++ = *from++;
			continue;
		}
		from++;
		switch (*from++) {
		case 'n':
			*to++ = '\n';
			break;
		case 't':
			*to++ = '\t';
			break;
		case 's':
			*to++ = ' ';
			break;
		case '0':
			*to++ = '\0';
			break;
		case '\\':
			*to++ = '\\';
			break;
		case 'x':
			if (!from[0] || !from[1])
				return -1;
			memcpy(hex, from, 2);
			hex[2] = '\0';
			*to++ = strtoul(hex, &end, 16);
			if (*end)
				return -1;
			from += 2;
			break;
		default:
			return -1;
		}
	}
	return to - value;
}

#endif
