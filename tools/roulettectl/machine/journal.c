// SPDX-License-Identifier: GPL-2.0
/* The journal of a machine: does it survive a restart? */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "journal.h"

static bool has_journald(struct machine *machine)
{
	return machine_exists(machine, "/usr/lib/systemd/systemd-journald") ||
	       machine_exists(machine, "/lib/systemd/systemd-journald") ||
	       machine_exists(machine, "/etc/systemd/journald.conf") ||
	       machine_exists(machine, JOURNAL_DIR);
}

/* The program may be installed on a machine that another init has booted. */
static bool runs(struct machine *machine)
{
	return !machine_is_this(machine) ||
	       machine_exists(machine, "/run/systemd/journal");
}

/**
 * journal_read() - read how a machine keeps its journal
 * @machine: the machine
 * @journal: receives the facts; the caller must call journal_free()
 */
void journal_read(struct machine *machine, struct journal *journal)
{
	*journal = (struct journal){
		.exists = has_journald(machine) && runs(machine),
		.storage = config_systemd(machine, "systemd/journald.conf",
					  "Journal", "Storage"),
	};
	journal->storage = journal->storage ?: text("auto");
	if (!journal->exists)
		return;
	journal->persistent = !strcasecmp(journal->storage, "persistent") ||
			      (!strcasecmp(journal->storage, "auto") &&
			       machine_exists(machine, JOURNAL_DIR));
}

/**
 * journal_free() - free the facts about a journal
 * @journal: the facts
 */
void journal_free(struct journal *journal)
{
	free(journal->storage);
	*journal = (struct journal){};
}
