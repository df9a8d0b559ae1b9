/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_KDUMP_H
#define ROULETTECTL_KDUMP_H

#include "machine.h"

/**
 * enum kdump_kind - the program that sets up kdump and saves the dump
 * @KDUMP_NONE: no known configuration was found
 * @KDUMP_DEBIAN: kdump-tools, of Debian and Ubuntu
 * @KDUMP_FEDORA: kdump-utils, of Fedora and RHEL
 * @KDUMP_SUSE: kdump, of SUSE
 */
enum kdump_kind {
	KDUMP_NONE,
	KDUMP_DEBIAN,
	KDUMP_FEDORA,
	KDUMP_SUSE,
};

/**
 * struct kdump - how a machine saves a dump of its memory
 * @kind: the program
 * @reserved: bytes that crashkernel= has reserved, or MACHINE_UNKNOWN
 * @loaded: 1 if a crash kernel is loaded, 0, or MACHINE_UNKNOWN
 * @notifiers: crash_kexec_post_notifiers is set: pstore and pvpanic work, too
 * @enabled: the service is enabled at boot: 1, 0, or MACHINE_UNKNOWN
 * @service: name of the service without ".service", or NULL
 * @dir: directory of the dumps on the machine
 * @remote: the dump is sent elsewhere: "ssh user@host", "nfs host:/path"; NULL
 *	if it stays on the machine
 * @free: free bytes in @dir, or MACHINE_UNKNOWN
 * @memory: bytes of the machine's memory, or MACHINE_UNKNOWN
 * @switched_off: the setting that keeps the service from its work, or NULL
 */
struct kdump {
	enum kdump_kind kind;
	long long reserved;
	int loaded;
	bool notifiers;
	int enabled;
	const char *service;
	char *dir;
	char *remote;
	long long free;
	long long memory;
	const char *switched_off;
};

void kdump_read(struct machine *machine, struct kdump *kdump);
void kdump_free(struct kdump *kdump);

#endif
