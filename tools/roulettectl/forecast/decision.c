// SPDX-License-Identifier: GPL-2.0
/* Decides what a hit does to the kernel: which failure becomes a panic. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "decision.h"

/**
 * is_action() - compare the action of a plan
 * @plan: the plan
 * @action: name of an action
 *
 * Return: true if it is the plan's.
 */
bool is_action(const struct plan *plan, const char *action)
{
	return !strcmp(plan->action, action);
}

static void panics(struct decision *decision, char *because)
{
	decision->outcome = OUTCOME_PANIC;
	free(decision->because);
	decision->because = because;
}

static bool in_interrupt(const struct plan *plan)
{
	return plan->context && (!strcmp(plan->context, "softirq") ||
				 !strcmp(plan->context, "hardirq"));
}

static bool lasts(const struct plan *plan, long long seconds)
{
	return !plan->hang_time || plan->hang_time > seconds;
}

static bool on_taint(const struct facts *facts, unsigned long taint,
		     struct decision *decision)
{
	if (!(facts->panic.on_taint & taint))
		return false;
	panics(decision, text("panic_on_taint=0x%lx", facts->panic.on_taint));
	return true;
}

/* The limit of oopses or warnings is reached by the next one. */
static bool next_reaches(long long limit, long long count)
{
	return limit > 0 && (count < 0 ? 0 : count) >= limit - 1;
}

static void decide_warn(const struct facts *facts, struct decision *decision)
{
	const struct panic *panic = &facts->panic;

	if (panic->on_warn > 0)
		panics(decision, text("panic_on_warn=%lld", panic->on_warn));
	else if (next_reaches(panic->warn_limit, panic->warnings))
		panics(decision, text("warn_limit=%lld", panic->warn_limit));
	else
		on_taint(facts, TAINT_WARN, decision);
}

/* The kernel's report is that of a BUG(). */
static bool is_bug(const struct plan *plan)
{
	return is_action(plan, "bug") || is_action(plan, "list_corruption") ||
	       is_action(plan, "double_free") || is_action(plan, "usercopy");
}

static void decide_oops(const struct facts *facts, const struct plan *plan,
			struct decision *decision)
{
	const struct panic *panic = &facts->panic;
	const char *arch = facts->detectors.arch;

	decision->outcome = OUTCOME_READER_DIES;
	if (in_interrupt(plan)) {
		panics(decision, text("context %s", plan->context));
	} else if (is_bug(plan) && arch && !strcmp(arch, "riscv64")) {
		panics(decision, text("riscv64 treats BUG() as an interrupt"));
	} else if (panic->on_oops > 0) {
		panics(decision, text("panic_on_oops=%lld", panic->on_oops));
	} else if (!on_taint(facts, TAINT_DIE, decision)) {
		decision->oops = true;
		/* The kernel counts an oops after it has reported it. */
		if (next_reaches(panic->oops_limit, panic->oopses))
			panics(decision, text("oops_limit=%lld", panic->oops_limit));
	}
}

static void decide_hung_task(const struct facts *facts,
			     const struct plan *plan, struct decision *decision)
{
	const struct detectors *detectors = &facts->detectors;
	long long certain = detectors_hung_task(detectors);
	long long taint = facts->panic.taint;

	decision->outcome = OUTCOME_LOCKUP;
	if (taint > 0 && taint & TAINT_DIE) {
		decision->report = text("its detector is silent after an oops");
		return;
	}
	if (!certain) {
		decision->report = text("no detector reports it");
		return;
	}
	if (!lasts(plan, detectors->hung_task)) {
		decision->report = text("too short for its detector (over %lld s)",
					certain);
		return;
	}
	/* Each report counts down. The panic does not depend on it. */
	if (!detectors->hung_task_warnings)
		decision->report = text("its detector reports no more (hung_task_warnings=0)");
	else
		decision->report = text("its detector reports it after %lld to %lld s",
					detectors->hung_task, certain);
	/* Since 6.19 a larger number counts the hung tasks of one scan. */
	if (facts->panic.on_hung_task == 1) {
		panics(decision, text("hung_task_panic=1"));
		decision->certain = lasts(plan, certain);
	}
}

/* Time at which RCU reports the stall that panics. */
static long long rcu_panics_at(const struct facts *facts)
{
	long long first = detectors_rcu(&facts->detectors);
	long long stalls = facts->panic.rcu_stalls;

	/* Each further report takes three times as long. */
	return first + (stalls > 1 ? (stalls - 1) * first * 3 : 0);
}

/*
 * One of the detectors, with the time of its first report, and that of its
 * panic; both are 0 if there is none.
 */
