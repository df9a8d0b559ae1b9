/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_CONSOLE_H
#define ROULETTECTL_CONSOLE_H

#include "machine.h"

/**
 * struct console - where the kernel prints its log
 * @known: /proc/consoles could be read
 * @names: names of all consoles with spaces between them, or NULL
 * @serial: name of the first console on another machine's end, or NULL
 * @level: messages below this level appear, or MACHINE_UNKNOWN
 * @netconsole: targets of netconsole with spaces between them, "ADDRESS:PORT"
 *	where known; NULL if there is none
 * @netconsole_off: a target exists that is not enabled
 * @netconsole_loaded: netconsole is loaded: it may have targets of its module
 *	parameter, which kernels before 6.7 do not show
 */
struct console {
	bool known;
	char *names;
	char *serial;
	long long level;
	char *netconsole;
	bool netconsole_off;
	bool netconsole_loaded;
};

void console_read(struct machine *machine, struct console *console);
void console_free(struct console *console);

#endif
