// SPDX-License-Identifier: GPL-2.0
/* Checks kdump: memory, crash kernel, service, and the place of the dumps. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "common/size.h"
#include "finding.h"
#include "forecast/decision.h"
#include "machine/config.h"

static bool has_word(const char *list, const char *word)
{
	return list && strstr(list, word);
}

/* The command that installs kdump on this distribution. */
static const char *installation(struct machine *machine)
{
	char *like = config_shell(machine, "/etc/os-release", "ID_LIKE");
	char *id = config_shell(machine, "/etc/os-release", "ID");
	const char *command = "Install kdump, for example kdump-tools (Debian) or kdump-utils (Fedora)";

	if (has_word(id, "debian") || has_word(like, "debian"))
		command = "apt install kdump-tools, then restart";
	else if (has_word(id, "suse") || has_word(like, "suse"))
		command = "zypper install kdump, then yast2 kdump and a restart";
	else if (has_word(id, "fedora") || has_word(like, "fedora"))
		command = "dnf install kdump-utils, kdumpctl reset-crashkernel, systemctl enable kdump, then restart";
	free(like);
	free(id);
	return command;
}

static void check_memory(struct machine *machine, const struct kdump *kdump,
			 struct findings *findings)
{
	const char *name = "kdump memory";
	char *options, *size;

	if (kdump->reserved < 0) {
		finding_add(findings, ABOUT_PANIC, STATE_UNKNOWN, name,
			    "not known whether crashkernel= has reserved memory");
		return;
	}
	if (kdump->reserved) {
		size = size_text(kdump->reserved);
		finding_add(findings, ABOUT_PANIC, STATE_OK, name,
			    "crashkernel= has reserved %s", size);
		free(size);
		return;
	}
	options = machine_read(machine, "/proc/cmdline");
	if (has_word(options, "crashkernel=")) {
		finding_add(findings, ABOUT_PANIC, STATE_BAD, name,
			    "crashkernel= is set, but the kernel has reserved no memory");
		finding_advise(findings, "Choose a smaller size, see dmesg | grep crashkernel, then restart");
	} else if (kdump->kind == KDUMP_NONE) {
		finding_add(findings, ABOUT_PANIC, STATE_WARN, name,
			    "kdump is not installed, and no memory is reserved for it");
		finding_advise(findings, "%s", installation(machine));
	} else {
		finding_add(findings, ABOUT_PANIC, STATE_BAD, name,
			    "none is reserved, so no crash kernel can be loaded");
		finding_advise(findings, "Add crashkernel=512M to the kernel's command line, and restart");
	}
	free(options);
}

static void check_kernel(struct machine *machine, const struct kdump *kdump,
			 struct findings *findings)
{
	const char *name = "kdump kernel";

	if (kdump->loaded < 0) {
		finding_add(findings, ABOUT_PANIC, STATE_UNKNOWN, name,
			    "not known whether a crash kernel is loaded");
	} else if (kdump->loaded) {
		finding_add(findings, ABOUT_PANIC, STATE_OK, name,
			    "a crash kernel is loaded");
	} else if (machine_number(machine,
				  "/proc/sys/kernel/kexec_load_disabled") > 0) {
		finding_add(findings, ABOUT_PANIC, STATE_BAD, name,
			    "kexec_load_disabled=1: none can be loaded until the next boot");
		finding_advise(findings, "Load the crash kernel before something sets kernel.kexec_load_disabled");
	} else if (kdump->reserved || kdump->kind != KDUMP_NONE) {
		finding_add(findings, ABOUT_PANIC, STATE_BAD, name,
			    "no crash kernel is loaded, so a panic leaves no dump");
		if (kdump->service && kdump->reserved)
			finding_advise(findings, "systemctl restart %s; if that fails, journalctl -u %s has the reason",
				       kdump->service, kdump->service);
	}
}

static void check_service(const struct kdump *kdump, struct findings *findings)
{
	const char *name = "kdump service";

	if (kdump->kind == KDUMP_NONE) {
		if (kdump->loaded <= 0)
			return;
		finding_add(findings, ABOUT_PANIC, STATE_WARN, name,
			    "none is known, but a crash kernel is loaded");
		finding_advise(findings, "Load it at each boot, and check where it saves");
	} else if (kdump->switched_off) {
		finding_add(findings, ABOUT_PANIC, STATE_BAD, name,
			    "%s is switched off by %s%s", kdump->service,
			    kdump->switched_off, kdump->loaded > 0 ?
			    "; another program may have loaded the crash kernel" : "");
		finding_advise(findings, "Set it to 1, and restart the service");
	} else if (kdump->enabled > 0) {
		finding_add(findings, ABOUT_PANIC, STATE_OK, name,
			    "%s starts at boot", kdump->service);
	} else if (!kdump->enabled) {
		finding_add(findings, ABOUT_PANIC, STATE_BAD, name,
			    "%s does not start at boot", kdump->service);
		finding_advise(findings, "systemctl enable --now %s",
			       kdump->service);
	} else {
		finding_add(findings, ABOUT_PANIC, STATE_UNKNOWN, name,
			    "not known whether %s starts at boot",
			    kdump->service);
	}
}

static void check_space(const struct kdump *kdump, struct findings *findings)
{
	long long needed = dump_bytes(kdump);
	enum state state = STATE_OK;
	char *free_text, *needed_text;

	if (kdump->free < needed)
		state = STATE_BAD;
	else if (kdump->free < needed * 3)
		state = STATE_WARN;
	free_text = size_text(kdump->free);
	needed_text = size_text(needed);
	finding_add(findings, ABOUT_PANIC, state, "kdump target",
		    "%s, %s free; a dump takes about %s", kdump->dir,
		    free_text, needed_text);
	if (state != STATE_OK)
		finding_advise(findings, "Free space in %s, or save dumps elsewhere",
			       kdump->dir);
	free(free_text);
	free(needed_text);
}

static void check_target(const struct kdump *kdump, struct findings *findings)
{
	if (kdump->remote)
		finding_add(findings, ABOUT_PANIC, STATE_OK, "kdump target",
			    "%s; only a drill proves that it can be reached",
			    kdump->remote);
	else if (kdump->free < 0 || kdump->memory < 0)
		finding_add(findings, ABOUT_PANIC, STATE_UNKNOWN,
			    "kdump target",
			    "%s; not known whether it has space for a dump",
			    kdump->dir);
	else
		check_space(kdump, findings);
}

static void check_notifiers(const struct facts *facts,
			    struct findings *findings)
{
	const char *name = "kdump notifiers";

	if (facts->kdump.loaded <= 0)
		return;
	if (facts->kdump.notifiers)
		finding_add(findings, ABOUT_PANIC, STATE_OK, name,
			    "crash_kexec_post_notifiers=Y: pstore and pvpanic work before the dump");
	else if (facts->pstore.backend)
		finding_add(findings, ABOUT_PANIC, STATE_OK, name,
			    "crash_kexec_post_notifiers=N: pstore and pvpanic stay empty, kdump is first");
}

/**
 * check_kdump() - check kdump
 * @machine: the machine
 * @facts: facts about it
 * @findings: receives the findings
 */
void check_kdump(struct machine *machine, const struct facts *facts,
		 struct findings *findings)
{
	const struct kdump *kdump = &facts->kdump;

	check_memory(machine, kdump, findings);
	check_kernel(machine, kdump, findings);
	check_service(kdump, findings);
	if (kdump->kind != KDUMP_NONE || kdump->loaded > 0)
		check_target(kdump, findings);
	check_notifiers(facts, findings);
}
