// SPDX-License-Identifier: GPL-2.0
/* The knobs of the device types: meanings and order. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/file.h"
#include "knobs.h"

struct knob {
	const char *type;
	const char *name;
	const char *meaning;
};

/* In the order in which `show` lists them. */
static const struct knob knobs[] = {
	{ "roulette", "odds", "odds of a hit: N in 100, or N/M" },
	{ "roulette", "action", "failure of a hit, one of available_actions" },
	{ "roulette", "context", "where the action runs, one of available_contexts" },
	{ "roulette", "delay_ms", "milliseconds from the hit to the action" },
	{ "roulette", "hang_time", "seconds until a lockup ends; 0: never" },
	{ "roulette", "times", "hits left; -1: no limit" },
	{ "roulette", "interval", "only every n-th pull can hit" },
	{ "roulette", "space", "further pulls that cannot hit" },
	{ "roulette", "respin", "1: each pull is drawn independently; 0: the cylinder is never spun" },
	{ "roulette", "seed", "start of the random sequence; a write restarts it" },
	{ "roulette", "label", "text in all log lines of a hit" },
	{ "roulette", "pulls", "pulls since creation or reset" },
	{ "roulette", "hits", "hits since creation or reset" },
	{ "roulette", "pending", "hits that wait for their delay" },
	{ "roulette", "reset", "write 1: pulls and hits become 0, the sequence restarts" },
	{ "roulette", "available_actions", "actions of this kernel" },
	{ "roulette", "available_contexts", "contexts of this kernel" },
	{ "parrot", "frame_rate", "frames per second; 0: paused; max: readers never wait" },
	{ "parrot", "animation", "party, or NAME for /lib/firmware/roulette/NAME.anim" },
	{ "parrot", "color", "none, cycle, or the name of a colour" },
	{ "parrot", "flip", "1: mirrored" },
	{ "parrot", "frames", "frames of the animation" },
	{ "parrot", "readers", "open files" },
	{ "parrot", "frames_read", "frames begun by readers" },
	{ "parrot", "frames_dropped", "frames that slow readers skipped" },
	{}
};

static const struct knob *find_knob(const struct device *device,
				    const char *name)
{
	const struct knob *knob;

	for (knob = knobs; knob->name; knob++)
		if (!strcmp(knob->type, device->type) &&
		    !strcmp(knob->name, name))
			return knob;
	return NULL;
}

/**
 * knob_meaning() - get what a knob means
 * @device: the device
 * @knob: name of the knob
 *
 * Return: a short text; NULL for a knob that this program does not know.
 */
const char *knob_meaning(const struct device *device, const char *knob)
{
	const struct knob *found = find_knob(device, knob);

	return found ? found->meaning : NULL;
}

/**
 * knob_order() - get the place of a knob in a list
 * @device: the device
 * @knob: name of the knob
 *
 * Return: a number that is smaller for an earlier knob. Unknown knobs are last.
 */
int knob_order(const struct device *device, const char *knob)
{
	const struct knob *found = find_knob(device, knob);

	return (found ?: knobs + sizeof(knobs) / sizeof(*knobs)) - knobs;
}

/**
 * knob_is_name() - check whether a file of a device's directory is a knob
 * @name: name of the file
 *
 * Return: false for the files that the kernel adds.
 */
bool knob_is_name(const char *name)
{
	return *name && *name != '.' && !strchr(name, '/') &&
	       strcmp(name, "uevent") && strcmp(name, "dev") &&
	       strcmp(name, "type");
}

/**
 * no_knob() - complain about a knob that a device lacks
 * @device: the device
 * @knob: name of the knob
 *
 * Return: STATUS_USAGE; STATUS_IMPOSSIBLE if the module is too old for it.
 */
enum status no_knob(const struct device *device, const char *knob)
{
	char *advice;
	char *version;

	if (!find_knob(device, knob)) {
		advice = text("List its knobs: roulettectl show %s.",
			      device->name);
		complain(STATUS_USAGE, advice, "%s '%s' has no knob '%s'",
			 device->type, device->name, knob);
		free(advice);
		return STATUS_USAGE;
	}
	version = read_value_at(AT_FDCWD, CORE_VERSION);
	complain(STATUS_IMPOSSIBLE,
		 "Install the modules of the same version, then unload the old ones: modprobe -r roulette parrot.",
		 "the loaded module %s is older than roulettectl " VERSION ": it has no knob '%s'",
		 version ?: "(unknown version)", knob);
	free(version);
	return STATUS_IMPOSSIBLE;
}
