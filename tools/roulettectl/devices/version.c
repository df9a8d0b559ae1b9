// SPDX-License-Identifier: GPL-2.0
/* Compares the versions of roulettectl and of the modules. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "common/file.h"
#include "common/message.h"
#include "common/run.h"
#include "device.h"
#include "version.h"

#define OUTPUT_MAX	256

/* Return: the version of the modules that modprobe would load, or NULL. */
static char *installed_version(void)
{
	char *argv[] = { "modinfo", "-F", "version", "roulette_core", NULL };
	char *version = NULL;

	if (run(argv, RUN_ERRORS_DROPPED, &version, OUTPUT_MAX) || !*version) {
		free(version);
		return NULL;
	}
	chomp(version);
	return version;
}

static enum status compare(const char *loaded, const char *installed)
{
	const char *modules = installed ?: loaded;

	if (loaded && installed && strcmp(loaded, installed))
		return complain(STATUS_FINDING,
				"Use the installed ones: delete all instances, then modprobe -r roulette parrot, and load them again.",
				"the loaded modules are version %s, the installed ones %s",
				loaded, installed);
	if (modules && strcmp(modules, VERSION))
		return complain(STATUS_FINDING, "Install both from the same source.",
				"roulettectl is version " VERSION ", the modules are version %s",
				modules);
	return STATUS_OK;
}

/**
 * version_print() - print the versions of roulettectl and of the modules
 *
 * Return: STATUS_OK; STATUS_FINDING after a message if they differ.
 */
enum status version_print(void)
{
	char *loaded = read_value_at(AT_FDCWD, CORE_VERSION);
	char *installed = installed_version();
	struct utsname kernel;
	enum status status;

	uname(&kernel);
	puts("roulettectl " VERSION);
	printf("loaded modules: %s\n", loaded ?: "none");
	printf("installed modules for kernel %s: %s\n", kernel.release,
	       installed ?: "none");
	fflush(stdout);
	status = compare(loaded, installed);
	free(loaded);
	free(installed);
	return status;
}
