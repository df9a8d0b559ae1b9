// SPDX-License-Identifier: GPL-2.0
/* The records of pstore: not moved yet, moved by systemd-pstore, in the journal. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "entries.h"
#include "look.h"
#include "names.h"
#include "tree.h"

/* systemd-pstore makes a directory for the time of an EFI record, and one in it. */
#define DEPTH	2
/* The text that it puts together from the parts of a record. */
#define TOGETHER	"dmesg.txt"

/**
 * struct search_pstore - a search in the records of pstore
 * @verify: the drill
 * @evidence: what was found
 * @crash: path of the first record in time that has no line of the hit, or NULL
 * @crash_time: when it was written
 */
struct search_pstore {
	struct verify *verify;
	struct evidence *evidence;
	char *crash;
	double crash_time;
};

static char *what_it_has(const struct sight *sight)
{
	if (sight->hit)
		return text("the line of the hit");
	if (sight->last)
		return text("the line \"last hit\"; the line of the hit is pushed out");
	if (sight->panicked)
		return text("the message of the panic; the line of the hit is pushed out");
	return text("a line of the drill; the line of the hit is pushed out");
}

/* One record, or one text that systemd-pstore has put together. */
static void judge(struct search_pstore *search, const char *path, double time,
		  const struct sight *sight, const char *unread)
{
	struct verify *verify = search->verify;
	bool proves = sight_proves(verify, sight);

	if (!in_time(verify, time, proves)) {
		if (proves)
			evidence_offer(search->evidence, EVIDENCE_MISSING,
				       NULL, 0,
				       text("%s has the drill's id and is older than the drill",
					    path),
				       "Check the clock of the machine.");
		return;
	}
	if (proves) {
		evidence_offer(search->evidence, EVIDENCE_FOUND, path, time,
			       what_it_has(sight), NULL);
	} else if (unread) {
		evidence_offer(search->evidence, EVIDENCE_UNREAD, path, time,
			       text("%s could not be searched: %s", path, unread),
			       NULL);
	} else if (sight->crash && !search->crash) {
		search->crash = text("%s", path);
		search->crash_time = time;
	}
}

static void look(struct search_pstore *search, const char *path, int dir,
		 const char *name, double time)
{
	const char *id = search->verify->record.id;
	struct stat status;
	struct sight sight = {};
	char *own, *why;
	int file;

	/* The other files of pstore are not of crashes. */
	if (strncmp(name, "dmesg", 5))
		return;
	own = text("%s/%s", path, name);
	file = tree_open_file(dir, name, &status);
	if (file < 0) {
		if (errno == EACCES && !fstatat(dir, name, &status, 0))
			judge(search, own, stat_time(&status), &sight,
			      strerror(EACCES));
		free(own);
		return;
	}
	if (strstr(name, ".enc.z"))
		why = text("the kernel could not decompress it");
	else
		why = look_file(file, name, id, LOOK_LOG, &sight);
	judge(search, own, time ? time : stat_time(&status), &sight, why);
	free(why);
	close(file);
	free(own);
}

/* @time: the time in the name of a directory above, or 0. */
static void search_dir(struct search_pstore *search, const char *path, int dir,
		       double time, int depth)
{
	struct entries entries;
	size_t i;

	/* Before its parts, which are beside it. */
	look(search, path, dir, TOGETHER, time);
	entries_read(dir, &entries);
	for (i = 0; i < entries.count; i++) {
		const char *name = entries.name[i];
		double own_time = time;
		char *own;
		int below;

		if (!strcmp(name, TOGETHER))
			continue;
		below = depth ? tree_open_dir(dir, name) : -1;
		if (below < 0) {
			look(search, path, dir, name, time);
			continue;
		}
		if (!time)
			pstore_time(name, &own_time);
		own = text("%s/%s", path, name);
		search_dir(search, own, below, own_time, depth - 1);
		free(own);
		close(below);
	}
	entries_free(&entries);
}

static void search_path(struct search_pstore *search, const char *path)
{
	int dir = tree_open(&search->verify->machine, path);

	if (dir >= 0) {
		search_dir(search, path, dir, 0, DEPTH);
		close(dir);
	} else if (errno != ENOENT) {
		evidence_offer(search->evidence, EVIDENCE_UNREAD, NULL, 0,
			       text("%s: %s", path, strerror(errno)),
			       "Run the command as root.");
	}
}

static void judge_entry(struct verify *verify,
			const struct journal_entry *entry, void *data)
{
	(void)verify;
	judge(data, "the journal, entries of systemd-pstore", entry->time,
	      &entry->search.sight, NULL);
}

/*
 * With Storage=journal, systemd-pstore leaves no file. It sends its name itself:
 * journald adds _COMM only if the process still exists.
 */
static void search_journal(struct search_pstore *search)
{
	static const char *const matches[] = {
		"SYSLOG_IDENTIFIER=systemd-pstore", NULL
	};

	if (search->verify->journal.exists)
		free(entries_search(search->verify, matches, "FILE",
				    judge_entry, search));
}

static void offer_crash(struct search_pstore *search)
{
	const struct pstore *pstore = &search->verify->pstore;
	char *details;

	if (search->verify->external) {
		evidence_offer(search->evidence, EVIDENCE_FOUND, search->crash,
			       search->crash_time,
			       text("a crash of that time, without the id"),
			       NULL);
		return;
	}
	if (pstore->kmsg_bytes > 0)
		details = text("a crash of that time; the hit is pushed out, since only %lld bytes are kept",
			       pstore->kmsg_bytes);
	else
		details = text("a crash of that time; the hit is pushed out, since too few bytes are kept");
	evidence_offer(search->evidence, EVIDENCE_INCOMPLETE, search->crash,
		       search->crash_time, details,
		       "Keep more of the log: kernel option pstore.kmsg_bytes=65536. For ramoops also enlarge its record_size.");
}

static void offer_nothing(struct search_pstore *search)
{
	const struct pstore *pstore = &search->verify->pstore;

	if (!pstore->known)
		evidence_offer(search->evidence, EVIDENCE_MISSING, NULL, 0,
			       text("there is no record since the drill"),
			       "Check it on that machine: roulettectl check.");
	else if (!pstore->backend)
		evidence_offer(search->evidence, EVIDENCE_MISSING, NULL, 0,
			       text("there is no record since the drill, and no backend is loaded now"),
			       "Load one: modprobe efi_pstore, erst or ramoops. Then check it: roulettectl check.");
	else if (!pstore->mounted)
		evidence_offer(search->evidence, EVIDENCE_MISSING, NULL, 0,
			       text("there is no record since the drill, and " PSTORE_DIR " is not mounted"),
			       "Mount it, and verify again: mount -t pstore none " PSTORE_DIR);
	else
		evidence_offer(search->evidence, EVIDENCE_MISSING, NULL, 0,
			       text("there is no record since the drill (backend %s)",
				    pstore->backend),
			       "Check it: roulettectl check. A crash kernel that is loaded keeps pstore empty.");
}

/**
 * verify_pstore() - search the records of pstore
 * @verify: the drill
 */
void verify_pstore(struct verify *verify)
{
	struct search_pstore search = {
		.verify = verify,
		.evidence = verify->evidence + COLLECTOR_PSTORE,
	};

	search_path(&search, PSTORE_SAVED);
	search_path(&search, PSTORE_DIR);
	search_journal(&search);
	if (search.crash)
		offer_crash(&search);
	offer_nothing(&search);
	free(search.crash);
}
