/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_PSTORE_H
#define ROULETTECTL_PSTORE_H

#include "machine.h"

#define PSTORE_DIR	"/sys/fs/pstore"
#define PSTORE_SAVED	"/var/lib/systemd/pstore"

/* The kernel's default of kmsg_bytes. */
#define PSTORE_KMSG_BYTES	10240

/**
 * struct pstore - how a machine keeps the end of its log across a restart
 * @backend: name of the backend, such as "erst"; NULL if there is none
 * @kmsg_bytes: bytes of the log that are kept, or MACHINE_UNKNOWN
 * @mounted: /sys/fs/pstore is mounted
 * @records: number of records in /sys/fs/pstore, or MACHINE_UNKNOWN
 * @service: systemd-pstore is enabled: 1, 0, or MACHINE_UNKNOWN
 * @storage: Storage= of systemd-pstore: "external", "journal" or "none"
 * @known: false if the machine has no file with the backend
 * @panics_only: the backend keeps no oops that the machine survives
 */
struct pstore {
	char *backend;
	long long kmsg_bytes;
	bool mounted;
	int records;
	int service;
	char *storage;
	bool known;
	bool panics_only;
};

void pstore_read(struct machine *machine, struct pstore *pstore);
void pstore_free(struct pstore *pstore);

#endif
