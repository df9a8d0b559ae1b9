// SPDX-License-Identifier: GPL-2.0
/*
 * The configuration of a machine. The input has the contents of the files below,
 * in this order, with a form feed between them. A file without content does not
 * exist.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drill/record.h"
#include "forecast/actions.h"
#include "forecast/forecast.h"
#include "fuzz.h"
#include "machine/facts.h"
#include "machine/readers.h"

static const char *const files[] = {
	"/etc/default/kdump-tools",
	"/etc/kdump.conf",
	"/etc/sysconfig/kdump",
	"/proc/mounts",
	"/etc/fstab",
	"/etc/systemd/pstore.conf",
	"/etc/systemd/pstore.conf.d/a.conf",
	"/etc/systemd/journald.conf",
	"/etc/modprobe.d/netconsole.conf",
	"/etc/crontab",
	"/proc/cmdline",
	"/proc/consoles",
	"/proc/meminfo",
	"/proc/sys/kernel/panic",
	"/proc/sys/kernel/printk",
	"/sys/devices/system/cpu/online",
	"/sys/class/watchdog/watchdog0/timeout",
	"/sys/kernel/kexec_crash_size",
	"/proc/sys/kernel/oops_limit",
	"/sys/kernel/oops_count",
	"/proc/sys/kernel/soft_watchdog",
	"/proc/sys/kernel/watchdog_thresh",
	"/proc/sys/kernel/hung_task_timeout_secs",
	"/proc/sys/kernel/panic_on_rcu_stall",
	"/proc/sys/kernel/max_rcu_stall_to_panic",
	"/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout",
};

#define FILES	(sizeof(files) / sizeof(*files))

static void fail(const char *path)
{
	perror(path);
	abort();
}

static void make_directories(const char *root, const char *file)
{
	char *path = text("%s%s", root, file);
	char *slash = path + strlen(root);

	while ((slash = strchr(slash + 1, '/'))) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	free(path);
}

/* Return: the directory that stands for the root of the machine. */
static const char *make_root(void)
{
	static char *root;
	size_t i;

	if (root)
		return root;
	root = text("%s/fuzz-XXXXXX", getenv("TMPDIR") ?: "/tmp");
	if (!mkdtemp(root))
		fail(root);
	for (i = 0; i < FILES; i++)
		make_directories(root, files[i]);
	/* The options of netconsole are only read if its module is loaded. */
	make_directories(root, "/sys/module/netconsole/");
	return root;
}

static void write_content(const char *path, const char *bytes, size_t size)
{
	int file;

	unlink(path);
	if (!size)
		return;
	file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (file < 0 || write(file, bytes, size) != (ssize_t)size)
		fail(path);
	close(file);
}

static void write_files(const char *root, const char *bytes, size_t size)
{
	size_t i;

	for (i = 0; i < FILES; i++) {
		const char *end = size ? memchr(bytes, '\f', size) : NULL;
		size_t length = end ? (size_t)(end - bytes) : size;
		char *path = text("%s%s", root, files[i]);

		write_content(path, bytes, length);
		bytes += length + !!end;
		size -= length + !!end;
		free(path);
	}
}

static void foresee(struct machine *machine, const struct facts *facts)
{
	char **actions = actions_read(machine);
	char **action;

	for (action = actions; *action; action++) {
		struct plan plan = { .action = *action };
		struct forecast forecast;

		forecast_with(facts, &plan, &forecast);
		forecast_free(&forecast);
	}
	machine_names_free(actions);
}

void fuzz(const char *bytes, size_t size)
{
	struct machine machine = { .root = make_root() };
	struct readers readers;
	struct facts facts;

	write_files(machine.root, bytes, size);
	facts_read(&machine, &facts);
	foresee(&machine, &facts);
	facts_free(&facts);
	readers_find(&machine, &readers);
	readers_free(&readers);
	free(kdump_configuration(&machine));
}
