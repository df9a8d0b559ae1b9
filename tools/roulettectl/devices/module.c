// SPDX-License-Identifier: GPL-2.0
/* Loads the module of a device type, and prints why it could not. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/file.h"
#include "common/printable.h"
#include "common/run.h"
#include "device.h"
#include "module.h"
#include "settings.h"

#define CONFIGFS	"/sys/kernel/config"
#define OUTPUT_MAX	65536

/* The reasons that modprobe prints, and what to do. */
static const struct {
	const char *reason;
	const char *advice;
} reasons[] = {
	{ "Key was rejected by service",
	  "Secure Boot requires signed modules. Sign them with a key that the firmware knows, see docs/signing.md." },
	{ "Operation not permitted",
	  "Run the command as root. If you are root, lockdown requires signed modules (see docs/signing.md), or this is a container." },
	{ "Exec format error",
	  "The module was built for another kernel. Build and install it again, see docs/troubleshooting.md." },
	{ "Unknown symbol",
	  "The loaded roulette_core is from another build. Unload it: modprobe -r roulette parrot roulette_core." },
	{ "Device or resource busy",
	  "A device has the name of the module's default device. The kernel log names it: dmesg | tail." },
};

static enum status not_found(const char *type)
{
	bool dkms = exists("/var/lib/dkms/roulette");
	struct utsname kernel;
	enum status status;
	char *headers, *advice;

	uname(&kernel);
	headers = text("/lib/modules/%s/build", kernel.release);
	if (!exists(headers))
		advice = text("Install the headers of this kernel, for example linux-headers-%s%s", kernel.release,
			      dkms ? "; DKMS then builds the modules." :
				     ", then the package roulette-dkms.");
	else if (dkms)
		advice = text("Build them, and see why DKMS did not: sudo dkms install roulette/" VERSION " -k %s.",
			      kernel.release);
	else
		advice = text("Install the package roulette-dkms, or run in the source: make && sudo make install.");
	status = complain(STATUS_IMPOSSIBLE, advice,
			  "module '%s' is not installed for kernel %s", type,
			  kernel.release);
	free(headers);
	free(advice);
	return status;
}

/* Return: all lines in one, which the caller must free. */
static char *join_lines(char *output)
{
	char *joined = text("%s", "");
	char *line;

	while ((line = strsep(&output, "\n"))) {
		char *safe = printable(line);
		char *longer = text("%s%s%s", joined,
				    *joined && *safe ? "; " : "", safe);

		free(safe);
		free(joined);
		joined = longer;
	}
	return joined;
}

static enum status explain(const char *type, char *output)
{
	const char *advice = "The kernel log may have the reason: dmesg | tail.";
	char *missing = text("module %s not found", type);
	char *lines = join_lines(output);
	size_t i;

	if (strcasestr(lines, missing)) {
		not_found(type);
	} else {
		for (i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
			if (strstr(lines, reasons[i].reason)) {
				advice = reasons[i].advice;
				break;
			}
		}
		complain(STATUS_IMPOSSIBLE, advice,
			 "could not load the module: %s", lines);
	}
	free(missing);
	free(lines);
	return STATUS_IMPOSSIBLE;
}

/* systemd mounts configfs; other systems may not. */
static enum status mount_configfs(void)
{
	if (exists(CONFIG_DIR))
		return STATUS_OK;
	if (!mount("none", CONFIGFS, "configfs", 0, NULL) && exists(CONFIG_DIR))
		return STATUS_OK;
	return complain_errno(STATUS_IMPOSSIBLE, "Mount it as root: mount -t configfs none " CONFIGFS ".",
			      "configfs is not mounted at " CONFIGFS);
}

static bool is_registered(const char *type)
{
	char *path = text(CONFIG_DIR "/%s", type);
	bool registered = exists(path);

	free(path);
	return registered;
}

/**
 * module_load() - load the module of a type, if it is not loaded
 * @type: name of the type
 * @with_default: let the module create its default device, with odds 0
 * @loaded: set to true if the module was not loaded before
 *
 * Return: STATUS_OK; after a message STATUS_USAGE if no such type is known, or
 * STATUS_IMPOSSIBLE.
 */
enum status module_load(const char *type, bool with_default, bool *loaded)
{
	char *argv[] = { "modprobe", (char *)type, "default_device=N", NULL };
	char *output = NULL;
	int failed;

	*loaded = false;
	if (strchr(type, '/') || *type == '.' || !*type)
		return complain(STATUS_USAGE, "Types: roulette, parrot.",
				"'%s' is not a type", type);
	if (exists("/sys/module/roulette_core") && mount_configfs())
		return STATUS_IMPOSSIBLE;
	if (is_registered(type))
		return STATUS_OK;
	/* modprobe would load any module of this name. */
	if (strcmp(type, "roulette") && strcmp(type, "parrot"))
		return complain(STATUS_USAGE, "Types: roulette, parrot. Load the module of another type first.",
				"'%s' is not a type", type);
	if (with_default)
		argv[2] = strcmp(type, "roulette") ? NULL : "odds=0";
	failed = run(argv, RUN_ERRORS_KEPT, &output, OUTPUT_MAX);
	if (failed == RUN_NOT_FOUND)
		return complain(STATUS_IMPOSSIBLE, "Install kmod.",
				"the program modprobe does not exist");
	if (failed) {
		enum status status = explain(type, output);

		free(output);
		return status;
	}
	free(output);
	*loaded = true;
	return mount_configfs();
}

/**
 * module_unload() - unload the module of a type, if it is not in use
 * @type: name of the type
 */
void module_unload(const char *type)
{
	char *const argv[] = { "modprobe", "-r", (char *)type, NULL };
	char *output = NULL;

	run(argv, RUN_ERRORS_DROPPED, &output, OUTPUT_MAX);
	free(output);
}
