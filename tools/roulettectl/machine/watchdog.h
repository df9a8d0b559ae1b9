/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_WATCHDOG_H
#define ROULETTECTL_WATCHDOG_H

#include <stddef.h>

#include "machine.h"

/**
 * struct watchdog - a watchdog device
 * @name: name of the device, such as "watchdog0"
 * @identity: the driver's name of it, such as "iTCO_wdt"
 * @timeout: seconds, or MACHINE_UNKNOWN
 * @known: the kernel shows whether it is active
 * @active: it runs: without its feeder it resets the machine
 * @software: it is the driver softdog, which needs a CPU that takes interrupts
 * @feeder: name of the process that has the device open, or NULL if unknown
 */
struct watchdog {
	char *name;
	char *identity;
	long long timeout;
	bool known;
	bool active;
	bool software;
	char *feeder;
};

/**
 * struct watchdogs - the watchdogs of a machine
 * @known: the machine has the files of watchdogs
 * @feeders_known: the files of all processes could be seen
 * @count: number of watchdogs
 * @watchdog: the watchdogs
 * @runtime: RuntimeWatchdogSec= of systemd, or NULL
 * @service: name of an enabled service that feeds watchdogs, or NULL
 */
struct watchdogs {
	bool known;
	bool feeders_known;
	size_t count;
	struct watchdog *watchdog;
	char *runtime;
	const char *service;
};

void watchdogs_read(struct machine *machine, struct watchdogs *watchdogs);
void watchdogs_free(struct watchdogs *watchdogs);
const struct watchdog *watchdogs_armed(const struct watchdogs *watchdogs);

#endif
