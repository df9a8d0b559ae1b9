// SPDX-License-Identifier: GPL-2.0
/* Decides the result of a drill from its evidence. */
#define _GNU_SOURCE
#include <math.h>
#include <stdlib.h>

#include "text.h"
#include "verify.h"

/* Some collectors store whole seconds, and clocks are adjusted. */
#define SLACK		1.0
/* A crash kernel has the time of the hardware clock, which may lag. */
#define SLACK_WITH_ID	600.0

/**
 * in_time() - check whether something was written after the drill's record
 * @verify: the drill
 * @time: when it was written, in seconds of the clock
 * @has_id: it has the id of the drill, so that a clock may be a little wrong
 *
 * Return: true if it was, so that it can be evidence of the drill.
 */
bool in_time(const struct verify *verify, double time, bool has_id)
{
	return time >= floor(verify->record.time) -
		       (has_id ? SLACK_WITH_ID : SLACK);
}

/**
 * sight_proves() - check whether a text proves the drill
 * @verify: the drill
 * @sight: what was seen in the text
 *
 * Return: true if the text has a line of the hit; of a drill without one, the
 * line with the id.
 */
bool sight_proves(const struct verify *verify, const struct sight *sight)
{
	return sight_fired(sight) || (verify->external && sight->mentioned);
}

/**
 * evidence_offer() - offer evidence; the best is kept
 * @evidence: the best so far
 * @state: state of the new one
 * @path: where it is, or NULL; it is copied
 * @time: when it was written, or 0
 * @details: details, or NULL; the caller must not use it afterwards
 * @advice: what to do next, or NULL
 */
void evidence_offer(struct evidence *evidence, enum evidence_state state,
		    const char *path, double time, char *details,
		    const char *advice)
{
	if (state > evidence->state ||
	    (state == evidence->state && evidence->details)) {
		free(details);
		return;
	}
	free(evidence->path);
	free(evidence->details);
	evidence->state = state;
	evidence->path = path ? text("%s", path) : NULL;
	evidence->time = time;
	evidence->details = details;
	evidence->advice = advice;
}

/**
 * evidence_begin() - begin a search: nothing is found yet
 * @verify: the drill
 */
void evidence_begin(struct verify *verify)
{
	size_t i;

	evidence_end(verify);
	verify->evidence_count = verify->command ? EVIDENCE_COUNT : COLLECTORS;
	for (i = 0; i < verify->evidence_count; i++) {
		verify->evidence[i] = (struct evidence){
			.name = i == EVIDENCE_COMMAND ? "command" :
							collector_names[i],
			.state = EVIDENCE_MISSING,
			.expected = i == EVIDENCE_COMMAND ||
				    verify->record.expect[i] == EXPECT_HIT ||
				    (verify->record.expect[i] == EXPECT_ELSEWHERE &&
				     verify->texts[i]),
		};
	}
	verify->bang = verify->record.time + verify->record.delay_ms / 1e3;
}

/* A collector that lacks the hit, as expected. */
static void judge_unexpected(struct evidence *evidence,
			     enum expectation expectation, const char *reason)
{
	if (evidence->state < EVIDENCE_UNREAD)
		return;
	if (expectation == EXPECT_ELSEWHERE) {
		free(evidence->details);
		evidence->details = text("it is on another machine%s%s",
					 reason ? ": " : "", reason ?: "");
		evidence->state = EVIDENCE_UNREAD;
		return;
	}
	free(evidence->details);
	evidence->details = reason ? text("%s", reason) : NULL;
	evidence->state = EVIDENCE_UNEXPECTED;
}

/**
 * evidence_judge() - decide the result after all collectors were searched
 * @verify: the drill
 */
void evidence_judge(struct verify *verify)
{
	size_t i;

	/* A dump that failed is a finding, even if check has foreseen it. */
	if (verify->evidence[COLLECTOR_KDUMP].state == EVIDENCE_INCOMPLETE)
		verify->evidence[COLLECTOR_KDUMP].expected = true;
	verify->seen = 0;
	verify->expected = 0;
	for (i = 0; i < verify->evidence_count; i++) {
		struct evidence *evidence = verify->evidence + i;

		if (!evidence->expected) {
			judge_unexpected(evidence, verify->record.expect[i],
					 verify->record.reason[i]);
			continue;
		}
		verify->expected++;
		if (evidence->state == EVIDENCE_FOUND ||
		    evidence->state == EVIDENCE_MOVED)
			verify->seen++;
	}
	/* Without any evidence, nothing is proven. */
	verify->result = verify->seen && verify->seen == verify->expected ?
			 RESULT_PROVEN : RESULT_UNPROVEN;
}

/**
 * evidence_end() - free all evidence
 * @verify: the drill
 */
void evidence_end(struct verify *verify)
{
	size_t i;

	for (i = 0; i < verify->evidence_count; i++) {
		free(verify->evidence[i].path);
		free(verify->evidence[i].details);
	}
	verify->evidence_count = 0;
}
