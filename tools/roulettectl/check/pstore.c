// SPDX-License-Identifier: GPL-2.0
/* Checks pstore, and the service that empties it. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "machine/service.h"

/* With less the backtraces of a few CPUs replace the line of the hit. */
#define BYTES_MIN	8192

static void check_backend(struct machine *machine, const struct facts *facts,
			  struct findings *findings)
{
	const struct pstore *pstore = &facts->pstore;
	const char *name = "pstore";
	enum state state = STATE_OK;

	if (!pstore->known) {
		finding_add(findings, ABOUT_PSTORE, STATE_UNKNOWN, name,
			    "not known whether it has a backend");
	} else if (!pstore->backend) {
		finding_add(findings, ABOUT_PSTORE, STATE_WARN, name,
			    "no backend: the log does not survive a panic here");
		finding_advise(findings, machine_exists(machine, "/sys/firmware/efi") ?
			       "modprobe efi_pstore; the file /etc/modules-load.d/pstore.conf loads it at boot" :
			       "Without EFI or ERST: load ramoops, with memory that memmap= reserves");
	} else if (pstore->kmsg_bytes >= 0) {
		if (pstore->kmsg_bytes < BYTES_MIN)
			state = STATE_WARN;
		finding_add(findings, ABOUT_PSTORE, state, name,
			    "backend %s keeps the last %lld bytes of the log",
			    pstore->backend, pstore->kmsg_bytes);
		if (state != STATE_OK)
			finding_advise(findings, "Set the kernel option pstore.kmsg_bytes=%d: backtraces alone take more",
				       PSTORE_KMSG_BYTES);
	} else {
		finding_add(findings, ABOUT_PSTORE, STATE_OK, name,
			    "backend %s", pstore->backend);
	}
	if (pstore->backend && pstore->panics_only) {
		finding_add(findings, ABOUT_OOPS, STATE_WARN, "pstore oopses",
			    "ramoops.max_reason=1: an oops that is survived is not kept");
		finding_advise(findings, "Load ramoops with max_reason=2");
	}
}

static void check_records(const struct pstore *pstore,
			  struct findings *findings)
{
	const char *name = "pstore records";

	if (!pstore->mounted && pstore->records <= 0) {
		finding_add(findings, ABOUT_PSTORE, STATE_WARN, name,
			    PSTORE_DIR " is not mounted");
		finding_advise(findings, "mount -t pstore none " PSTORE_DIR);
	} else if (pstore->records < 0) {
		finding_add(findings, ABOUT_PSTORE, STATE_UNKNOWN, name,
			    PSTORE_DIR " cannot be read");
		finding_advise(findings, "Run the command as root");
	} else if (pstore->records) {
		finding_add(findings, ABOUT_PSTORE, STATE_WARN, name,
			    "%d in " PSTORE_DIR ": an earlier crash is still there, and takes the space",
			    pstore->records);
		finding_advise(findings, "Keep a copy of them, then rm " PSTORE_DIR "/*");
	} else {
		finding_add(findings, ABOUT_PSTORE, STATE_OK, name,
			    "none, so a new one is of a new crash");
	}
}

static void check_service(struct machine *machine, const struct pstore *pstore,
			  struct findings *findings)
{
	const char *name = "systemd-pstore";

	if (!service_installed(machine, name)) {
		finding_add(findings, ABOUT_PSTORE, STATE_OK, name,
			    "not installed: records stay in " PSTORE_DIR);
	} else if (pstore->service < 0) {
		finding_add(findings, ABOUT_PSTORE, STATE_UNKNOWN, name,
			    "not known whether it starts at boot");
	} else if (!pstore->service) {
		finding_add(findings, ABOUT_PSTORE, STATE_WARN, name,
			    "does not start at boot: records fill " PSTORE_DIR);
		finding_advise(findings, "systemctl enable systemd-pstore");
	} else if (!strcasecmp(pstore->storage, "none")) {
		finding_add(findings, ABOUT_PSTORE, STATE_WARN, name,
			    "Storage=none: records fill " PSTORE_DIR);
		finding_advise(findings, "Set Storage=external in /etc/systemd/pstore.conf");
	} else if (!strcasecmp(pstore->storage, "journal")) {
		finding_add(findings, ABOUT_PSTORE, STATE_OK, name,
			    "starts at boot, moves records to the journal only (Storage=journal)");
	} else {
		finding_add(findings, ABOUT_PSTORE, STATE_OK, name,
			    "starts at boot, moves records to " PSTORE_SAVED);
	}
}

/**
 * check_pstore() - check pstore
 * @machine: the machine
 * @facts: facts about it
 * @findings: receives the findings
 */
void check_pstore(struct machine *machine, const struct facts *facts,
		  struct findings *findings)
{
	check_backend(machine, facts, findings);
	if (facts->pstore.backend || facts->pstore.records > 0)
		check_records(&facts->pstore, findings);
	if (facts->pstore.backend || !facts->pstore.known)
		check_service(machine, &facts->pstore, findings);
}
