/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_ENTRIES_H
#define ROULETTECTL_ENTRIES_H

#include "text.h"
#include "verify.h"

/**
 * struct journal_entry - an entry of the journal
 * @search: a search in the field
 * @time: when it was written, in seconds of the clock
 */
struct journal_entry {
	struct search search;
	double time;
};

/**
 * typedef entry_handler - handles an entry of the journal
 * @verify: the drill
 * @entry: the entry
 * @data: of the caller
 */
typedef void (*entry_handler)(struct verify *verify,
			      const struct journal_entry *entry, void *data);

bool entry_parse(struct journal_entry *entry, const char *line,
		 const char *field, const char *id);
char *entries_search(struct verify *verify, const char *const *matches,
		     const char *field, entry_handler handle, void *data);

#endif
