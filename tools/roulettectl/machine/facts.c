// SPDX-License-Identifier: GPL-2.0
/* Reads all facts about a machine that decide what a hit does to it. */
#include "facts.h"

/**
 * facts_read() - read all facts about a machine
 * @machine: the machine
 * @facts: receives the facts; the caller must call facts_free()
 */
void facts_read(struct machine *machine, struct facts *facts)
{
	panic_read(machine, &facts->panic);
	detectors_read(machine, &facts->detectors);
	watchdogs_read(machine, &facts->watchdogs);
	kdump_read(machine, &facts->kdump);
	pstore_read(machine, &facts->pstore);
	journal_read(machine, &facts->journal);
	console_read(machine, &facts->console);
}

/**
 * facts_free() - free the facts about a machine
 * @facts: the facts
 */
void facts_free(struct facts *facts)
{
	detectors_free(&facts->detectors);
	watchdogs_free(&facts->watchdogs);
	kdump_free(&facts->kdump);
	pstore_free(&facts->pstore);
	journal_free(&facts->journal);
	console_free(&facts->console);
}
