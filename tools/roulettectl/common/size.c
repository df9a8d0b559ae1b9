// SPDX-License-Identifier: GPL-2.0
/* Sizes for people. */
#include "message.h"
#include "size.h"

#define KIB	1024
#define MIB	(1024LL * KIB)
#define GIB	(1024LL * MIB)

/**
 * size_text() - write a size for people
 * @bytes: the size
 *
 * Return: the text, which the caller must free.
 */
char *size_text(long long bytes)
{
	if (bytes < 10 * KIB)
		return text("%lld bytes", bytes);
	if (bytes < 10 * MIB)
		return text("%lld KiB", bytes / KIB);
	if (bytes < GIB)
		return text("%lld MiB", bytes / MIB);
	if (bytes < 10 * GIB)
		return text("%.1f GiB", (double)bytes / GIB);
	return text("%lld GiB", bytes / GIB);
}
