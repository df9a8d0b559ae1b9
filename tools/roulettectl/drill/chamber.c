// SPDX-License-Identifier: GPL-2.0
/* Prepares a device for exactly one hit, and restores all settings. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chamber.h"
#include "common/file.h"
#include "devices/create.h"

/* The knobs that a drill changes. */
static const char *const drill_knobs[] = {
	"odds", "action", "context", "delay_ms", "hang_time", "times",
	"interval", "space", "respin", "label", NULL
};

static enum status check_other(const struct device *device)
{
	char *odds = read_value_at(device->dir, "odds");
	char *pending = read_value_at(device->dir, "pending");
	enum status status = STATUS_OK;

	if (odds && strcmp(odds, "0") && strncmp(odds, "0/", 2)) {
		char *advice = text("The drill arms all devices. Set these odds to 0 first: roulettectl set %s odds=0.",
				    device->name);

		status = complain(STATUS_IMPOSSIBLE, advice,
				  "device '%s' has odds %s and could fire during the drill",
				  device->name, odds);
		free(advice);
	} else if (pending && strcmp(pending, "0")) {
		status = complain(STATUS_IMPOSSIBLE, "Wait until they have fired, or cancel them: roulettectl disarm.",
				  "device '%s' has hits that wait for their delay",
				  device->name);
	}
	free(odds);
	free(pending);
	return status;
}

/**
 * chamber_check_others() - check that no other device can fire
 * @except: name of the drill's device, or NULL
 *
 * Return: STATUS_OK, or STATUS_IMPOSSIBLE after a message.
 */
enum status chamber_check_others(const char *except)
{
	enum status status = STATUS_OK;
	struct names names;
	size_t i;

	if (!exists(CLASS_DIR))
		return STATUS_OK;
	status = names_read(&names);
	if (status)
		return status;
	for (i = 0; i < names.count && !status; i++) {
		struct device device;

		if ((except && !strcmp(names.name[i], except)) ||
		    !device_try_open(&device, names.name[i]))
			continue;
		if (device_is_roulette(&device))
			status = check_other(&device);
		device_close(&device);
	}
	names_free(&names);
	return status;
}

/* If it fails, nothing has changed. */
static enum status open_existing(struct chamber *chamber, const char *name)
{
	enum status status = device_open(&chamber->device, name);
	size_t i;

	if (status)
		return status;
	if (!device_is_roulette(&chamber->device))
		status = complain(STATUS_USAGE, "Choose a roulette, or omit --device.",
				  "'%s' is a %s", name, chamber->device.type);
	if (!status)
		status = check_other(&chamber->device);
	for (i = 0; drill_knobs[i] && !status; i++) {
		char *value = read_value_at(chamber->device.dir, drill_knobs[i]);

		if (value)
			settings_add(&chamber->leftover.old, drill_knobs[i],
				     value);
		free(value);
	}
	if (!status)
		status = leftover_write(chamber->lock, &chamber->leftover);
	if (status)
		device_close(&chamber->device);
	return status;
}

static enum status create_own(struct chamber *chamber, const char *name)
{
	struct settings none = {};
	enum status status;

	chamber->leftover.created = true;
	chamber->leftover.loaded = !exists("/sys/module/roulette");
	status = leftover_write(chamber->lock, &chamber->leftover);
	if (!status)
		status = create_device("roulette", name, &none,
				       &chamber->device);
	return status;
}

static void add_number(struct settings *settings, const char *knob,
		       long long number)
{
	char *value = text("%lld", number);

	settings_add(settings, knob, value);
	free(value);
}

/* All knobs except times and odds, so nothing can hit yet. */
static enum status write_plan(const struct chamber *chamber,
			      const struct record *record)
{
	struct settings settings = {};
	enum status status;

	settings_add(&settings, "action", record->action);
	settings_add(&settings, "context", record->context);
	add_number(&settings, "delay_ms", record->delay_ms);
	add_number(&settings, "hang_time", record->hang_time);
	settings_add(&settings, "interval", "1");
	settings_add(&settings, "space", "0");
	settings_add(&settings, "label", record->label);
	status = settings_check(&chamber->device, &settings);
	if (!status)
		status = settings_write(&chamber->device, &settings);
	settings_free(&settings);
	return status;
}

/**
 * chamber_open() - prepare a device for the hit of a drill
 * @chamber: the chamber; the caller holds its lock. If this function fails, it
 *	closes the chamber
 * @record: the drill
 * @existing: name of a device to use; NULL creates one with the id as name
 *
 * Nothing can hit before chamber_load_hit().
 *
 * Return: STATUS_OK, or another status after a message.
 */
enum status chamber_open(struct chamber *chamber, const struct record *record,
			 const char *existing)
{
	enum status status;

	chamber->leftover = (struct leftover){
		.device = text("%s", existing ?: record->id),
	};
	if (existing) {
		status = open_existing(chamber, existing);
		if (status)
			leftover_forget(chamber->lock, &chamber->leftover);
	} else {
		status = create_own(chamber, record->id);
		if (status)
			leftover_put_back(chamber->lock, &chamber->leftover);
	}
	if (status)
		return status;
	status = write_plan(chamber, record);
	if (status)
		chamber_close(chamber);
	return status;
}

static enum status arm(struct chamber *chamber)
{
	char *armed = read_value_at(AT_FDCWD, ARMED);
	enum status status = STATUS_OK;

	if (armed && *armed == 'N') {
		chamber->leftover.disarmed = true;
		status = leftover_write(chamber->lock, &chamber->leftover);
		if (!status && write_value_at(AT_FDCWD, ARMED, "Y"))
			status = complain_errno(STATUS_IMPOSSIBLE, write_advice(),
						"could not write " ARMED);
	}
	free(armed);
	return status;
}

/**
 * chamber_load_hit() - let the next pull hit, and no other
 * @chamber: the chamber
 *
 * Return: STATUS_OK, or another status after a message.
 */
enum status chamber_load_hit(struct chamber *chamber)
{
	struct settings settings = {};
	/* The operator was asked since the first check. */
	enum status status = chamber_check_others(chamber->leftover.device);

	if (!status)
		status = arm(chamber);
	if (status)
		return status;
	settings_add(&settings, "times", "1");
	settings_add(&settings, "odds", "1/1");
	status = settings_write(&chamber->device, &settings);
	settings_free(&settings);
	return status;
}

/**
 * chamber_pending() - check whether the hit waits for its delay
 * @chamber: the chamber
 *
 * Return: true if it does.
 */
bool chamber_pending(const struct chamber *chamber)
{
	char *value = read_value_at(chamber->device.dir, "pending");
	bool pending = value && strcmp(value, "0");

	free(value);
	return pending;
}

/**
 * chamber_close() - restore all settings, and release the lock
 * @chamber: the chamber
 *
 * Cancels a hit that has not fired.
 */
void chamber_close(struct chamber *chamber)
{
	device_close(&chamber->device);
	leftover_put_back(chamber->lock, &chamber->leftover);
}
