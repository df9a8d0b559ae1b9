// SPDX-License-Identifier: GPL-2.0
/* The devices of this machine, as /sys/class/roulette shows them. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "device.h"

static int is_name(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/**
 * no_modules() - complain that no module is loaded
 *
 * Return: STATUS_IMPOSSIBLE.
 */
enum status no_modules(void)
{
	return complain(STATUS_IMPOSSIBLE,
			"Load a module: modprobe roulette odds=0. If modprobe does not find the module, install the package roulette-dkms, or run in the source: make && sudo make install.",
			"the module roulette_core is not loaded");
}

/**
 * names_read() - get the names of all devices
 * @names: receives the names; the caller must call names_free()
 *
 * Return: STATUS_OK, or STATUS_IMPOSSIBLE after a message.
 */
enum status names_read(struct names *names)
{
	struct dirent **entries;
	int count = scandir(CLASS_DIR, &entries, is_name, versionsort);
	int i;

	*names = (struct names){};
	if (count < 0)
		return no_modules();
	names->name = need_memory(calloc(count + 1, sizeof(*names->name)));
	for (i = 0; i < count; i++) {
		names->name[i] = text("%s", entries[i]->d_name);
		free(entries[i]);
	}
	names->count = count;
	free(entries);
	return STATUS_OK;
}

/**
 * names_choose() - get the names of the command line, or of all devices
 * @names: receives the names; the caller must call names_free()
 * @count: number of names in the command line; 0 means all devices
 * @chosen: the names in the command line
 *
 * Return: as names_read(). Names of the command line are not checked.
 */
enum status names_choose(struct names *names, int count, char **chosen)
{
	int i;

	if (!count)
		return names_read(names);
	names->name = need_memory(calloc(count, sizeof(*names->name)));
	for (i = 0; i < count; i++)
		names->name[i] = text("%s", chosen[i]);
	names->count = count;
	return STATUS_OK;
}

/**
 * names_free() - free names
 * @names: the names
 */
void names_free(struct names *names)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		free(names->name[i]);
	free(names->name);
	*names = (struct names){};
}

/**
 * device_try_open() - open a device if it exists
 * @device: receives the device; the caller must call device_close()
 * @name: name of the device
 *
 * Return: true if it exists.
 */
bool device_try_open(struct device *device, const char *name)
{
	char *path;

	/* Not a path: "." and ".." would be the class and its parent. */
	if (!*name || *name == '.' || strchr(name, '/'))
		return false;
	path = text(CLASS_DIR "/%s", name);
	device->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(path);
	if (device->dir < 0)
		return false;
	device->type = read_value_at(device->dir, "type");
	if (!device->type) {
		close(device->dir);
		return false;
	}
	device->name = text("%s", name);
	return true;
}

/**
 * device_open() - open a device
 * @device: receives the device; the caller must call device_close()
 * @name: name of the device
 *
 * Return: STATUS_OK; after a message STATUS_USAGE if there is no such device,
 * STATUS_IMPOSSIBLE if no module is loaded.
 */
enum status device_open(struct device *device, const char *name)
{
	if (device_try_open(device, name))
		return STATUS_OK;
	if (!exists(CLASS_DIR))
		return no_modules();
	return complain(STATUS_USAGE,
			"List the devices: roulettectl list. Create one: roulettectl create TYPE NAME.",
			"there is no device '%s'", name);
}

/**
 * device_close() - close a device
 * @device: the device
 */
void device_close(struct device *device)
{
	close(device->dir);
	free(device->name);
	free(device->type);
}

/**
 * device_node() - get the path of a device's node
 * @device: the device
 *
 * Return: the path, which the caller must free; NULL if the device was removed.
 */
char *device_node(const struct device *device)
{
	char *uevent = read_value_at(device->dir, "uevent");
	char *start = uevent ? strstr(uevent, "DEVNAME=") : NULL;
	char *node = NULL;

	if (start) {
		start += strlen("DEVNAME=");
		start[strcspn(start, "\n")] = '\0';
		node = text("/dev/%s", start);
	}
	free(uevent);
	return node;
}

/**
 * device_config() - get the path of a device's directory in configfs
 * @device: the device
 *
 * Return: the path, which the caller must free; it does not exist for the
 * default device of a module.
 */
char *device_config(const struct device *device)
{
	return text(CONFIG_DIR "/%s/%s", device->type, device->name);
}

/**
 * device_is_roulette() - check the type of a device
 * @device: the device
 *
 * Return: true if a read of the device's node pulls a trigger.
 */
bool device_is_roulette(const struct device *device)
{
	return !strcmp(device->type, "roulette");
}
