// SPDX-License-Identifier: GPL-2.0
/* The detectors of a machine's kernel, and its CPUs. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "detectors.h"

#define RCU	"/sys/module/rcupdate/parameters"

/* Return: number of CPUs in a list such as "0-3,8", or MACHINE_UNKNOWN. */
static int count_cpus(struct machine *machine)
{
	char *list = machine_read(machine, "/sys/devices/system/cpu/online");
	char *range, *rest = list;
	/* Unsigned, because the numbers of a damaged file may overflow. */
	unsigned int count = 0;

	while (rest && (range = strsep(&rest, ","))) {
		char *last = strchr(range, '-');

		count += last ? strtoul(last + 1, NULL, 10) -
				strtoul(range, NULL, 10) + 1 : 1;
	}
	free(list);
	return (int)count > 0 ? (int)count : MACHINE_UNKNOWN;
}

static char *kernel_arch(struct machine *machine)
{
	char *arch = machine_read(machine, "/proc/sys/kernel/arch");
	struct utsname kernel;

	if (!arch && machine_is_this(machine) && !uname(&kernel))
		arch = text("%s", kernel.machine);
	return arch;
}

static char *kernel_config(struct machine *machine)
{
	char *release = machine_read(machine, "/proc/sys/kernel/osrelease");
	char *path, *config;

	if (!release)
		return NULL;
	path = text("/boot/config-%s", release);
	config = machine_read(machine, path);
	free(path);
	if (!config) {
		path = text("/lib/modules/%s/config", release);
		config = machine_read(machine, path);
		free(path);
	}
	free(release);
	return config;
}

static void read_config(struct machine *machine, struct detectors *detectors)
{
	char *config = kernel_config(machine);

	detectors->kasan = MACHINE_UNKNOWN;
	detectors->counters = MACHINE_UNKNOWN;
	if (!config)
		return;
	detectors->kasan = !!strstr(config, "\nCONFIG_KASAN=y");
	detectors->counters =
		strstr(config, "\nCONFIG_HARDLOCKUP_DETECTOR_PERF=y") &&
		!strstr(config, "\nCONFIG_HARDLOCKUP_DETECTOR_BUDDY=y");
	free(config);
}

/**
 * detectors_read() - read the settings of the detectors
 * @machine: the machine
 * @detectors: receives the settings; the caller must call detectors_free()
 */
void detectors_read(struct machine *machine, struct detectors *detectors)
{
	*detectors = (struct detectors){
		.cpus = count_cpus(machine),
		.arch = kernel_arch(machine),
	};
	detectors->soft =
		machine_number(machine, "/proc/sys/kernel/soft_watchdog");
	detectors->hard =
		machine_number(machine, "/proc/sys/kernel/nmi_watchdog");
	detectors->thresh =
		machine_small(machine, "/proc/sys/kernel/watchdog_thresh");
	detectors->hung_task =
		machine_small(machine, "/proc/sys/kernel/hung_task_timeout_secs");
	detectors->hung_task_interval =
		machine_small(machine,
			      "/proc/sys/kernel/hung_task_check_interval_secs");
	detectors->hung_task_warnings =
		machine_number(machine, "/proc/sys/kernel/hung_task_warnings");
	detectors->rcu = machine_small(machine, RCU "/rcu_cpu_stall_timeout");
	detectors->rcu_suppressed =
		machine_number(machine, RCU "/rcu_cpu_stall_suppress") > 0;
	read_config(machine, detectors);
}

/**
 * detectors_free() - free the settings of the detectors
 * @detectors: the settings
 */
void detectors_free(struct detectors *detectors)
{
	free(detectors->arch);
	*detectors = (struct detectors){};
}

/**
 * detectors_soft_lockup() - get the time to the report of a soft lockup
 * @detectors: the settings
 *
 * Return: seconds after which the detector reports for certain, if RCU does not
 * report a stall before; 0 if it never reports.
 */
long long detectors_soft_lockup(const struct detectors *detectors)
{
	if (detectors->soft <= 0 || detectors->thresh <= 0)
		return 0;
	/* It looks at the CPU five times in twice the threshold. */
	return detectors->thresh * 2 + detectors->thresh * 2 / 5 + 1;
}

/**
 * detectors_hard_lockup() - get the time to the report of a hard lockup
 * @detectors: the settings
 *
 * Return: seconds after which the detector reports for certain; 0 if it never
 * does.
 */
long long detectors_hard_lockup(const struct detectors *detectors)
{
	if (detectors->hard <= 0 || detectors->thresh <= 0)
		return 0;
	return detectors->thresh * 5 / 2 + 1;
}

/**
 * detectors_hung_task() - get the time to the report of a hung task
 * @detectors: the settings
 *
 * Return: seconds after which the detector reports for certain; 0 if it never
 * does.
 */
long long detectors_hung_task(const struct detectors *detectors)
{
	long long interval = detectors->hung_task_interval;

	if (detectors->hung_task <= 0)
		return 0;
	if (interval <= 0 || interval > detectors->hung_task)
		interval = detectors->hung_task;
	return detectors->hung_task + interval;
}

/**
 * detectors_rcu() - get the time to RCU's report of a stall
 * @detectors: the settings
 *
 * Return: seconds; 0 if it never reports.
 */
long long detectors_rcu(const struct detectors *detectors)
{
	if (detectors->rcu <= 0 || detectors->rcu_suppressed)
		return 0;
	return detectors->rcu;
}
