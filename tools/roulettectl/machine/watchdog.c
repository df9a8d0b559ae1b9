// SPDX-License-Identifier: GPL-2.0
/* The watchdogs of a machine, and the processes that feed them. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "service.h"
#include "watchdog.h"

#define CLASS	"/sys/class/watchdog"

static char *attribute(struct machine *machine, const char *name,
		       const char *file)
{
	char *path = text(CLASS "/%s/%s", name, file);
	char *value = machine_read(machine, path);

	free(path);
	return value;
}

static void read_one(struct machine *machine, struct watchdog *watchdog,
		     const char *name)
{
	char *state = attribute(machine, name, "state");
	char *timeout = text(CLASS "/%s/timeout", name);
	char *identity = attribute(machine, name, "identity");

	*watchdog = (struct watchdog){
		.name = text("%s", name),
		.identity = identity ?: text("%s", name),
		.timeout = machine_small(machine, timeout),
		.known = state,
		.active = state && !strcmp(state, "active"),
		.software = identity && !strcmp(identity, "Software Watchdog"),
	};
	free(state);
	free(timeout);
}

/* Return: true for the first watchdog, which is also /dev/watchdog. */
static bool is_node(const char *target, const struct watchdog *watchdog)
{
	if (strncmp(target, "/dev/", 5))
		return false;
	target += 5;
	return !strcmp(target, watchdog->name) ||
	       (!strcmp(target, "watchdog") &&
		!strcmp(watchdog->name, "watchdog0"));
}

static void look_at_files(struct machine *machine, const char *pid,
			  struct watchdogs *watchdogs)
{
	char *dir = text("/proc/%s/fd", pid);
	char **names = machine_names(machine, dir);
	char **name;

	for (name = names; name && *name; name++) {
		char *path = text("%s/%s", dir, *name);
		char *target = machine_link(machine, path);
		size_t i;

		for (i = 0; target && i < watchdogs->count; i++) {
			struct watchdog *watchdog = watchdogs->watchdog + i;
			char *comm;

			if (watchdog->feeder || !is_node(target, watchdog))
				continue;
			comm = text("/proc/%s/comm", pid);
			watchdog->feeder = machine_read(machine, comm);
			free(comm);
		}
		free(target);
		free(path);
	}
	machine_names_free(names);
	free(dir);
}

/* Without root the files of other users' processes are not seen. */
static void find_feeders(struct machine *machine, struct watchdogs *watchdogs)
{
	unsigned int unseen = machine->unseen;
	char **pids = machine_names(machine, "/proc");
	char **pid;

	for (pid = pids; pid && *pid; pid++) {
		if (!isdigit(**pid))
			continue;
		look_at_files(machine, *pid, watchdogs);
		watchdogs->feeders_known = true;
	}
	machine_names_free(pids);
	if (machine->unseen > unseen)
		watchdogs->feeders_known = false;
	/* All processes together count as one file that cannot be read. */
	machine->unseen = unseen + (machine->unseen > unseen);
}

/**
 * watchdogs_read() - read the state of all watchdogs
 * @machine: the machine
 * @watchdogs: receives the facts; the caller must call watchdogs_free()
 */
void watchdogs_read(struct machine *machine, struct watchdogs *watchdogs)
{
	static const char *const services[] = { "watchdog", "wd_keepalive" };
	char **names = machine_names(machine, CLASS);
	size_t count = 0, i;

	*watchdogs = (struct watchdogs){
		.known = names || (machine_is_this(machine) && errno == ENOENT),
		.runtime = config_systemd(machine, "systemd/system.conf",
					  "Manager", "RuntimeWatchdogSec"),
	};
	for (i = 0; i < sizeof(services) / sizeof(*services); i++)
		if (!watchdogs->service &&
		    service_enabled(machine, services[i]) > 0)
			watchdogs->service = services[i];
	while (names && names[count])
		count++;
	if (count) {
		watchdogs->watchdog =
			need_memory(calloc(count, sizeof(struct watchdog)));
		watchdogs->count = count;
		for (i = 0; i < count; i++)
			read_one(machine, watchdogs->watchdog + i, names[i]);
		find_feeders(machine, watchdogs);
	}
	machine_names_free(names);
}

/**
 * watchdogs_free() - free the facts about watchdogs
 * @watchdogs: the facts
 */
void watchdogs_free(struct watchdogs *watchdogs)
{
	size_t i;

	for (i = 0; i < watchdogs->count; i++) {
		free(watchdogs->watchdog[i].name);
		free(watchdogs->watchdog[i].identity);
		free(watchdogs->watchdog[i].feeder);
	}
	free(watchdogs->watchdog);
	free(watchdogs->runtime);
	*watchdogs = (struct watchdogs){};
}

/**
 * watchdogs_armed() - get the watchdog that resets a dead machine
 * @watchdogs: the facts
 *
 * Return: the active one with the shortest timeout, or NULL if there is none. A
 * software watchdog does not count.
 */
const struct watchdog *watchdogs_armed(const struct watchdogs *watchdogs)
{
	const struct watchdog *armed = NULL;
	size_t i;

	for (i = 0; i < watchdogs->count; i++) {
		const struct watchdog *watchdog = watchdogs->watchdog + i;

		if (watchdog->active && !watchdog->software &&
		    watchdog->timeout > 0 &&
		    (!armed || watchdog->timeout < armed->timeout))
			armed = watchdog;
	}
	return armed;
}
