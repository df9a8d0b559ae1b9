// SPDX-License-Identifier: GPL-2.0
/* Puts a forecast into one line. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "decision.h"

/* The effect on the machine, such as "becomes a panic (panic_on_warn=1)". */
static char *what(const struct plan *plan, const struct decision *decision,
		  const struct forecast *forecast)
{
	const char *may = decision->certain ? "" : "may ";
	const char *s = decision->certain ? "s" : "";
	const char *because = decision->because;

	switch (decision->outcome) {
	case OUTCOME_PANIC:
		if (!because)
			return text("panics");
		return text("%sbecome%s a panic (%s)", may, s, because);
	case OUTCOME_RESET:
		return is_action(plan, "reboot") ? text("resets the machine") :
			text("hangs all CPUs until %s %sreset%s the machine",
			     forecast->restarted_by, may, s);
	case OUTCOME_STUCK:
		return text("blocks %s for ever (%s)",
			    is_action(plan, "hang") ? "all CPUs" : "a CPU",
			    because);
	case OUTCOME_LOCKUP:
		if (is_action(plan, "hung_task") && !plan->hang_time)
			return text("blocks the reader until the next boot, %s",
				    decision->report);
		return text("blocks %s for %lld s, %s",
			    is_action(plan, "hang") ? "all CPUs" :
			    is_action(plan, "hung_task") ? "the reader" : "a CPU",
			    plan->hang_time, decision->report);
	case OUTCOME_READER_DIES:
		return text("kills the reader, the machine continues");
	default:
		return is_action(plan, "none") ? text("does nothing") :
		       is_action(plan, "error") ?
		       text("fails the read with EIO, the machine continues") :
		       text("is logged, the machine continues");
	}
}

static char *restart(const struct decision *decision,
		     const struct forecast *forecast)
{
	if (!forecast->returns)
		return text(", nothing restarts the machine%s",
			    decision->outcome == OUTCOME_PANIC ?
			    " (kernel.panic=0)" : "");
	if (decision->outcome != OUTCOME_PANIC)
		return text("%s", "");
	if (!strcmp(forecast->restarted_by, "kdump"))
		return text(", restarts after the dump");
	if (forecast->restart < 0)
		return text(", only %s can restart the machine",
			    forecast->restarted_by);
	if (!forecast->restart)
		return text(", restarts at once");
	if (!strncmp(forecast->restarted_by, "kernel.", 7))
		return text(", restarts in %lld s", forecast->restart);
	return text(", %s restarts the machine in %lld s",
		    forecast->restarted_by, forecast->restart);
}

static char *join(char *list, const char *word)
{
	char *longer = text("%s%s%s", list, *list ? ", " : "", word);

	free(list);
	return longer;
}

/* The collectors that have the hit, and two that work and lack it. */
static char *records(const struct facts *facts,
		     const struct decision *decision,
		     const struct forecast *forecast)
{
	char *in = text("%s", "");
	const char *empty = "";
	enum collector i;
	char *all;

	for (i = 0; i < COLLECTORS; i++)
		if (forecast->expect[i] != EXPECT_NOTHING)
			in = join(in, collector_names[i]);
	if (facts->pstore.backend && decision->outcome == OUTCOME_PANIC &&
	    forecast->expect[COLLECTOR_PSTORE] == EXPECT_NOTHING)
		empty = "; pstore stays empty";
	if (decision->outcome == OUTCOME_PANIC && facts->kdump.loaded > 0 &&
	    forecast->expect[COLLECTOR_KDUMP] == EXPECT_NOTHING)
		empty = dump_is_uncertain(&facts->kdump) ?
			"; not known whether a dump is saved" :
			"; kdump saves nothing";
	if (*in)
		all = text("; recorded in %s%s", in, empty);
	else
		all = text("; nothing records it%s", empty);
	free(in);
	return all;
}

/**
 * foresee_sentence() - put a forecast into one line
 * @facts: facts about the machine
 * @plan: the hit
 * @decision: what the hit does to the kernel
 * @forecast: the forecast, except this line
 *
 * Return: the line, which the caller must free.
 */
char *foresee_sentence(const struct facts *facts, const struct plan *plan,
		       const struct decision *decision,
		       const struct forecast *forecast)
{
	char *first = what(plan, decision, forecast);
	char *second = restart(decision, forecast);
	char *third = records(facts, decision, forecast);
	char *sentence = text("%s%s%s", first, second, third);

	free(first);
	free(second);
	free(third);
	return sentence;
}
