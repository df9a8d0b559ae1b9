// SPDX-License-Identifier: GPL-2.0
/* Foresees what restarts the machine after a hit. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "decision.h"

#define GIB	(1024LL * 1024 * 1024)
#define MIB	(1024LL * 1024)

/* A crash kernel takes longer to boot and to start its programs. */
#define BOOT_SECONDS	15

/**
 * dump_seconds() - estimate how long a dump takes
 * @kdump: facts about kdump
 *
 * An estimate for disks of a server: the crash kernel boots in 30 s, and
 * makedumpfile filters a GiB of memory in a second.
 *
 * Return: seconds from the panic to the restart.
 */
long long dump_seconds(const struct kdump *kdump)
{
	return 30 + (kdump->memory > 0 ? kdump->memory / GIB : 0);
}

/**
 * dump_bytes() - estimate how large a dump is
 * @kdump: facts about kdump
 *
 * makedumpfile drops free memory, caches and user pages, and compresses the
 * rest. A busy machine leaves about a tenth.
 *
 * Return: bytes.
 */
long long dump_bytes(const struct kdump *kdump)
{
	long long bytes = kdump->memory > 0 ? kdump->memory / 10 : 0;

	return bytes > 64 * MIB ? bytes : 64 * MIB;
}

/**
 * dump_is_uncertain() - check whether a loaded crash kernel may do nothing
 * @kdump: facts about kdump
 *
 * In Debian's crash kernel the service saves the dump and restarts the machine.
 * If the service is off, something else has loaded this kernel.
 *
 * Return: true if it is not known what the crash kernel does.
 */
bool dump_is_uncertain(const struct kdump *kdump)
{
	return kdump->kind == KDUMP_DEBIAN && !kdump->enabled;
}

/**
 * watchdog_cuts_dump() - check whether a watchdog ends the crash kernel
 * @facts: facts about the machine
 *
 * With a longer timeout a crash kernel may load the driver and feed the
 * watchdog in time; most do not.
 *
 * Return: true if the watchdog resets the machine before a crash kernel runs.
 */
bool watchdog_cuts_dump(const struct facts *facts)
{
	const struct watchdog *armed = watchdogs_armed(&facts->watchdogs);

	return armed && armed->timeout < BOOT_SECONDS;
}

/**
 * watchdog_may_cut_dump() - check whether a watchdog may end the crash kernel
 * @facts: facts about the machine
 *
 * Return: true if a dump probably takes longer than the watchdog's timeout.
 */
bool watchdog_may_cut_dump(const struct facts *facts)
{
	const struct watchdog *armed = watchdogs_armed(&facts->watchdogs);

	return armed && armed->timeout < dump_seconds(&facts->kdump);
}

static void by_watchdog(const struct watchdog *armed,
			struct forecast *forecast)
{
	forecast->restart = armed->timeout;
	forecast->restarted_by = text("the watchdog %s", armed->identity);
}

static void never(struct forecast *forecast)
{
	char *because = text("%s%skernel.panic=0", forecast->because ?: "",
			     forecast->because ? ", " : "");

	free(forecast->because);
	forecast->because = because;
	forecast->outcome = OUTCOME_STUCK;
	forecast->returns = false;
}

static void after_panic(const struct facts *facts, struct forecast *forecast)
{
	const struct watchdog *armed = watchdogs_armed(&facts->watchdogs);
	long long timeout = facts->panic.timeout;

	if (facts->kdump.loaded > 0) {
		if (watchdog_cuts_dump(facts))
			by_watchdog(armed, forecast);
		else
			forecast->restarted_by = text("%s", dump_is_uncertain(&facts->kdump) ?
						      "the crash kernel" : "kdump");
		return;
	}
	if (armed && (!timeout || timeout > armed->timeout)) {
		by_watchdog(armed, forecast);
	} else if (timeout) {
		forecast->restart = timeout < 0 ? 0 : timeout;
		forecast->restarted_by = text("kernel.panic=%lld", timeout);
	} else {
		never(forecast);
	}
}

/**
 * foresee_restart() - foresee what restarts the machine after a hit
 * @facts: facts about the machine
 * @plan: the hit
 * @forecast: its outcome is decided; receives what restarts the machine
 */
void foresee_restart(const struct facts *facts, const struct plan *plan,
		     struct forecast *forecast)
{
	forecast->restart = -1;
	forecast->returns = true;
	switch (forecast->outcome) {
	case OUTCOME_PANIC:
		after_panic(facts, forecast);
		break;
	case OUTCOME_RESET:
		if (is_action(plan, "reboot")) {
			forecast->restart = 0;
			forecast->restarted_by = text("the action reboot");
		} else {
			by_watchdog(watchdogs_armed(&facts->watchdogs), forecast);
		}
		break;
	case OUTCOME_STUCK:
		forecast->returns = false;
		break;
	default:
		break;
	}
}
