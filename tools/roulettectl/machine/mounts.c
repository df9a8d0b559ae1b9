// SPDX-License-Identifier: GPL-2.0
/* Searches tables of mounts: /proc/mounts and /etc/fstab. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mounts.h"

/**
 * mounts_at() - match a mount by its directory
 * @mount: the mount
 * @dir: the directory
 *
 * Return: true if @mount is at @dir.
 */
bool mounts_at(const struct mntent *mount, const char *dir)
{
	return !strcmp(mount->mnt_dir, dir);
}

/**
 * mounts_of() - match a mount by its device
 * @mount: the mount
 * @device: the device, such as "/dev/sda1" or "UUID=..."
 *
 * Return: true if @mount is of @device.
 */
bool mounts_of(const struct mntent *mount, const char *device)
{
	return !strcmp(mount->mnt_fsname, device);
}

/**
 * mounts_find() - search a table of mounts
 * @machine: the machine
 * @table: absolute path of the table on the machine
 * @match: decides whether a mount is the one
 * @key: second argument of @match
 * @dir: receives the directory of the last such mount, or NULL
 * @options: receives its options, or NULL
 *
 * The caller must free *@dir and *@options.
 *
 * Return: true if there is such a mount.
 */
bool mounts_find(struct machine *machine, const char *table,
		 bool (*match)(const struct mntent *mount, const char *key),
		 const char *key, char **dir, char **options)
{
	int fd = machine_open_file(machine, table);
	struct mntent *mount;
	FILE *file;

	*dir = NULL;
	*options = NULL;
	if (fd < 0)
		return false;
	file = need_memory(fdopen(fd, "r"));
	while ((mount = getmntent(file))) {
		if (!match(mount, key))
			continue;
		free(*dir);
		free(*options);
		*dir = text("%s", mount->mnt_dir);
		*options = text("%s", mount->mnt_opts);
	}
	endmntent(file);
	return *dir;
}
