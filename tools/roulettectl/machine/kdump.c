// SPDX-License-Identifier: GPL-2.0
/* kdump of a machine: memory, crash kernel, service, directory of dumps. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "config.h"
#include "kdump.h"
#include "mounts.h"
#include "service.h"

#define DEBIAN_FILE	"/etc/default/kdump-tools"
#define FEDORA_FILE	"/etc/kdump.conf"
#define SUSE_FILE	"/etc/sysconfig/kdump"
#define NOTIFIERS	"/sys/module/kernel/parameters/crash_kexec_post_notifiers"
#define DEFAULT_DIR	"/var/crash"

static void set_text(char **target, char *value)
{
	free(*target);
	*target = value;
}

/* Return: a number of /sys; 0 if this machine's kernel lacks the file. */
static long long sys_number(struct machine *machine, const char *path,
			    const char *newer)
{
	long long number = machine_number(machine, path);

	if (number < 0 && errno == ENOENT)
		number = machine_number(machine, newer);
	if (number < 0 && errno == ENOENT && machine_is_this(machine))
		return 0;
	return number;
}

static void read_kernel(struct machine *machine, struct kdump *kdump)
{
	char *value = machine_read(machine, NOTIFIERS);

	kdump->notifiers = value && (*value == 'Y' || *value == '1');
	free(value);
	kdump->reserved = sys_number(machine, "/sys/kernel/kexec_crash_size",
				     "/sys/kernel/kexec/crash_size");
	kdump->loaded = sys_number(machine, "/sys/kernel/kexec_crash_loaded",
				   "/sys/kernel/kexec/crash_loaded");
}

static void read_memory(struct machine *machine, struct kdump *kdump)
{
	char *info = machine_read(machine, "/proc/meminfo");
	char *total = info ? strstr(info, "MemTotal:") : NULL;

	if (!total || __builtin_mul_overflow(atoll(total + strlen("MemTotal:")),
					     1024, &kdump->memory))
		kdump->memory = MACHINE_UNKNOWN;
	free(info);
}

static void read_debian(struct machine *machine, struct kdump *kdump)
{
	char *use = config_shell(machine, DEBIAN_FILE, "USE_KDUMP");
	char *dir = config_shell(machine, DEBIAN_FILE, "KDUMP_COREDIR");
	static const char *const targets[] = { "SSH", "NFS", "FTP" };
	size_t i;

	if (use && strcmp(use, "1"))
		kdump->switched_off = "USE_KDUMP in " DEBIAN_FILE;
	free(use);
	if (dir && *dir)
		set_text(&kdump->dir, dir);
	else
		free(dir);
	for (i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		char *target = config_shell(machine, DEBIAN_FILE, targets[i]);
		char *word = text("%s", targets[i]);
		char *c;

		for (c = word; *c; c++)
			*c = tolower(*c);
		if (target && *target)
			set_text(&kdump->remote, text("%s %s", word, target));
		free(word);
		free(target);
	}
}

/* A dump on a file system of its own is below the place of its mount. */
static void on_file_system(struct machine *machine, struct kdump *kdump,
			   const char *type, const char *device)
{
	char *dir, *options;

	if (!mounts_find(machine, "/proc/mounts", mounts_of, device, &dir,
			 &options) &&
	    !mounts_find(machine, "/etc/fstab", mounts_of, device, &dir,
			 &options)) {
		set_text(&kdump->remote, text("%s %s", type, device));
		return;
	}
	if (strcmp(dir, "/"))
		set_text(&kdump->dir, text("%s%s%s", dir,
					   *kdump->dir == '/' ? "" : "/",
					   kdump->dir));
	free(dir);
	free(options);
}

static void read_fedora(struct machine *machine, struct kdump *kdump)
{
	static const char *const remote[] = { "ssh", "nfs", "raw", "virtiofs" };
	static const char *const local[] = {
		"ext2", "ext3", "ext4", "xfs", "btrfs", "minix",
	};
	char *dir = config_word(machine, FEDORA_FILE, "path");
	size_t i;

	if (dir)
		set_text(&kdump->dir, dir);
	for (i = 0; i < sizeof(remote) / sizeof(*remote); i++) {
		char *target = config_word(machine, FEDORA_FILE, remote[i]);

		if (target)
			set_text(&kdump->remote,
				 text("%s %s", remote[i], target));
		free(target);
	}
	for (i = 0; i < sizeof(local) / sizeof(*local); i++) {
		char *device = config_word(machine, FEDORA_FILE, local[i]);

		if (device)
			on_file_system(machine, kdump, local[i], device);
		free(device);
	}
}

static void read_suse(struct machine *machine, struct kdump *kdump)
{
	char *target = config_shell(machine, SUSE_FILE, "KDUMP_SAVEDIR");
	char *place = target ? strstr(target, "://") : NULL;

	if (!place) {
		if (target && *target == '/')
			set_text(&kdump->dir, text("%s", target));
	} else {
		*place = '\0';
		place += 3;
		if (!strcmp(target, "file"))
			set_text(&kdump->dir, text("%s", place));
		else
			set_text(&kdump->remote, text("%s %s", target, place));
	}
	free(target);
}

/* Fedora has SUSE's file, too, but with other variables. */
static enum kdump_kind find_kind(struct machine *machine)
{
	char *suse;

	if (machine_exists(machine, DEBIAN_FILE))
		return KDUMP_DEBIAN;
	suse = config_shell(machine, SUSE_FILE, "KDUMP_SAVEDIR");
	free(suse);
	if (suse)
		return KDUMP_SUSE;
	return machine_exists(machine, FEDORA_FILE) ? KDUMP_FEDORA : KDUMP_NONE;
}

/* Return: free bytes in the nearest directory above @dir that exists. */
static long long free_bytes(struct machine *machine, const char *dir)
{
	char *path = text("/%s", dir);
	long long bytes = MACHINE_UNKNOWN;
	struct statvfs space;
	int place;

	while ((place = machine_open(machine, path, O_PATH)) < 0 && path[1])
		*(strrchr(path + 1, '/') ?: path + 1) = '\0';
	/* The dump is saved by root. */
	if (place >= 0 && !fstatvfs(place, &space))
		bytes = (long long)space.f_bfree * space.f_frsize;
	if (place >= 0)
		close(place);
	free(path);
	return bytes;
}

/**
 * kdump_read() - read how a machine saves a dump of its memory
 * @machine: the machine
 * @kdump: receives the facts; the caller must call kdump_free()
 */
void kdump_read(struct machine *machine, struct kdump *kdump)
{
	*kdump = (struct kdump){
		.kind = find_kind(machine),
		.dir = text(DEFAULT_DIR),
		.enabled = MACHINE_UNKNOWN,
	};
	read_kernel(machine, kdump);
	read_memory(machine, kdump);
	if (kdump->kind == KDUMP_DEBIAN) {
		kdump->service = "kdump-tools";
		read_debian(machine, kdump);
	} else if (kdump->kind == KDUMP_FEDORA) {
		kdump->service = "kdump";
		read_fedora(machine, kdump);
	} else if (kdump->kind == KDUMP_SUSE) {
		kdump->service = "kdump";
		read_suse(machine, kdump);
	}
	if (kdump->service)
		kdump->enabled = kdump->switched_off ? 0 :
			service_enabled(machine, kdump->service);
	kdump->free = free_bytes(machine, kdump->dir);
}

/**
 * kdump_free() - free the facts about kdump
 * @kdump: the facts
 */
void kdump_free(struct kdump *kdump)
{
	free(kdump->dir);
	free(kdump->remote);
	*kdump = (struct kdump){};
}
