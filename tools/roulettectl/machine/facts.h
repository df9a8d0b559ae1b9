/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_FACTS_H
#define ROULETTECTL_FACTS_H

#include "console.h"
#include "detectors.h"
#include "journal.h"
#include "kdump.h"
#include "panic.h"
#include "pstore.h"
#include "watchdog.h"

/**
 * struct facts - all that decides what a hit does to a machine
 * @panic: settings of panics
 * @detectors: detectors of lockups
 * @watchdogs: watchdogs
 * @kdump: kdump
 * @pstore: pstore
 * @journal: the journal
 * @console: consoles and netconsole
 */
struct facts {
	struct panic panic;
	struct detectors detectors;
	struct watchdogs watchdogs;
	struct kdump kdump;
	struct pstore pstore;
	struct journal journal;
	struct console console;
};

void facts_read(struct machine *machine, struct facts *facts);
void facts_free(struct facts *facts);

#endif