struct detector {
	const char *name;
	const char *setting;
	long long reports;
	long long panics;
};

static struct detector rcu(const struct facts *facts)
{
	struct detector detector = {
		.name = "RCU",
		.setting = "panic_on_rcu_stall=1",
		.reports = detectors_rcu(&facts->detectors),
	};

	if (detector.reports && facts->panic.on_rcu_stall > 0)
		detector.panics = rcu_panics_at(facts);
	return detector;
}

static struct detector soft(const struct facts *facts, long long delayed)
{
	struct detector detector = {
		.name = "the detector of soft lockups",
		.setting = "softlockup_panic=1",
		.reports = detectors_soft_lockup(&facts->detectors),
	};

	if (detector.reports)
		detector.reports += delayed;
	if (facts->panic.on_soft_lockup > 0)
		detector.panics = detector.reports;
	return detector;
}

/* The report of an RCU stall restarts the time of the detector. */
static struct detector soft_after_rcu(const struct facts *facts)
{
	long long stall = detectors_rcu(&facts->detectors);

	if (stall > detectors_soft_lockup(&facts->detectors))
		stall = 0;
	return soft(facts, stall);
}

static struct detector hard(const struct facts *facts)
{
	struct detector detector = {
		.name = "the detector of hard lockups",
		.setting = "hardlockup_panic=1",
		.reports = detectors_hard_lockup(&facts->detectors),
	};

	if (facts->panic.on_hard_lockup > 0)
		detector.panics = detector.reports;
	return detector;
}

/* Lets the detector that is first decide. Return: false if none reports. */
static bool let_report(const struct plan *plan, struct decision *decision,
		       const struct detector *detectors, size_t count)
{
	const struct detector *first = NULL, *fatal = NULL;
	long long needed = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		const struct detector *detector = detectors + i;

		if (detector->reports &&
		    (!needed || detector->reports < needed))
			needed = detector->reports;
		if (detector->reports && lasts(plan, detector->reports) &&
		    (!first || detector->reports < first->reports))
			first = detector;
		if (detector->panics && lasts(plan, detector->panics) &&
		    (!fatal || detector->panics < fatal->panics))
			fatal = detector;
	}
	if (fatal)
		panics(decision, text("%s", fatal->setting));
	if (first)
		decision->report = text("%s reports it after %lld s",
					first->name, first->reports);
	else if (needed)
		decision->report = text("too short for a detector (over %lld s)",
					needed);
	else
		decision->report = text("no detector reports it");
	return first;
}

/* The CPUs do not feed the watchdog while they hang. */
static bool watchdog_bites(const struct facts *facts, const struct plan *plan,
			   struct decision *decision)
{
	const struct watchdog *armed = watchdogs_armed(&facts->watchdogs);

	if (!armed || !lasts(plan, armed->timeout))
		return false;
	decision->outcome = OUTCOME_RESET;
	decision->because = text("watchdog %s, %lld s", armed->identity,
				 armed->timeout);
	/* Some watchdogs wait for twice their timeout. */
	decision->certain = lasts(plan, armed->timeout * 2);
	return true;
}

static void stuck_if_endless(const struct plan *plan,
			     struct decision *decision)
{
	if (decision->outcome != OUTCOME_LOCKUP || plan->hang_time)
		return;
	decision->outcome = OUTCOME_STUCK;
	decision->because = text("hang_time=0");
}

static void decide_hang(const struct facts *facts, const struct plan *plan,
			struct decision *decision)
{
	struct detector detectors[] = { soft(facts, 0), rcu(facts) };
	struct detector nmi = hard(facts);
	const struct watchdog *armed = watchdogs_armed(&facts->watchdogs);

	decision->outcome = OUTCOME_LOCKUP;
	/* Only counters interrupt a CPU that takes no interrupts. */
	if (facts->detectors.counters > 0 && nmi.panics &&
	    lasts(plan, nmi.panics) &&
	    !(armed && armed->timeout < nmi.panics)) {
		panics(decision, text("%s", nmi.setting));
		return;
	}
	if (watchdog_bites(facts, plan, decision))
		return;
	if (!plan->hang_time) {
		stuck_if_endless(plan, decision);
		return;
	}
	/* When the hang is over, the detectors find that time has passed. */
	if (let_report(plan, decision, detectors, 2)) {
		free(decision->report);
		decision->report = text("detectors report it when it ends");
	}
	/* If RCU reports first, the other detector does not. */
	if (detectors[0].panics && !detectors[1].panics &&
	    detectors[1].reports && lasts(plan, detectors[1].reports))
		decision->certain = decision->outcome != OUTCOME_PANIC;
}

