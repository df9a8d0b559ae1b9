// SPDX-License-Identifier: GPL-2.0
/* The settings of a machine's kernel that decide what is a panic. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "panic.h"

/* Return: the bits of "panic_on_taint=BITS[,nousertaint]", or 0. */
static unsigned long taint_option(struct machine *machine)
{
	char *options = machine_read(machine, "/proc/cmdline");
	char *option = options ? strstr(options, "panic_on_taint=") : NULL;
	unsigned long bits = 0;

	if (option)
		bits = strtoul(option + strlen("panic_on_taint="), NULL, 16);
	free(options);
	return bits;
}

/**
 * panic_read() - read the settings of panics
 * @machine: the machine
 * @panic: receives the settings
 */
void panic_read(struct machine *machine, struct panic *panic)
{
	/* The only one of these numbers that may be negative. */
	char *timeout = machine_read(machine, "/proc/sys/kernel/panic");

	*panic = (struct panic){
		.known = timeout,
		.timeout = timeout ? atoll(timeout) : 0,
		.on_taint = taint_option(machine),
	};
	free(timeout);
	panic->on_oops = machine_number(machine, "/proc/sys/kernel/panic_on_oops");
	panic->on_warn = machine_number(machine, "/proc/sys/kernel/panic_on_warn");
	panic->on_oom = machine_number(machine, "/proc/sys/vm/panic_on_oom");
	panic->on_rcu_stall =
		machine_number(machine, "/proc/sys/kernel/panic_on_rcu_stall");
	panic->rcu_stalls =
		machine_small(machine, "/proc/sys/kernel/max_rcu_stall_to_panic");
	panic->on_soft_lockup =
		machine_number(machine, "/proc/sys/kernel/softlockup_panic");
	panic->on_hard_lockup =
		machine_number(machine, "/proc/sys/kernel/hardlockup_panic");
	panic->on_hung_task =
		machine_number(machine, "/proc/sys/kernel/hung_task_panic");
	panic->oops_limit = machine_number(machine, "/proc/sys/kernel/oops_limit");
	panic->oopses = machine_number(machine, "/sys/kernel/oops_count");
	panic->warn_limit = machine_number(machine, "/proc/sys/kernel/warn_limit");
	panic->warnings = machine_number(machine, "/sys/kernel/warn_count");
	panic->taint = machine_number(machine, "/proc/sys/kernel/tainted");
}
