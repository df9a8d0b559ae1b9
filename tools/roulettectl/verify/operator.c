// SPDX-License-Identifier: GPL-2.0
/* The texts that the operator names: a file, or the output of a command. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "look.h"
#include "tree.h"
#include "verify.h"

static void judge(struct verify *verify, struct evidence *evidence,
		  const char *path, double time, const struct sight *sight,
		  const char *why)
{
	if (sight_proves(verify, sight)) {
		/* The text has no time of a known form. */
		if (time && !in_time(verify, time, true))
			evidence_offer(evidence, EVIDENCE_MISSING, NULL, 0,
				       text("%s has the drill's id and is older than the drill",
					    path),
				       "Check the clocks of both machines.");
		else
			evidence_offer(evidence, EVIDENCE_FOUND, path, 0,
				       text(sight->hit ? "the line of the hit" :
							 "a line of the drill"),
				       NULL);
	} else if (why) {
		evidence_offer(evidence, EVIDENCE_UNREAD, path, 0, text("%s", why),
			       NULL);
	} else if (sight->announced) {
		evidence_offer(evidence, EVIDENCE_INCOMPLETE, path, 0,
			       text("the line that announces the hit, and not the hit"),
			       "The text may end before the hit. Get the rest of the text, and verify again.");
	} else {
		evidence_offer(evidence, EVIDENCE_MISSING, NULL, 0,
			       text("%s (%llu bytes) does not have the hit",
				    path, sight->bytes),
			       "Check that the text is from this machine. The console shows the hit if its level is above 0: dmesg -n 8.");
	}
}

static void search_text(struct verify *verify, struct evidence *evidence,
			const char *path)
{
	struct sight sight = {};
	struct stat status;
	double time = 0;
	int file = open(path, O_RDONLY | O_CLOEXEC);
	char *why;

	if (file < 0) {
		judge(verify, evidence, path, 0, &sight, strerror(errno));
		return;
	}
	if (!fstat(file, &status) && S_ISREG(status.st_mode))
		time = stat_time(&status);
	why = look_file(file, path, verify->record.id, LOOK_ALL, &sight);
	judge(verify, evidence, path, time, &sight, why);
	free(why);
	close(file);
}

/**
 * verify_operator() - search the texts that the operator named
 * @verify: the drill
 */
void verify_operator(struct verify *verify)
{
	size_t i;

	for (i = 0; i < COLLECTORS; i++)
		if (verify->texts[i])
			search_text(verify, verify->evidence + i,
				    verify->texts[i]);
	if (verify->command) {
		struct sight sight = {};
		char *why = look_command(verify->command, verify->record.id,
					 &sight);

		judge(verify, verify->evidence + EVIDENCE_COMMAND,
		      verify->command, 0, &sight, why);
		free(why);
	}
}
