// SPDX-License-Identifier: GPL-2.0
/* Checks the settings that cause a panic, and those that follow it. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "finding.h"

/* A limit that is nearer than this will be reached by a few drills. */
#define LIMIT_NEAR	10

static void check_timeout(const struct facts *facts, struct findings *findings)
{
	const unsigned int about = ABOUT_PANIC;
	const struct watchdog *armed = watchdogs_armed(&facts->watchdogs);
	long long timeout = facts->panic.timeout;
	const char *name = "kernel.panic";

	if (timeout > 0) {
		finding_add(findings, about, STATE_OK, name,
			    "%lld: the machine restarts %lld s after a panic",
			    timeout, timeout);
		return;
	}
	if (timeout < 0) {
		finding_add(findings, about, STATE_OK, name,
			    "%lld: the machine restarts at once after a panic",
			    timeout);
		return;
	}
	if (armed)
		finding_add(findings, about, STATE_OK, name,
			    "0: after a panic only the watchdog %s restarts the machine",
			    armed->identity);
	else if (facts->kdump.loaded > 0)
		finding_add(findings, about, STATE_WARN, name,
			    "0: if kdump fails, nothing restarts the machine after a panic");
	else
		finding_add(findings, about, STATE_BAD, name,
			    "0: nothing restarts the machine after a panic");
	if (!armed)
		finding_advise(findings, "sysctl -w kernel.panic=10, and for the next boot the same in /etc/sysctl.d/");
}

static void check_oops(const struct facts *facts, struct findings *findings)
{
	const char *name = "panic_on_oops";

	if (facts->panic.on_oops > 0) {
		finding_add(findings, ABOUT_OOPS, STATE_OK, name,
			    "%lld: an oops or BUG panics", facts->panic.on_oops);
	} else if (!facts->panic.on_oops && facts->kdump.loaded > 0) {
		finding_add(findings, ABOUT_OOPS, STATE_WARN, name,
			    "0: an oops kills its process only, so kdump saves nothing");
		finding_advise(findings, "sysctl -w kernel.panic_on_oops=1, if an oops must leave a dump");
	} else if (!facts->panic.on_oops) {
		finding_add(findings, ABOUT_OOPS, STATE_OK, name,
			    "0: an oops or BUG kills its process only");
	}
}

static void check_warn(const struct facts *facts, struct findings *findings)
{
	const char *name = "panic_on_warn";

	if (!facts->panic.on_warn)
		finding_add(findings, ABOUT_WARN, STATE_OK, name,
			    "0: a warning is only logged");
	if (facts->panic.on_warn <= 0)
		return;
	finding_add(findings, ABOUT_WARN, STATE_WARN, name,
		    "%lld: each warning panics", facts->panic.on_warn);
	finding_advise(findings, "sysctl -w kernel.panic_on_warn=0, unless this machine is for tests");
}

struct setting {
	const char *name;
	const char *path;
	const char *event;
	unsigned int about;
};

/* The settings that are good either way. */
static const struct setting settings[] = {
	{ "softlockup_panic", "/proc/sys/kernel/softlockup_panic",
	  "a soft lockup", ABOUT_SOFT },
	{ "hardlockup_panic", "/proc/sys/kernel/hardlockup_panic",
	  "a hard lockup", ABOUT_HARD },
	{ "hung_task_panic", "/proc/sys/kernel/hung_task_panic",
	  "a hung task", ABOUT_HUNG_TASK },
	{ "panic_on_rcu_stall", "/proc/sys/kernel/panic_on_rcu_stall",
	  "an RCU stall", ABOUT_RCU },
	{ "panic_on_oom", "/proc/sys/vm/panic_on_oom",
	  "a lack of memory", ABOUT_OOM },
	{ "panic_on_unrecovered_nmi",
	  "/proc/sys/kernel/panic_on_unrecovered_nmi",
	  "an NMI for a memory error", ABOUT_NMI },
	{ "unknown_nmi_panic", "/proc/sys/kernel/unknown_nmi_panic",
	  "an NMI of unknown cause", ABOUT_NMI },
	{ "panic_on_io_nmi", "/proc/sys/kernel/panic_on_io_nmi",
	  "an NMI for an I/O error", ABOUT_NMI },
	{ "panic_on_stackoverflow",
	  "/proc/sys/kernel/panic_on_stackoverflow", "a stack overflow",
	  ABOUT_NMI },
};

