// SPDX-License-Identifier: GPL-2.0
/* The directories of abrt, which moves crashes away from their collectors. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dump.h"
#include "tree.h"

/* Return: the configured directory, which the caller must free. */
static char *spool(struct verify *verify)
{
	static const char key[] = "DumpLocation";
	char *content = machine_read(&verify->machine, "/etc/abrt/abrt.conf");
	char *rest = content, *line, *dir = NULL;

	while (rest && (line = strsep(&rest, "\n"))) {
		line += strspn(line, " \t");
		if (strncmp(line, key, strlen(key)))
			continue;
		line += strlen(key);
		line += strspn(line, " \t=");
		line[strcspn(line, " \t\r")] = '\0';
		if (*line == '/') {
			free(dir);
			dir = text("%s", line);
		}
	}
	free(content);
	return dir ?: text("/var/spool/abrt");
}

static void judge(struct verify *verify, const struct dump *dump)
{
	struct evidence *kdump = verify->evidence + COLLECTOR_KDUMP;
	struct evidence *pstore = verify->evidence + COLLECTOR_PSTORE;

	if (!sight_proves(verify, &dump->sight) || !dump_in_time(verify, dump))
		return;
	if (dump->memory)
		evidence_offer(kdump,
			       dump->whole && dump->size && !dump->growing ?
			       EVIDENCE_MOVED : EVIDENCE_INCOMPLETE,
			       dump->memory, dump->time,
			       text("abrt has moved the dump%s",
				    dump->whole && dump->size ?
				    "" : ", which is incomplete"), NULL);
	/* abrt also copies an oops from the journal. */
	else if (verify->record.expect[COLLECTOR_PSTORE] == EXPECT_HIT)
		evidence_offer(pstore, EVIDENCE_MOVED, dump->path, dump->time,
			       text("abrt has moved the record"), NULL);
}

/**
 * verify_abrt() - search the crashes that abrt moved
 * @verify: the drill
 */
void verify_abrt(struct verify *verify)
{
	char *path = spool(verify);
	int dir = tree_open(&verify->machine, path);
	struct entries entries;
	size_t i;

	if (dir >= 0) {
		entries_read(dir, &entries);
		for (i = 0; i < entries.count; i++) {
			struct dump dump;

			dump_read(verify, path, dir, entries.name[i], true,
				  &dump);
			judge(verify, &dump);
			dump_free(&dump);
		}
		entries_free(&entries);
		close(dir);
	}
	free(path);
}
