// SPDX-License-Identifier: GPL-2.0
/* Checks the journal, the consoles and netconsole. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "machine/service.h"

/* Warnings have level 4, the lines of an oops levels 1 to 4. */
#define LEVEL_REPORTS	5

static void check_journal(struct machine *machine, const struct journal *journal,
			  struct findings *findings)
{
	static const char *const loggers[] = {
		"rsyslog", "syslog-ng", "busybox-syslogd", "sysklogd",
	};
	const char *name = "journal";
	size_t i;

	if (journal->exists && journal->persistent) {
		finding_add(findings, ABOUT_ALL, STATE_OK, name,
			    "survives a restart (Storage=%s, " JOURNAL_DIR ")",
			    journal->storage);
		return;
	}
	if (journal->exists) {
		finding_add(findings, ABOUT_ALL, STATE_WARN, name,
			    !strcasecmp(journal->storage, "none") ?
			    "Storage=%s: journald keeps no journal" :
			    "in memory only (Storage=%s): the next restart deletes it",
			    journal->storage);
		finding_advise(findings, !strcasecmp(journal->storage, "auto") ?
			       "mkdir -p " JOURNAL_DIR " && journalctl --flush" :
			       "Set Storage=persistent in /etc/systemd/journald.conf.d/, and restart systemd-journald");
		return;
	}
	for (i = 0; i < sizeof(loggers) / sizeof(*loggers); i++) {
		if (service_enabled(machine, loggers[i]) <= 0)
			continue;
		finding_add(findings, ABOUT_ALL, STATE_OK, name,
			    "no journald; %s keeps the log", loggers[i]);
		return;
	}
	finding_add(findings, ABOUT_ALL, STATE_WARN, name,
		    "neither journald nor a syslog daemon is known to keep the log");
	finding_advise(findings, "Install one, or search the collectors on other machines");
}

static void check_netconsole(const struct console *console,
			     struct findings *findings)
{
	const char *name = "netconsole";

	if (console->netconsole) {
		finding_add(findings, ABOUT_ALL, STATE_OK, name,
			    "sends the log to %s; only a drill proves that it arrives",
			    console->netconsole);
	} else if (console->netconsole_off) {
		finding_add(findings, ABOUT_ALL, STATE_WARN, name,
			    "it has a target, but none is enabled");
		finding_advise(findings, "Write 1 to its file enabled in /sys/kernel/config/netconsole/");
	} else if (console->netconsole_loaded) {
		finding_add(findings, ABOUT_ALL, STATE_UNKNOWN, name,
			    "loaded; kernels before 6.7 do not show targets of its module parameter");
		finding_advise(findings, "Set the targets in configfs, or in a file of /etc/modprobe.d");
	} else {
		finding_add(findings, ABOUT_ALL, STATE_OK, name,
			    "not loaded, so no other machine gets the log by network");
	}
}

static void check_console(const struct console *console,
			  struct findings *findings)
{
	const char *name = "console";

	if (!console->known) {
		finding_add(findings, ABOUT_ALL, STATE_UNKNOWN, name,
			    "/proc/consoles cannot be read");
	} else if (!console->names) {
		finding_add(findings, ABOUT_ALL, STATE_WARN, name,
			    "the kernel has no console");
		finding_advise(findings, "Add console= to the kernel's command line, and restart");
	} else if (!console->serial) {
		finding_add(findings, ABOUT_ALL, STATE_OK, name,
			    "%s; no serial line, so only the screen shows a panic",
			    console->names);
	} else {
		finding_add(findings, ABOUT_ALL, STATE_OK, name,
			    "%s; record %s on its other end", console->names,
			    console->serial);
	}
}

static void check_level(const struct console *console,
			struct findings *findings)
{
	const char *name = "kernel.printk";

	if (console->level < 0)
		return;
	if (console->level >= LEVEL_REPORTS) {
		finding_add(findings, ABOUT_ALL, STATE_OK, name,
			    "%lld: consoles show reports", console->level);
		return;
	}
	finding_add(findings, ABOUT_ALL,
		    console->serial || console->netconsole ? STATE_WARN : STATE_OK,
		    name, "%lld: consoles show the line of a hit, but not the whole report",
		    console->level);
	if (console->serial || console->netconsole)
		finding_advise(findings, "dmesg -n 8, and no quiet in the kernel's command line");
}

/**
 * check_logs() - check the journal, the consoles and netconsole
 * @machine: the machine
 * @facts: facts about it
 * @findings: receives the findings
 */
void check_logs(struct machine *machine, const struct facts *facts,
		struct findings *findings)
{
	check_journal(machine, &facts->journal, findings);
	check_netconsole(&facts->console, findings);
	check_console(&facts->console, findings);
	check_level(&facts->console, findings);
}
