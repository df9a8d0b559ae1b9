/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_JOURNAL_H
#define ROULETTECTL_JOURNAL_H

#include "machine.h"

#define JOURNAL_DIR	"/var/log/journal"

/**
 * struct journal - the journal of a machine
 * @exists: the machine has journald
 * @storage: Storage= of journald: "auto", "persistent", "volatile" or "none"
 * @persistent: the journal survives a restart
 */
struct journal {
	bool exists;
	char *storage;
	bool persistent;
};

void journal_read(struct machine *machine, struct journal *journal);
void journal_free(struct journal *journal);

#endif
