// SPDX-License-Identifier: GPL-2.0
/* Checks the locks on modules, and jobs that could pull by accident. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "devices/device.h"
#include "finding.h"
#include "machine/readers.h"
#include "machine/security.h"

static void check_lockdown(struct machine *machine, struct findings *findings)
{
	struct security security;
	bool loaded = machine_exists(machine, "/sys/module/roulette");
	bool locked;
	enum state state;

	security_read(machine, &security);
	state = loaded ? STATE_OK : STATE_WARN;
	locked = security.lockdown && strcmp(security.lockdown, "none");
	if (locked) {
		finding_add(findings, ABOUT_ALL, state, "lockdown",
			    "%s: only signed modules load", security.lockdown);
		if (!loaded)
			finding_advise(findings, "Sign the modules, see docs/signing.md");
	} else if (security.lockdown) {
		finding_add(findings, ABOUT_ALL, STATE_OK, "lockdown", "none");
	}
	if (security.signatures && !locked) {
		finding_add(findings, ABOUT_ALL, state, "signatures",
			    "only signed modules load (module.sig_enforce)");
		if (!loaded)
			finding_advise(findings, "Sign the modules, see docs/signing.md");
	}
	if (security.disabled)
		finding_add(findings, ABOUT_ALL, loaded ? STATE_OK : STATE_BAD,
			    "modules", "modules_disabled=1: none can be loaded until the next boot");
	if (security.disabled && !loaded)
		finding_advise(findings, "Restart, and load our modules before kernel.modules_disabled is set");
	finding_add(findings, ABOUT_ALL,
		    security.secure_boot < 0 ? STATE_UNKNOWN : STATE_OK,
		    "Secure Boot", "%s", security.secure_boot < 0 ?
		    "not known" : security.secure_boot ? "on" : "off");
	security_free(&security);
}

/* Return: names of devices whose next read may hit; the caller frees them. */
static char *loaded_devices(struct machine *machine)
{
	char **names = machine_names(machine, CLASS_DIR);
	char *loaded = NULL;
	char **name;

	for (name = names; name && *name; name++) {
		char *path = text(CLASS_DIR "/%s/odds", *name);
		char *odds = machine_read(machine, path);

		if (odds && strtoull(odds, NULL, 10)) {
			char *longer = text("%s%s%s", loaded ?: "",
					    loaded ? ", " : "", *name);

			free(loaded);
			loaded = longer;
		}
		free(odds);
		free(path);
	}
	machine_names_free(names);
	return loaded;
}

static void check_devices(struct machine *machine, struct findings *findings)
{
	const char *name = "roulettes";
	char *armed = machine_read(machine, ARMED);
	char *loaded = loaded_devices(machine);

	if (!armed) {
		finding_add(findings, ABOUT_ALL, STATE_OK, name,
			    "the module is not loaded");
	} else if (!loaded) {
		finding_add(findings, ABOUT_ALL, STATE_OK, name,
			    "no device has odds above 0");
	} else if (*armed == 'N') {
		finding_add(findings, ABOUT_ALL, STATE_OK, name,
			    "disarmed; odds above 0: %s", loaded);
	} else {
		finding_add(findings, ABOUT_ALL, STATE_WARN, name,
			    "armed: a read of the node may hit: %s", loaded);
		finding_advise(findings, "roulettectl disarm, until the drill");
	}
	free(armed);
	free(loaded);
}

static void check_readers(struct machine *machine, struct findings *findings)
{
	const char *name = "scheduled jobs";
	struct readers readers;
	char *job, *rest;

	readers_find(machine, &readers);
	rest = readers.jobs;
	while (rest && (job = strsep(&rest, "\n"))) {
		finding_add(findings, ABOUT_ALL, STATE_WARN, name,
			    "may read a roulette: %s", job);
		finding_advise(findings, "Exclude /dev from it");
	}
	if (!readers.complete) {
		finding_add(findings, ABOUT_ALL, STATE_UNKNOWN, name,
			    "some crontabs cannot be read");
		finding_advise(findings, "Run the command as root");
	} else if (!readers.jobs) {
		finding_add(findings, ABOUT_ALL, STATE_OK, name,
			    "none was found that reads device nodes");
	}
	readers_free(&readers);
}

/**
 * check_safety() - check what keeps modules from loading, and accidental pulls
 * @machine: the machine
 * @findings: receives the findings
 */
void check_safety(struct machine *machine, struct findings *findings)
{
	check_lockdown(machine, findings);
	check_devices(machine, findings);
	check_readers(machine, findings);
}
