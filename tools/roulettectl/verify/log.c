// SPDX-License-Identifier: GPL-2.0
/* The kernel log of the boot in which a survivor was drilled. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text.h"
#include "verify.h"

#define KMSG	"/dev/kmsg"

/**
 * struct kmsg - the kernel log, without times: its clock drifts within days
 * @search: a search in all records
 * @oldest: number of the first record
 * @begun: @oldest is known
 */
struct kmsg {
	struct search search;
	unsigned long long oldest;
	bool begun;
};

/* A record of the log: "level,number,microseconds,flags;TEXT", newline. */
static void add_record(struct kmsg *kmsg, const char *record, size_t length)
{
	const char *body = memchr(record, ';', length);
	unsigned long long number;

	if (!body || sscanf(record, "%*u,%llu", &number) != 1)
		return;
	if (!kmsg->begun)
		kmsg->oldest = number;
	kmsg->begun = true;
	search_feed(&kmsg->search, body + 1, record + length - body - 1);
}

static void read_kmsg(int file, struct kmsg *kmsg)
{
	char record[8192];

	for (;;) {
		ssize_t length = read(file, record, sizeof(record) - 1);

		/* EPIPE: the log has dropped this record meanwhile. */
		if (length < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (length <= 0)
			return;
		record[length] = '\0';
		add_record(kmsg, record, length);
	}
}

static void offer(struct verify *verify, struct evidence *evidence,
		  struct kmsg *kmsg)
{
	const struct sight *sight = &kmsg->search.sight;

	if (sight_proves(verify, sight)) {
		evidence_offer(evidence, EVIDENCE_FOUND, KMSG, verify->bang,
			       text("the line of the hit"), NULL);
	} else if (sight->unfired || sight->cancelled) {
		evidence_offer(evidence, EVIDENCE_INCOMPLETE, KMSG, 0,
			       text("the hit did not fire: it %s",
				    sight->unfired ? "had no memory" :
						     "was cancelled"),
			       "Repeat the drill.");
	} else if (sight->announced) {
		evidence_offer(evidence, EVIDENCE_INCOMPLETE, KMSG, 0,
			       text("the hit is announced and has not fired"),
			       "Wait for the delay, and verify again.");
	} else if (kmsg->oldest) {
		evidence_offer(evidence, EVIDENCE_MISSING, NULL, 0,
			       text("the log has dropped its oldest lines"),
			       "Enlarge the log: kernel option log_buf_len=4M.");
	} else {
		evidence_offer(evidence, EVIDENCE_MISSING, NULL, 0,
			       text("the log does not have the hit"),
			       "The hit did not fire. Repeat the drill.");
	}
}

/**
 * verify_log() - search the kernel log of this boot
 * @verify: the drill
 */
void verify_log(struct verify *verify)
{
	struct evidence *evidence = verify->evidence + COLLECTOR_LOG;
	struct kmsg *kmsg;
	int file;

	if (!machine_is_this(&verify->machine)) {
		evidence_offer(evidence, EVIDENCE_UNREAD, NULL, 0,
			       text("only the machine itself can read it"), NULL);
		return;
	}
	if (!verify->same_boot) {
		evidence_offer(evidence, EVIDENCE_UNREAD, NULL, 0,
			       text("the machine has restarted since, and its log is gone"),
			       "Repeat the drill, and verify before a restart.");
		return;
	}
	file = open(KMSG, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (file < 0) {
		evidence_offer(evidence, EVIDENCE_UNREAD, NULL, 0,
			       text(KMSG ": %s", strerror(errno)),
			       "Run the command as root.");
		return;
	}
	kmsg = need_memory(calloc(1, sizeof(*kmsg)));
	search_begin(&kmsg->search, verify->record.id);
	read_kmsg(file, kmsg);
	search_end(&kmsg->search);
	close(file);
	offer(verify, evidence, kmsg);
	free(kmsg);
}
