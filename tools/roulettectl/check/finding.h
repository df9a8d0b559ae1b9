/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_FINDING_H
#define ROULETTECTL_FINDING_H

#include <stddef.h>

#include "machine/facts.h"

/**
 * enum state - how good a finding is
 * @STATE_OK: good, or a choice of the machine's owner
 * @STATE_WARN: good for some failures only, or easy to misread
 * @STATE_BAD: a failure leaves no record, or a machine that does not restart
 * @STATE_UNKNOWN: it could not be read
 * @STATES: number of states
 */
enum state {
	STATE_OK,
	STATE_WARN,
	STATE_BAD,
	STATE_UNKNOWN,
	STATES,
};

extern const char *const state_names[STATES];

/* The actions that a finding matters for, as bits. */
enum about {
	ABOUT_WARN = 0x1,
	ABOUT_OOPS = 0x2,
	ABOUT_OOM = 0x4,
	ABOUT_HUNG_TASK = 0x8,
	ABOUT_SOFT = 0x10,
	ABOUT_HARD = 0x20,
	ABOUT_RCU = 0x40,
	ABOUT_WATCHDOG = 0x80,	/* no CPU runs */
	ABOUT_PANIC = 0x100,
	ABOUT_NMI = 0x200,	/* no action causes one */
	ABOUT_ANY = 0x400,	/* only in ABOUT_ALL */
	ABOUT_ALL = 0x7ff,
	ABOUT_PSTORE = ABOUT_PANIC | ABOUT_OOPS,
};

/**
 * struct finding - one line of the check
 * @about: bits of the actions that it matters for
 * @state: how good it is
 * @name: the subject
 * @value: its value, with a judgement
 * @advice: the remedy, or NULL
 */
struct finding {
	unsigned int about;
	enum state state;
	char *name;
	char *value;
	char *advice;
};

/**
 * struct findings - the lines of the check
 * @count: number of findings
 * @finding: the findings
 * @evidence: a panic leaves its message in more than the serial line
 */
struct findings {
	size_t count;
	struct finding *finding;
	bool evidence;
};

void finding_add(struct findings *findings, unsigned int about,
		 enum state state, const char *name, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void finding_advise(struct findings *findings, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
size_t findings_count(const struct findings *findings, enum state state);
void findings_free(struct findings *findings);

void check_panic(struct machine *machine, const struct facts *facts,
		 struct findings *findings);
void check_kdump(struct machine *machine, const struct facts *facts,
		 struct findings *findings);
void check_pstore(struct machine *machine, const struct facts *facts,
		  struct findings *findings);
void check_logs(struct machine *machine, const struct facts *facts,
		struct findings *findings);
void check_detectors(const struct facts *facts, struct findings *findings);
void check_watchdogs(const struct facts *facts, struct findings *findings);
void check_safety(struct machine *machine, struct findings *findings);

#endif
