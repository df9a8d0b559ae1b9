// SPDX-License-Identifier: GPL-2.0
/*
 * Scheduled jobs that read device nodes. Most scanners and backups do not:
 * aide, tripwire, rkhunter, clamscan, restic, tar and rsync read regular files,
 * and keep a device as a node. So this searches for the options and commands
 * that read devices.
 */
#define _GNU_SOURCE
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "readers.h"

static const char *const dirs[] = {
	"/etc/cron.d", "/etc/cron.hourly", "/etc/cron.daily",
	"/etc/cron.weekly", "/etc/cron.monthly", "/var/spool/cron",
	"/var/spool/cron/crontabs", "/etc/systemd/system", "/etc/borgmatic",
	"/etc/borgmatic.d",
};

static const char *const patterns[] = {
	/* borg and borgmatic */
	"--read-special",
	"^[[:space:]]*read_special:[[:space:]]*true",
	/* rsync */
	"--copy-devices",
	/* file -s, grep -R, and commands that read below /dev */
	"(^|[^[:alnum:]_-])file( +-[^ ]+)* +(-[[:alpha:]]*s|--special-files)",
	"(^|[^[:alnum:]_-])grep( +-[^ ]+)* +-[[:alpha:]]*R.* /(dev)?( |/|$)",
	"find +/dev .*-exec",
	"(cat|dd|head|strings|[[:alnum:]]+sum) [^|;]*/dev/(kernel-roulette|roulette/)",
};

#define PATTERNS	(sizeof(patterns) / sizeof(*patterns))

static void add(struct readers *readers, const char *path, const char *line,
		const regmatch_t *match)
{
	const char *start = line + match->rm_so;
	int length = match->rm_eo - match->rm_so;
	char *longer;

	while (length && strchr(" \t", *start)) {
		start++;
		length--;
	}
	longer = text("%s%s%s: %.*s", readers->jobs ?: "",
		      readers->jobs ? "\n" : "", path, length, start);
	free(readers->jobs);
	readers->jobs = longer;
}

static void look_at(struct machine *machine, struct readers *readers,
		    const regex_t *regexes, const char *path)
{
	char *content = machine_read(machine, path);
	char *line, *rest = content;
	regmatch_t match;
	size_t i;

	while (rest && (line = strsep(&rest, "\n"))) {
		if (line[strspn(line, " \t")] == '#')
			continue;
		for (i = 0; i < PATTERNS; i++)
			if (!regexec(regexes + i, line, 1, &match, 0))
				break;
		if (i == PATTERNS)
			continue;
		add(readers, path, line, &match);
		break;
	}
	free(content);
}

/**
 * readers_find() - find scheduled jobs that read device nodes
 * @machine: the machine
 * @readers: receives the jobs; the caller must call readers_free()
 */
void readers_find(struct machine *machine, struct readers *readers)
{
	unsigned int unseen = machine->unseen;
	regex_t regexes[PATTERNS];
	size_t i;

	*readers = (struct readers){};
	for (i = 0; i < PATTERNS; i++)
		if (regcomp(regexes + i, patterns[i], REG_EXTENDED))
			need_memory(NULL);
	look_at(machine, readers, regexes, "/etc/crontab");
	look_at(machine, readers, regexes, "/etc/anacrontab");
	for (i = 0; i < sizeof(dirs) / sizeof(*dirs); i++) {
		char **names = machine_names(machine, dirs[i]);
		char **name;

		for (name = names; name && *name; name++) {
			char *path = text("%s/%s", dirs[i], *name);

			look_at(machine, readers, regexes, path);
			free(path);
		}
		machine_names_free(names);
	}
	for (i = 0; i < PATTERNS; i++)
		regfree(regexes + i);
	readers->complete = machine->unseen == unseen;
}

/**
 * readers_free() - free the jobs
 * @readers: the jobs
 */
void readers_free(struct readers *readers)
{
	free(readers->jobs);
	*readers = (struct readers){};
}
