// SPDX-License-Identifier: GPL-2.0
/* Foresees which collectors have a hit, with the reasons. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decision.h"

const char *const collector_names[COLLECTORS] = {
	[COLLECTOR_LOG] = "log",
	[COLLECTOR_JOURNAL] = "journal",
	[COLLECTOR_KDUMP] = "kdump",
	[COLLECTOR_PSTORE] = "pstore",
	[COLLECTOR_NETCONSOLE] = "netconsole",
	[COLLECTOR_SERIAL] = "serial",
};

/* How a hit ends, for the collectors. */
enum end {
	END_SURVIVES,
	END_PANICS,
	END_STOPS,	/* without a panic: a reset or a hang */
};

/* The expectation for one collector, and the reason. */
struct expected {
	enum expectation what;
	char *why;
};

static struct expected expected(enum expectation what, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static struct expected expected(enum expectation what, const char *format, ...)
{
	struct expected expected = { .what = what };
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&expected.why, format, arguments) < 0)
		expected.why = NULL;
	va_end(arguments);
	need_memory(expected.why);
	return expected;
}

/* The reason why only the log has a hit without a panic. */
static const char *no_panic(const struct plan *plan, enum end end)
{
	if (end == END_STOPS && is_action(plan, "reboot"))
		return "the machine restarts at once, without a panic";
	if (end == END_STOPS && is_action(plan, "hang"))
		return "no CPU takes interrupts, so nothing can report, panic or save";
	if (is_action(plan, "kill") || is_action(plan, "error"))
		return "the machine continues, and this collector does not record this event";
	return "the machine does not panic";
}

static struct expected in_log(enum end end)
{
	if (end == END_SURVIVES)
		return expected(EXPECT_HIT, "the machine continues");
	return expected(EXPECT_NOTHING,
			"the log in memory ends with the machine");
}

static struct expected in_journal(const struct facts *facts,
				  const struct plan *plan, enum end end)
{
	const struct journal *journal = &facts->journal;

	if (!journal->exists)
		return expected(EXPECT_NOTHING, "journald does not run here");
	if (!strcasecmp(journal->storage, "none"))
		return expected(EXPECT_NOTHING, "Storage=none of journald");
	if (end == END_SURVIVES)
		return expected(EXPECT_HIT, "journald copies the log");
	if (!journal->persistent)
		return expected(EXPECT_NOTHING,
				"the journal is in memory only (Storage=%s)",
				journal->storage);
	if (is_action(plan, "oom"))
		return expected(EXPECT_NOTHING,
				"action oom takes no delay, so journald may be too late");
	return expected(EXPECT_HIT,
			"journald saves the line of the hit during its delay");
}

static struct expected dump_saved(const struct facts *facts)
{
	const struct kdump *kdump = &facts->kdump;
	const char *unless = watchdog_may_cut_dump(facts) ?
		", unless the watchdog resets the machine before" : "";

	if (watchdog_cuts_dump(facts))
		return expected(EXPECT_NOTHING,
				"the watchdog resets the machine before the dump is saved");
	if (dump_is_uncertain(kdump))
		return expected(EXPECT_NOTHING,
				"a crash kernel is loaded, but the service %s is off: not known whether a dump is saved",
				kdump->service);
	if (kdump->remote)
		return expected(EXPECT_ELSEWHERE, "sends a dump to %s%s",
				kdump->remote, unless);
	if (kdump->free >= 0 && kdump->free < dump_bytes(kdump))
		return expected(EXPECT_NOTHING, "%s lacks space for a dump",
				kdump->dir);
	return expected(EXPECT_HIT, "%s a dump in %s%s",
			kdump->kind == KDUMP_NONE ?
			"an unknown program has loaded a crash kernel; probably saves" :
			"saves", kdump->dir, unless);
}

static struct expected in_kdump(const struct facts *facts,
				const struct plan *plan, enum end end)
{
	if (end != END_PANICS)
		return expected(EXPECT_NOTHING, "%s", no_panic(plan, end));
	if (facts->kdump.loaded < 0)
		return expected(EXPECT_NOTHING,
				"not known whether a crash kernel is loaded");
	if (!facts->kdump.loaded)
		return expected(EXPECT_NOTHING, "no crash kernel is loaded");
	return dump_saved(facts);
}

