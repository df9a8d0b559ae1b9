/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_DETECTORS_H
#define ROULETTECTL_DETECTORS_H

#include "machine.h"

/**
 * struct detectors - the kernel's detectors of lockups, and its CPUs
 * @soft: kernel.soft_watchdog: the detector of soft lockups is on
 * @hard: kernel.nmi_watchdog: the detector of hard lockups is on
 * @counters: @hard uses performance counters, which work when no CPU takes
 *	interrupts: 1, 0, or MACHINE_UNKNOWN
 * @thresh: kernel.watchdog_thresh, seconds; 0: @soft and @hard are off
 * @hung_task: kernel.hung_task_timeout_secs; 0: off
 * @hung_task_interval: kernel.hung_task_check_interval_secs; 0: as @hung_task
 * @hung_task_warnings: kernel.hung_task_warnings: further reports of hung tasks
 * @rcu: rcupdate.rcu_cpu_stall_timeout, seconds
 * @rcu_suppressed: RCU reports no stalls
 * @kasan: the kernel has KASAN: 1, 0, or MACHINE_UNKNOWN
 * @cpus: number of CPUs that are online, or MACHINE_UNKNOWN
 * @arch: architecture as uname prints it, such as "x86_64"; or NULL
 *
 * Numbers are MACHINE_UNKNOWN if the file does not exist or cannot be read.
 */
struct detectors {
	long long soft;
	long long hard;
	int counters;
	long long thresh;
	long long hung_task;
	long long hung_task_interval;
	long long hung_task_warnings;
	long long rcu;
	bool rcu_suppressed;
	int kasan;
	int cpus;
	char *arch;
};

void detectors_read(struct machine *machine, struct detectors *detectors);
void detectors_free(struct detectors *detectors);

long long detectors_soft_lockup(const struct detectors *detectors);
long long detectors_hard_lockup(const struct detectors *detectors);
long long detectors_hung_task(const struct detectors *detectors);
long long detectors_rcu(const struct detectors *detectors);

#endif
