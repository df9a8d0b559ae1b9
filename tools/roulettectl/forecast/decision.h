/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_DECISION_H
#define ROULETTECTL_DECISION_H

#include "forecast.h"
#include "machine/facts.h"

/**
 * struct decision - what a hit does to the kernel
 * @outcome: effect on the machine, without the restart after a panic
 * @because: the setting that makes it so, or NULL
 * @certain: false if it depends on the moment at which a detector looks
 * @oops: the kernel reports an oops before it panics or continues, so pstore
 *	has a record of it
 * @report: report of a lockup that the machine survives, or NULL
 */
struct decision {
	enum outcome outcome;
	char *because;
	bool certain;
	bool oops;
	char *report;
};

void decide(const struct facts *facts, const struct plan *plan,
	    struct decision *decision);
bool is_action(const struct plan *plan, const char *action);

void foresee_restart(const struct facts *facts, const struct plan *plan,
		     struct forecast *forecast);
bool dump_is_uncertain(const struct kdump *kdump);
bool watchdog_cuts_dump(const struct facts *facts);
bool watchdog_may_cut_dump(const struct facts *facts);
long long dump_seconds(const struct kdump *kdump);
long long dump_bytes(const struct kdump *kdump);

void foresee_collectors(const struct facts *facts, const struct plan *plan,
			const struct decision *decision,
			struct forecast *forecast);
char *foresee_sentence(const struct facts *facts, const struct plan *plan,
		       const struct decision *decision,
		       const struct forecast *forecast);

#endif
