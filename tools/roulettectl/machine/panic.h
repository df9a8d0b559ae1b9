/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_PANIC_H
#define ROULETTECTL_PANIC_H

#include "machine.h"

/**
 * struct panic - the settings that decide what is a panic, and what follows
 * @known: /proc/sys/kernel/panic could be read
 * @timeout: kernel.panic: seconds to the restart; 0: never; below 0: at once
 * @on_oops: kernel.panic_on_oops
 * @on_warn: kernel.panic_on_warn
 * @on_oom: vm.panic_on_oom
 * @on_rcu_stall: kernel.panic_on_rcu_stall
 * @rcu_stalls: kernel.max_rcu_stall_to_panic: the stall that panics
 * @on_soft_lockup: kernel.softlockup_panic
 * @on_hard_lockup: kernel.hardlockup_panic
 * @on_hung_task: kernel.hung_task_panic: hung tasks of one scan that panic
 * @oops_limit: kernel.oops_limit: the oops that panics; 0: none
 * @oopses: oopses since the boot
 * @warn_limit: kernel.warn_limit: the warning that panics; 0: none
 * @warnings: warnings since the boot
 * @on_taint: bits of taint that panic, of the kernel option panic_on_taint
 * @taint: kernel.tainted
 *
 * All numbers but @timeout are MACHINE_UNKNOWN if the file does not exist or
 * cannot be read.
 */
struct panic {
	bool known;
	long long timeout;
	long long on_oops;
	long long on_warn;
	long long on_oom;
	long long on_rcu_stall;
	long long rcu_stalls;
	long long on_soft_lockup;
	long long on_hard_lockup;
	long long on_hung_task;
	long long oops_limit;
	long long oopses;
	long long warn_limit;
	long long warnings;
	unsigned long on_taint;
	long long taint;
};

/* Bits of kernel.tainted. */
#define TAINT_DIE		0x80
#define TAINT_WARN		0x200
#define TAINT_OOT_MODULE	0x1000
#define TAINT_UNSIGNED_MODULE	0x2000
#define TAINT_SOFTLOCKUP	0x4000

void panic_read(struct machine *machine, struct panic *panic);

#endif
