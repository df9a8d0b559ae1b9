// SPDX-License-Identifier: GPL-2.0
/* Checks the detectors of lockups, and the watchdogs. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "forecast/decision.h"

static void check_soft(const struct detectors *detectors,
		       struct findings *findings)
{
	long long after = detectors_soft_lockup(detectors);
	long long stall = detectors_rcu(detectors);
	const char *name = "soft lockups";

	if (detectors->thresh < 0 || detectors->soft < 0) {
		finding_add(findings, ABOUT_SOFT, STATE_OK, name,
			    "this kernel has no detector");
	} else if (!after) {
		finding_add(findings, ABOUT_SOFT, STATE_WARN, name,
			    "the detector is off");
		finding_advise(findings, detectors->thresh ?
			       "sysctl -w kernel.soft_watchdog=1" :
			       "sysctl -w kernel.watchdog_thresh=10");
	} else if (stall && stall < after) {
		finding_add(findings, ABOUT_SOFT, STATE_OK, name,
			    "RCU reports them first (%lld s), the detector %lld s later (watchdog_thresh=%lld)",
			    stall, after, detectors->thresh);
	} else {
		finding_add(findings, ABOUT_SOFT, STATE_OK, name,
			    "reported after %lld s (watchdog_thresh=%lld)",
			    after, detectors->thresh);
	}
}

static void check_hard(const struct detectors *detectors,
		       struct findings *findings)
{
	long long after = detectors_hard_lockup(detectors);
	long long stall = detectors_rcu(detectors);
	const char *name = "hard lockups";

	if (after) {
		finding_add(findings, ABOUT_HARD, STATE_OK, name,
			    "reported after %lld s (watchdog_thresh=%lld)",
			    after, detectors->thresh);
	} else if (stall) {
		finding_add(findings, ABOUT_HARD, STATE_OK, name,
			    "only RCU reports them, after %lld s (nmi_watchdog is off; virtual machines often lack it)",
			    stall);
	} else {
		finding_add(findings, ABOUT_HARD, STATE_WARN, name,
			    "nothing reports them");
		finding_advise(findings, "sysctl -w kernel.nmi_watchdog=1, if the CPUs have performance counters");
	}
}

static void check_hung_task(const struct detectors *detectors,
			    struct findings *findings)
{
	const char *name = "hung tasks";

	if (detectors->hung_task > 0 && !detectors->hung_task_warnings) {
		finding_add(findings, ABOUT_HUNG_TASK, STATE_WARN, name,
			    "the detector reports no more (hung_task_warnings=0)");
		finding_advise(findings, "sysctl -w kernel.hung_task_warnings=10");
	} else if (detectors->hung_task > 0) {
		finding_add(findings, ABOUT_HUNG_TASK, STATE_OK, name,
			    "reported after %lld to %lld s (hung_task_timeout_secs=%lld)",
			    detectors->hung_task,
			    detectors_hung_task(detectors),
			    detectors->hung_task);
	} else if (!detectors->hung_task) {
		finding_add(findings, ABOUT_HUNG_TASK, STATE_WARN, name,
			    "the detector is off");
		finding_advise(findings, "sysctl -w kernel.hung_task_timeout_secs=120");
	} else {
		finding_add(findings, ABOUT_HUNG_TASK, STATE_OK, name,
			    "this kernel has no detector");
	}
}

static void check_rcu(const struct detectors *detectors,
		      struct findings *findings)
{
	const char *name = "RCU stalls";

	if (detectors->rcu_suppressed) {
		finding_add(findings, ABOUT_RCU, STATE_WARN, name,
			    "reports are off (rcu_cpu_stall_suppress)");
		finding_advise(findings, "echo 0 >/sys/module/rcupdate/parameters/rcu_cpu_stall_suppress");
	} else if (detectors->rcu > 0) {
		finding_add(findings, ABOUT_RCU, STATE_OK, name,
			    "reported after %lld s (rcu_cpu_stall_timeout)",
			    detectors->rcu);
	} else {
		finding_add(findings, ABOUT_RCU, STATE_OK, name,
			    "this kernel does not report them");
	}
}

/**
 * check_detectors() - check the detectors of lockups
 * @facts: facts about the machine
 * @findings: receives the findings
 */
void check_detectors(const struct facts *facts, struct findings *findings)
{
	if (!facts->panic.known)
		return;
	check_soft(&facts->detectors, findings);
	check_hard(&facts->detectors, findings);
	check_hung_task(&facts->detectors, findings);
	check_rcu(&facts->detectors, findings);
}

