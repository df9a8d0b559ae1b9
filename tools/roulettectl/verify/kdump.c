// SPDX-License-Identifier: GPL-2.0
/* The dumps of kdump-tools, kdump-utils and SUSE's kdump. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/size.h"
#include "dump.h"
#include "tree.h"

#define USUAL_DIR	"/var/crash"

static const char wait_for_it[] =
	"Wait until the dump is complete: roulettectl verify --wait 300.";
static const char disk_full[] =
	"Check the space on the disk. The console of the crash kernel shows why it stopped.";

/* Return: the missing part, or NULL if the dump is complete. */
static char *lacks(const struct dump *dump)
{
	char *size = size_text(dump->size), *details = NULL;

	if (dump->growing)
		details = text("the dump is still being written, %s so far",
			       size);
	else if (!dump->files)
		details = text("the directory is empty");
	else if (!dump->memory)
		details = text("it has %s dump of memory",
			       dump->sight.bytes ? "the log, and no" : "no");
	else if (!dump->whole)
		details = text("the dump of memory is incomplete, %s", size);
	else if (!dump->size)
		details = text("the dump of memory is empty");
	else if (dump->status)
		details = text("%s", dump->status);
	else if (dump->partial_log)
		details = text("the log is incomplete");
	free(size);
	return details;
}

/* A dump that has the hit; or the dump of an external drill, which has none. */
static void offer_dump(struct evidence *evidence, const struct dump *dump,
		       const char *without)
{
	const char *path = dump->memory ?: dump->path;
	char *lacking = lacks(dump), *size;

	if (lacking) {
		evidence_offer(evidence, EVIDENCE_INCOMPLETE, path, dump->time,
			       text("%s%s", lacking, without),
			       dump->growing ? wait_for_it : disk_full);
	} else {
		size = size_text(dump->size);
		evidence_offer(evidence, EVIDENCE_FOUND, path, dump->time,
			       text("the dump is complete, %s%s", size, without),
			       NULL);
		free(size);
	}
	free(lacking);
}

/* A dump that is in time, and has no line of the hit. */
static void judge_other(struct evidence *evidence, const struct dump *dump)
{
	char *lacking = lacks(dump);

	if (!dump->denied && !dump->unread && !dump->growing &&
	    !dump->partial_log && dump->sight.bytes)
		evidence_offer(evidence, EVIDENCE_MISSING, NULL, 0,
			       text("%s is of that time, and does not have the hit",
				    dump->path),
			       "The machine may have crashed for another reason.");
	else if (lacking && !dump->denied)
		evidence_offer(evidence, EVIDENCE_INCOMPLETE,
			       dump->memory ?: dump->path, dump->time,
			       text("%s, and no log has the hit", lacking),
			       dump->growing ? wait_for_it : disk_full);
	else
		evidence_offer(evidence, EVIDENCE_UNREAD, dump->path,
			       dump->time,
			       text("its log could not be searched: %s",
				    dump->unread ?: "it has none"),
			       "Install the program that is missing, or run it as root.");
	free(lacking);
}

static void judge(struct verify *verify, const struct dump *dump)
{
	struct evidence *evidence = verify->evidence + COLLECTOR_KDUMP;
	bool proves = sight_proves(verify, &dump->sight);

	if (!dump->files && !dump->stamp)
		return;
	if (!dump_in_time(verify, dump)) {
		if (proves)
			evidence_offer(evidence, EVIDENCE_MISSING, NULL, 0,
				       text("%s has the drill's id and is older than the drill",
					    dump->path),
				       "Check the clocks of the machine and of the crash kernel.");
		return;
	}
	if (proves)
		offer_dump(evidence, dump, "");
	else if (verify->external && !dump->denied)
		offer_dump(evidence, dump, ", without the id");
	else
		judge_other(evidence, dump);
}

/* Ubuntu's report of a dump, for its bug tracker. */
static void judge_apport(struct verify *verify, const char *path, int dir,
			 const char *name)
{
	struct stat status;

	if (fnmatch("linux-image-*.crash", name, 0) ||
	    fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW) ||
	    !S_ISREG(status.st_mode) || !in_time(verify, stat_time(&status), false))
		return;
	evidence_offer(verify->evidence + COLLECTOR_KDUMP, EVIDENCE_MISSING,
		       NULL, 0,
		       text("only apport's report %s/%s is of that time", path,
			    name),
		       "Unpack it: apport-unpack FILE DIRECTORY, and search VmCoreDmesg for the id.");
}

static void search_dir(struct verify *verify, const char *path)
{
	struct evidence *evidence = verify->evidence + COLLECTOR_KDUMP;
	int dir = tree_open(&verify->machine, path);
	struct entries entries;
	size_t i;

	if (dir < 0) {
		if (errno != ENOENT)
			evidence_offer(evidence, EVIDENCE_UNREAD, NULL, 0,
				       text("%s: %s", path, strerror(errno)),
				       "Run the command as root.");
		return;
	}
	entries_read(dir, &entries);
	for (i = 0; i < entries.count; i++) {
		struct dump dump;

		dump_read(verify, path, dir, entries.name[i], false, &dump);
		judge(verify, &dump);
		dump_free(&dump);
	}
	/* A dump has more details than the report. */
	for (i = 0; i < entries.count; i++)
		judge_apport(verify, path, dir, entries.name[i]);
	entries_free(&entries);
	close(dir);
}

static void offer_nothing(struct verify *verify)
{
	const struct kdump *kdump = &verify->kdump;
	struct evidence *evidence = verify->evidence + COLLECTOR_KDUMP;

	if (kdump->remote)
		evidence_offer(evidence, EVIDENCE_UNREAD, NULL, 0,
			       text("the dump is sent elsewhere: %s",
				    kdump->remote),
			       "Search the dump there for the drill's id.");
	else
		evidence_offer(evidence, EVIDENCE_MISSING, NULL, 0,
			       text("%s has no dump since the drill",
				    kdump->dir ?: USUAL_DIR),
			       "Check kdump: roulettectl check. The console of the crash kernel shows why it saved nothing.");
}

/**
 * verify_kdump() - search the dumps
 * @verify: the drill
 */
void verify_kdump(struct verify *verify)
{
	const char *dir = verify->kdump.dir ?: USUAL_DIR;

	search_dir(verify, dir);
	/* The configuration may have been changed since the drill. */
	if (strcmp(dir, USUAL_DIR))
		search_dir(verify, USUAL_DIR);
	offer_nothing(verify);
}