static struct expected record_kept(const struct pstore *pstore)
{
	if (!strcasecmp(pstore->storage, "journal") && pstore->service > 0)
		return expected(EXPECT_HIT,
				"backend %s; systemd-pstore moves the record to the journal only",
				pstore->backend);
	return expected(EXPECT_HIT, "backend %s", pstore->backend);
}

static struct expected in_pstore(const struct facts *facts,
				 const struct plan *plan,
				 const struct decision *decision, enum end end)
{
	const struct pstore *pstore = &facts->pstore;
	bool oops = decision->oops && !pstore->panics_only;

	if (!pstore->backend)
		return expected(EXPECT_NOTHING,
				pstore->known ? "pstore has no backend" :
				"not known whether pstore has a backend");
	if (oops && end != END_STOPS)
		return record_kept(pstore);
	if (end == END_SURVIVES && decision->oops)
		return expected(EXPECT_NOTHING,
				"backend %s saves the log only after a panic (ramoops.max_reason=1)",
				pstore->backend);
	if (end == END_SURVIVES && !is_action(plan, "kill") &&
	    !is_action(plan, "error"))
		return expected(EXPECT_NOTHING,
				"pstore saves the log only after a panic or an oops");
	if (end != END_PANICS)
		return expected(EXPECT_NOTHING, "%s", no_panic(plan, end));
	if (facts->kdump.loaded > 0 && !facts->kdump.notifiers)
		return expected(EXPECT_NOTHING,
				"the crash kernel starts earlier, unless crash_kexec_post_notifiers is set");
	return record_kept(pstore);
}

static struct expected in_netconsole(const struct facts *facts)
{
	const struct console *console = &facts->console;

	if (console->netconsole)
		return expected(EXPECT_ELSEWHERE, "sent to %s",
				console->netconsole);
	if (console->netconsole_off)
		return expected(EXPECT_NOTHING, "no target of netconsole is enabled");
	if (console->netconsole_loaded)
		return expected(EXPECT_NOTHING, "no target of netconsole is known");
	return expected(EXPECT_NOTHING, "netconsole is not loaded");
}

static struct expected on_serial(const struct facts *facts)
{
	const struct console *console = &facts->console;

	if (console->serial)
		return expected(EXPECT_ELSEWHERE, "printed on %s",
				console->serial);
	return expected(EXPECT_NOTHING,
			console->known ? "no serial line is a console" :
			"not known which consoles there are");
}

static struct expected foresee(enum collector collector,
			       const struct facts *facts,
			       const struct plan *plan,
			       const struct decision *decision, enum end end)
{
	if (is_action(plan, "none"))
		return expected(EXPECT_NOTHING, "action none logs nothing");
	switch (collector) {
	case COLLECTOR_LOG:
		return in_log(end);
	case COLLECTOR_JOURNAL:
		return in_journal(facts, plan, end);
	case COLLECTOR_KDUMP:
		return in_kdump(facts, plan, end);
	case COLLECTOR_PSTORE:
		return in_pstore(facts, plan, decision, end);
	case COLLECTOR_NETCONSOLE:
		return in_netconsole(facts);
	default:
		return on_serial(facts);
	}
}

static enum end end_of(const struct decision *decision)
{
	switch (decision->outcome) {
	case OUTCOME_PANIC:
		return END_PANICS;
	case OUTCOME_RESET:
	case OUTCOME_STUCK:
		return END_STOPS;
	default:
		return END_SURVIVES;
	}
}

/* Two ends are possible: keep the expectation only if both agree. */
static struct expected in_any_case(struct expected one, struct expected other)
{
	if (one.what == other.what) {
		free(other.why);
		return one;
	}
	free(one.why);
	free(other.why);
	return expected(EXPECT_NOTHING,
			"not certain: it depends on the moment of the detector or watchdog");
}

/**
 * foresee_collectors() - foresee what each collector has after a hit
 * @facts: facts about the machine
 * @plan: the hit
 * @decision: what the hit does to the kernel
 * @forecast: receives the expectations and their reasons
 */
void foresee_collectors(const struct facts *facts, const struct plan *plan,
			const struct decision *decision,
			struct forecast *forecast)
{
	enum collector i;

	for (i = 0; i < COLLECTORS; i++) {
		struct expected result = foresee(i, facts, plan, decision,
						 end_of(decision));

		if (!decision->certain)
			result = in_any_case(result,
					     foresee(i, facts, plan, decision,
						     END_SURVIVES));
		forecast->expect[i] = result.what;
		forecast->reason[i] = result.why;
	}
}