/* Return: who feeds a watchdog, which the caller must free; NULL if unknown. */
static char *feeder(const struct watchdogs *watchdogs,
		    const struct watchdog *watchdog)
{
	if (watchdog->feeder)
		return text("fed by %s", watchdog->feeder);
	if (watchdogs->feeders_known)
		return NULL;
	if (watchdogs->service)
		return text("fed by the service %s", watchdogs->service);
	if (watchdogs->runtime && strcmp(watchdogs->runtime, "0") &&
	    strcmp(watchdogs->runtime, "off"))
		return text("fed by systemd (RuntimeWatchdogSec=%s)",
			    watchdogs->runtime);
	return NULL;
}

/* An active watchdog that no process has open soon resets the machine. */
static void check_unfed(const struct watchdogs *watchdogs,
			const struct watchdog *watchdog,
			struct findings *findings)
{
	const unsigned int about = ABOUT_WATCHDOG | ABOUT_PANIC;

	if (watchdogs->feeders_known) {
		finding_add(findings, about, STATE_WARN, watchdog->name,
			    "%s, %lld s, active, and no process has it open to feed it",
			    watchdog->identity, watchdog->timeout);
		finding_advise(findings, "Start the service that feeds it again, before it resets the machine");
	} else {
		finding_add(findings, about, STATE_UNKNOWN, watchdog->name,
			    "%s, %lld s, active, feeder not seen",
			    watchdog->identity, watchdog->timeout);
		finding_advise(findings, "Run as root, on the machine itself");
	}
}

static void check_active(const struct facts *facts,
			 const struct watchdog *watchdog,
			 struct findings *findings)
{
	const unsigned int about = ABOUT_WATCHDOG | ABOUT_PANIC;
	bool matters = facts->kdump.loaded > 0 &&
		       watchdog == watchdogs_armed(&facts->watchdogs);
	char *fed = feeder(&facts->watchdogs, watchdog);
	enum state state = STATE_OK;
	const char *remark = "";

	if (watchdog->software) {
		remark = "; it ends no hang of all CPUs";
	} else if (matters && watchdog_cuts_dump(facts)) {
		remark = "; it resets the crash kernel before a dump";
		state = STATE_BAD;
	} else if (matters && watchdog_may_cut_dump(facts)) {
		remark = "; a dump may take longer";
		state = STATE_WARN;
	}
	if (fed || state != STATE_OK)
		finding_add(findings, about, state, watchdog->name,
			    "%s, %lld s, active, %s%s", watchdog->identity,
			    watchdog->timeout, fed ?: "feeder not seen", remark);
	else
		check_unfed(&facts->watchdogs, watchdog, findings);
	if (state != STATE_OK)
		finding_advise(findings, "Set its timeout above %lld s, or let the crash kernel feed it, and prove it by a drill",
			       dump_seconds(&facts->kdump));
	free(fed);
}

/**
 * check_watchdogs() - check the watchdogs
 * @facts: facts about the machine
 * @findings: receives the findings
 */
void check_watchdogs(const struct facts *facts, struct findings *findings)
{
	const unsigned int about = ABOUT_WATCHDOG | ABOUT_PANIC;
	const struct watchdogs *watchdogs = &facts->watchdogs;
	size_t i;

	if (!watchdogs->known)
		finding_add(findings, about, STATE_UNKNOWN, "watchdog",
			    "not known whether there is one");
	else if (!watchdogs->count)
		finding_add(findings, about, STATE_OK, "watchdog",
			    "none: a hang of all CPUs lasts until a person resets the machine");
	for (i = 0; i < watchdogs->count; i++) {
		const struct watchdog *watchdog = watchdogs->watchdog + i;

		if (watchdog->active) {
			check_active(facts, watchdog, findings);
			continue;
		}
		if (!watchdog->known) {
			finding_add(findings, about, STATE_UNKNOWN,
				    watchdog->name,
				    "not known whether it is active");
			continue;
		}
		finding_add(findings, about, STATE_WARN, watchdog->name,
			    "%s, inactive: nothing feeds it, so it never resets the machine",
			    watchdog->identity);
		finding_advise(findings, "Set RuntimeWatchdogSec=2min in /etc/systemd/system.conf.d/, and run systemctl daemon-reexec");
	}
}