static void check_settings(struct machine *machine, struct findings *findings)
{
	size_t i;

	for (i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		const struct setting *setting = settings + i;
		long long value = machine_number(machine, setting->path);

		/* Not every kernel has each of them. */
		if (value < 0)
			continue;
		finding_add(findings, setting->about, STATE_OK, setting->name,
			    value ? "%lld: %s panics" : "%lld: %s does not panic",
			    value, setting->event);
	}
}

static void check_limit(struct findings *findings, unsigned int about,
			const char *name, const char *event,
			const char *events, long long limit, long long count)
{
	long long left;

	if (limit < 0)
		return;
	left = limit - (count < 0 ? 0 : count);
	if (!limit) {
		finding_add(findings, about, STATE_OK, name,
			    "0: there is no limit for %s", events);
		return;
	}
	if (left <= 1)
		finding_add(findings, about, STATE_WARN, name,
			    "%lld: the next %s panics (%lld so far)", limit,
			    event, count < 0 ? 0 : count);
	else
		finding_add(findings, about,
			    left > LIMIT_NEAR ? STATE_OK : STATE_WARN, name,
			    "%lld: %lld %s until a panic (%lld so far)", limit,
			    left, events, count < 0 ? 0 : count);
	if (left <= LIMIT_NEAR)
		finding_advise(findings, "Raise kernel.%s, or restart the machine to count from 0",
			       name);
}

static const struct {
	unsigned int bit;
	const char *word;
} taints[] = {
	{ 0, "proprietary module" }, { 1, "forced module" },
	{ 3, "forced rmmod" }, { 4, "machine check" }, { 5, "bad page" },
	{ 6, "user request" }, { 7, "oops" }, { 9, "warning" },
	{ 11, "firmware bug" }, { 12, "out-of-tree module" },
	{ 13, "unsigned module" }, { 14, "soft lockup" },
	{ 15, "live patch" },
};

static char *taint_words(unsigned long taint)
{
	char *words = text("%s", "");
	size_t i;

	for (i = 0; i < sizeof(taints) / sizeof(*taints); i++) {
		char *longer;

		if (!(taint & 1UL << taints[i].bit))
			continue;
		longer = text("%s%s%s", words, *words ? ", " : ": ",
			      taints[i].word);
		free(words);
		words = longer;
	}
	return words;
}

static void check_taint(const struct facts *facts, struct findings *findings)
{
	const struct panic *panic = &facts->panic;
	unsigned long taint = panic->taint > 0 ? panic->taint : 0;
	unsigned long modules = TAINT_OOT_MODULE | TAINT_UNSIGNED_MODULE;
	char *words = taint_words(taint);

	if (panic->taint >= 0)
		finding_add(findings, ABOUT_ALL,
			    taint & TAINT_DIE ? STATE_WARN : STATE_OK,
			    "taint", "%lu%s", taint, words);
	if (taint & TAINT_DIE)
		finding_advise(findings, "Restart before a drill of hung_task: after an oops its detector is silent");
	free(words);
	if (!panic->on_taint)
		return;
	finding_add(findings, ABOUT_ALL,
		    panic->on_taint & modules ? STATE_BAD : STATE_WARN,
		    "panic_on_taint", "0x%lx: %s panics", panic->on_taint,
		    panic->on_taint & modules ? "loading our modules" :
		    "a failure that sets one of these taints");
	finding_advise(findings, "Remove panic_on_taint= from the kernel's command line, and restart");
}

/**
 * check_panic() - check the settings of panics
 * @machine: the machine
 * @facts: facts about it
 * @findings: receives the findings
 */
void check_panic(struct machine *machine, const struct facts *facts,
		 struct findings *findings)
{
	const struct panic *panic = &facts->panic;

	if (!panic->known) {
		finding_add(findings, ABOUT_ALL, STATE_UNKNOWN, "kernel",
			    "its settings are not known: /proc/sys/kernel/panic cannot be read");
		finding_advise(findings, "Run roulettectl check on the machine itself");
		return;
	}
	check_timeout(facts, findings);
	check_oops(facts, findings);
	check_warn(facts, findings);
	check_settings(machine, findings);
	check_limit(findings, ABOUT_OOPS, "oops_limit", "oops",
		    "oopses", panic->oops_limit, panic->oopses);
	check_limit(findings, ABOUT_WARN, "warn_limit", "warning",
		    "warnings", panic->warn_limit, panic->warnings);
	check_taint(facts, findings);
}
