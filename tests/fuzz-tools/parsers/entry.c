// SPDX-License-Identifier: GPL-2.0
/* A line of journalctl. */
#include <stdlib.h>

#include "fuzz.h"
#include "verify/entries.h"
#include "verify/times.h"

void fuzz(const char *bytes, size_t size)
{
	static struct journal_entry entry;
	char *line = string_of(bytes, size);

	if (entry_parse(&entry, line, "MESSAGE", "drill-0123abcd"))
		free(time_text(entry.time));
	free(line);
}
