/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_READERS_H
#define ROULETTECTL_READERS_H

#include "machine.h"

/**
 * struct readers - scheduled jobs that read device nodes, and so may pull
 * @jobs: "FILE: OPTION" with newlines between them, or NULL
 * @complete: false if some crontabs could not be read
 */
struct readers {
	char *jobs;
	bool complete;
};

void readers_find(struct machine *machine, struct readers *readers);
void readers_free(struct readers *readers);

#endif
