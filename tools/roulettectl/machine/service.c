// SPDX-License-Identifier: GPL-2.0
/*
 * Services that start at boot: by systemd's links, by the runlevels of System
 * V, or by OpenRC. The links are read, because a program such as systemctl
 * cannot be run for another machine's files.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "service.h"

static const char *const unit_dirs[] = {
	"/etc/systemd/system", "/run/systemd/system",
	"/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
	"/lib/systemd/system",
};

#define UNIT_DIRS	(sizeof(unit_dirs) / sizeof(*unit_dirs))

static bool ends_with(const char *string, const char *end)
{
	size_t length = strlen(string);

	return length >= strlen(end) &&
	       !strcmp(string + length - strlen(end), end);
}

static bool in_dir(struct machine *machine, const char *dir, const char *name)
{
	char *path = text("%s/%s", dir, name);
	bool found = machine_link_exists(machine, path);

	free(path);
	return found;
}

static bool is_masked(struct machine *machine, const char *unit)
{
	char *path = text("/etc/systemd/system/%s", unit);
	char *target = machine_link(machine, path);
	bool masked = target && !strcmp(target, "/dev/null");

	free(target);
	free(path);
	return masked;
}

/* Return: true if a target in @dir wants or requires @unit. */
static bool is_wanted(struct machine *machine, const char *dir,
		      const char *unit)
{
	char **names = machine_names(machine, dir);
	bool wanted = false;
	char **name;

	for (name = names; name && *name && !wanted; name++) {
		char *wants;

		if (!ends_with(*name, ".wants") && !ends_with(*name, ".requires"))
			continue;
		wants = text("%s/%s", dir, *name);
		wanted = in_dir(machine, wants, unit);
		free(wants);
	}
	machine_names_free(names);
	return wanted;
}

/* Return: as service_enabled(), for the links of System V. */
static int sysv_enabled(struct machine *machine, const char *name)
{
	static const char *const dirs[] = {
		"/etc/rc2.d", "/etc/rc3.d", "/etc/rc4.d", "/etc/rc5.d",
		"/etc/rcS.d",
	};
	int enabled = MACHINE_UNKNOWN;
	size_t i;

	for (i = 0; i < sizeof(dirs) / sizeof(*dirs) && enabled <= 0; i++) {
		char **links = machine_names(machine, dirs[i]);
		char **link;

		if (links)
			enabled = 0;
		for (link = links; link && *link; link++)
			if ((*link)[0] == 'S' && isdigit((*link)[1]) &&
			    isdigit((*link)[2]) && !strcmp(*link + 3, name))
				enabled = 1;
		machine_names_free(links);
	}
	return enabled;
}

static int openrc_enabled(struct machine *machine, const char *name)
{
	if (!machine_exists(machine, "/etc/runlevels"))
		return MACHINE_UNKNOWN;
	return in_dir(machine, "/etc/runlevels/default", name) ||
	       in_dir(machine, "/etc/runlevels/boot", name);
}

static int systemd_enabled(struct machine *machine, const char *name)
{
	char *unit = text("%s.service", name);
	int enabled = MACHINE_UNKNOWN;
	size_t i;

	for (i = 0; i < UNIT_DIRS && enabled <= 0; i++) {
		if (machine_exists(machine, unit_dirs[i]))
			enabled = is_wanted(machine, unit_dirs[i], unit);
	}
	if (is_masked(machine, unit))
		enabled = 0;
	free(unit);
	return enabled;
}

/**
 * service_installed() - check whether a machine has a service
 * @machine: the machine
 * @name: name of the service, without ".service"
 *
 * Return: true if it has a unit or an init script.
 */
bool service_installed(struct machine *machine, const char *name)
{
	char *unit = text("%s.service", name);
	bool found = in_dir(machine, "/etc/init.d", name);
	size_t i;

	for (i = 0; i < UNIT_DIRS && !found; i++)
		found = in_dir(machine, unit_dirs[i], unit);
	free(unit);
	return found;
}

/* Packages have links for both; only one of these systems boots the machine. */
static bool systemd_boots(const struct machine *machine)
{
	if (machine_is_this(machine))
		return machine_exists(machine, "/run/systemd/system");
	return machine_exists(machine, "/usr/lib/systemd/systemd") ||
	       machine_exists(machine, "/lib/systemd/systemd");
}

/**
 * service_enabled() - check whether a service starts at boot
 * @machine: the machine
 * @name: name of the service, without ".service"
 *
 * Return: 1 or 0; MACHINE_UNKNOWN if the machine has no such links.
 */
int service_enabled(struct machine *machine, const char *name)
{
	int enabled = MACHINE_UNKNOWN;

	if (!systemd_boots(machine))
		enabled = sysv_enabled(machine, name);
	if (enabled < 0)
		enabled = openrc_enabled(machine, name);
	if (enabled < 0)
		enabled = systemd_enabled(machine, name);
	return enabled;
}
