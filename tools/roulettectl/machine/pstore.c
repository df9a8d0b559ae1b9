// SPDX-License-Identifier: GPL-2.0
/* pstore of a machine, and the service that empties it. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "mounts.h"
#include "pstore.h"
#include "service.h"

#define PARAMETERS	"/sys/module/pstore/parameters"

static void read_backend(struct machine *machine, struct pstore *pstore)
{
	char *backend = machine_read(machine, PARAMETERS "/backend");

	pstore->known = backend || (machine_is_this(machine) && errno == ENOENT);
	if (backend && *backend && strcmp(backend, "(null)")) {
		pstore->backend = backend;
		return;
	}
	free(backend);
}

static void read_mount(struct machine *machine, struct pstore *pstore)
{
	char *dir, *options;

	pstore->mounted = mounts_find(machine, "/proc/mounts", mounts_at,
				      PSTORE_DIR, &dir, &options);
	pstore->kmsg_bytes = machine_number(machine, PARAMETERS "/kmsg_bytes");
	if (options && pstore->kmsg_bytes < 0) {
		/* Older kernels show only a value that is not the default. */
		char *value = strstr(options, "kmsg_bytes=");

		pstore->kmsg_bytes = value ? atoll(value + 11) : PSTORE_KMSG_BYTES;
	}
	free(dir);
	free(options);
}

/* Return: number of records; MACHINE_UNKNOWN if they cannot be seen. */
static int count_records(struct machine *machine, bool mounted)
{
	char **names = machine_names(machine, PSTORE_DIR);
	int count = 0;

	if (!names)
		return MACHINE_UNKNOWN;
	while (names[count])
		count++;
	machine_names_free(names);
	return count || mounted ? count : MACHINE_UNKNOWN;
}

/**
 * pstore_read() - read the state of a machine's pstore
 * @machine: the machine
 * @pstore: receives the facts; the caller must call pstore_free()
 */
void pstore_read(struct machine *machine, struct pstore *pstore)
{
	*pstore = (struct pstore){
		.service = service_enabled(machine, "systemd-pstore"),
		.storage = config_systemd(machine, "systemd/pstore.conf",
					  "PStore", "Storage"),
	};
	pstore->storage = pstore->storage ?: text("external");
	read_backend(machine, pstore);
	read_mount(machine, pstore);
	pstore->records = count_records(machine, pstore->mounted);
	/* 2: panics and oopses. Only the driver ramoops has this parameter. */
	pstore->panics_only =
		machine_number(machine,
			       "/sys/module/ramoops/parameters/max_reason") == 1;
}

/**
 * pstore_free() - free the facts about pstore
 * @pstore: the facts
 */
void pstore_free(struct pstore *pstore)
{
	free(pstore->backend);
	free(pstore->storage);
	*pstore = (struct pstore){};
}