static bool is_only_cpu(const struct facts *facts)
{
	return facts->detectors.cpus == 1;
}

/* The CPU takes no interrupts. */
static bool is_hard(const struct plan *plan)
{
	return is_action(plan, "hard_lockup") ||
	       (is_action(plan, "deadlock") && plan->context &&
		!strcmp(plan->context, "hardirq"));
}

static void decide_lockup(const struct facts *facts, const struct plan *plan,
			  struct decision *decision)
{
	struct detector detectors[2] = { rcu(facts) };
	size_t count = 1;

	if (is_hard(plan) && is_only_cpu(facts)) {
		decide_hang(facts, plan, decision);
		return;
	}
	decision->outcome = OUTCOME_LOCKUP;
	/* rcu_stall keeps the detector of soft lockups silent. */
	if (is_hard(plan))
		detectors[count++] = hard(facts);
	else if (!is_action(plan, "rcu_stall"))
		detectors[count++] = soft_after_rcu(facts);
	let_report(plan, decision, detectors, count);
	if (decision->outcome == OUTCOME_LOCKUP &&
	    !(is_only_cpu(facts) && watchdog_bites(facts, plan, decision)))
		stuck_if_endless(plan, decision);
}

static void decide_memory(const struct facts *facts, const struct plan *plan,
			  struct decision *decision)
{
	const struct panic *panic = &facts->panic;

	if (is_action(plan, "oom")) {
		decision->outcome = OUTCOME_READER_DIES;
		if (panic->on_oom > 0)
			panics(decision, text("vm.panic_on_oom=%lld", panic->on_oom));
	} else if (facts->detectors.kasan > 0 && panic->on_warn > 0) {
		panics(decision, text("KASAN and panic_on_warn=%lld", panic->on_warn));
	}
}

/* The way in which an action fails. */
enum failure {
	ONLY_READS, WARNS, OOPSES, PANICS, KILLS, RESTARTS, HANGS, LOCKS_UP,
	BLOCKS_READER, USES_MEMORY,
};

static const struct {
	const char *action;
	enum failure failure;
} failures[] = {
	{ "warn", WARNS }, { "oops", OOPSES }, { "bug", OOPSES },
	{ "panic", PANICS }, { "hung_task", BLOCKS_READER },
	{ "soft_lockup", LOCKS_UP }, { "hard_lockup", LOCKS_UP },
	{ "hang", HANGS }, { "rcu_stall", LOCKS_UP },
	{ "stack_overflow", PANICS }, { "use_after_free", USES_MEMORY },
	{ "oom", USES_MEMORY }, { "kill", KILLS }, { "reboot", RESTARTS },
	{ "null", OOPSES }, { "gpf", OOPSES }, { "divide", OOPSES },
	{ "list_corruption", OOPSES }, { "double_free", OOPSES },
	{ "refcount", WARNS }, { "stack_corruption", PANICS },
	{ "usercopy", OOPSES }, { "atomic_sleep", WARNS },
	{ "deadlock", LOCKS_UP },
};

static enum failure failure_of(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < sizeof(failures) / sizeof(*failures); i++)
		if (is_action(plan, failures[i].action))
			return failures[i].failure;
	return ONLY_READS;
}

/**
 * decide() - decide what a hit does to the kernel
 * @facts: facts about the machine
 * @plan: the hit
 * @decision: receives the decision; the caller must free its strings
 */
void decide(const struct facts *facts, const struct plan *plan,
	    struct decision *decision)
{
	*decision = (struct decision){
		.outcome = OUTCOME_LOGGED,
		.certain = action_known(plan->action),
	};
	switch (failure_of(plan)) {
	case ONLY_READS:
		if (!decision->certain)
			panics(decision, text("this program is older than the action"));
		break;
	case WARNS:
		decide_warn(facts, decision);
		break;
	case OOPSES:
		decide_oops(facts, plan, decision);
		break;
	case PANICS:
		decision->outcome = OUTCOME_PANIC;
		break;
	case KILLS:
		decision->outcome = OUTCOME_READER_DIES;
		break;
	case RESTARTS:
		decision->outcome = OUTCOME_RESET;
		break;
	case HANGS:
		decide_hang(facts, plan, decision);
		break;
	case LOCKS_UP:
		decide_lockup(facts, plan, decision);
		break;
	case BLOCKS_READER:
		decide_hung_task(facts, plan, decision);
		break;
	case USES_MEMORY:
		decide_memory(facts, plan, decision);
		break;
	}
}
