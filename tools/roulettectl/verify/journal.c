// SPDX-License-Identifier: GPL-2.0
/* The kernel's lines in the journal. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "entries.h"

/**
 * struct lines - what the journal has of the drill's boot
 * @sight: of all lines
 * @count: number of lines since the drill's record
 * @hit: when the hit was logged, or 0
 * @announced: when the hit was announced, or 0
 */
struct lines {
	struct sight sight;
	unsigned long long count;
	double hit;
	double announced;
};

static void add_line(struct verify *verify, const struct journal_entry *entry,
		     void *data)
{
	const struct sight *sight = &entry->search.sight;
	struct lines *lines = data;

	lines->count++;
	if (sight_proves(verify, sight) && !lines->hit)
		lines->hit = entry->time;
	if (sight->announced)
		lines->announced = entry->time;
	lines->sight.cancelled |= sight->cancelled;
	lines->sight.unfired |= sight->unfired;
}

/* Return: the match for the boot of the drill, without the hyphens of the id. */
static char *match_boot(const char *boot_id)
{
	char *match = text("_BOOT_ID=%s", boot_id), *from, *to = match;

	for (from = match; *from; from++)
		if (*from != '-')
			*to++ = *from;
	*to = '\0';
	return match;
}

static void offer_nothing(struct verify *verify, struct evidence *evidence,
			  const struct lines *lines)
{
	if (lines->sight.cancelled || lines->sight.unfired)
		evidence_offer(evidence, EVIDENCE_MISSING, NULL, 0,
			       text("the hit did not fire: it %s",
				    lines->sight.unfired ? "had no memory" :
							   "was cancelled"),
			       "Repeat the drill.");
	else if (lines->count)
		evidence_offer(evidence, EVIDENCE_MISSING, NULL, 0,
			       text("it has %llu lines of that boot since the drill, without the hit",
				    lines->count),
			       "Repeat the drill with a delay: journald needs a second to write the lines to disk.");
	else if (machine_is_this(&verify->machine) && geteuid())
		evidence_offer(evidence, EVIDENCE_UNREAD, NULL, 0,
			       text("it shows nothing of that boot to this user"),
			       "Run the command as root.");
	else if (!verify->journal.persistent)
		evidence_offer(evidence, EVIDENCE_MISSING, NULL, 0,
			       text("it is lost in a restart (Storage=%s)",
				    verify->journal.storage ?: "auto"),
			       "Make it persistent: mkdir " JOURNAL_DIR ", then journalctl --flush.");
	else
		evidence_offer(evidence, EVIDENCE_MISSING, NULL, 0,
			       text("it has nothing of that boot since the drill"),
			       "Repeat the drill with a delay: journald needs a second to write the lines to disk.");
}

/**
 * verify_journal() - search the journal
 * @verify: the drill
 */
void verify_journal(struct verify *verify)
{
	struct evidence *evidence = verify->evidence + COLLECTOR_JOURNAL;
	char *boot = match_boot(verify->record.boot_id), *why;
	const char *const matches[] = { "_TRANSPORT=kernel", boot, NULL };
	struct lines lines = {};

	why = entries_search(verify, matches, "MESSAGE", add_line, &lines);
	/* The end of a damaged journal cannot be read, but its start can. */
	if (lines.hit) {
		if (!verify->external)
			verify->bang = lines.hit;
		evidence_offer(evidence, EVIDENCE_FOUND, NULL, lines.hit,
			       text(verify->external ? "the line of the drill" :
						       "the line of the hit"),
			       NULL);
	} else if (lines.announced && !lines.sight.cancelled &&
		   !lines.sight.unfired) {
		verify->bang = lines.announced + verify->record.delay_ms / 1e3;
		evidence_offer(evidence, EVIDENCE_FOUND, NULL, lines.announced,
			       text("the line that announces the hit; the hit itself was too late for it"),
			       NULL);
	} else if (why) {
		evidence_offer(evidence, EVIDENCE_UNREAD, NULL, 0,
			       text("%s", why), "Install systemd's journalctl, or run it as root.");
	} else {
		offer_nothing(verify, evidence, &lines);
	}
	free(why);
	free(boot);
}
