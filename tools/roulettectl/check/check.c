// SPDX-License-Identifier: GPL-2.0
/* The command check: is this machine ready to fail? */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "forecast/actions.h"
#include "print.h"

/* What the command line asks for. */
struct request {
	struct machine machine;
	struct plan plan;
	bool json;
};

enum { OPTION_ROOT = OPTION_OWN, OPTION_ACTION, OPTION_CONTEXT, OPTION_HANG };

static const struct {
	const char *action;
	unsigned int about;
} relevant[] = {
	{ "warn", ABOUT_WARN },
	{ "oops", ABOUT_OOPS },
	{ "bug", ABOUT_OOPS },
	{ "oom", ABOUT_OOM },
	{ "hung_task", ABOUT_HUNG_TASK },
	{ "soft_lockup", ABOUT_SOFT | ABOUT_RCU },
	{ "hard_lockup", ABOUT_HARD | ABOUT_RCU },
	{ "rcu_stall", ABOUT_RCU },
	{ "hang", ABOUT_SOFT | ABOUT_HARD | ABOUT_RCU | ABOUT_WATCHDOG },
	{ "null", ABOUT_OOPS },
	{ "gpf", ABOUT_OOPS },
	{ "divide", ABOUT_OOPS },
	{ "list_corruption", ABOUT_OOPS },
	{ "double_free", ABOUT_OOPS },
	{ "refcount", ABOUT_WARN },
	{ "usercopy", ABOUT_OOPS },
	{ "atomic_sleep", ABOUT_WARN },
	{ "deadlock", ABOUT_SOFT | ABOUT_HARD | ABOUT_RCU },
	{}
};

static unsigned int about(const struct foreseen *foreseen)
{
	unsigned int bits = ABOUT_ANY;
	size_t i;

	for (i = 0; relevant[i].action; i++)
		if (!strcmp(relevant[i].action, foreseen->plan.action))
			bits |= relevant[i].about;
	if (foreseen->forecast.panics)
		bits |= ABOUT_PANIC;
	return bits;
}

static void find(struct machine *machine, const struct facts *facts,
		 struct findings *findings)
{
	check_panic(machine, facts, findings);
	check_kdump(machine, facts, findings);
	check_pstore(machine, facts, findings);
	check_logs(machine, facts, findings);
	check_watchdogs(facts, findings);
	check_detectors(facts, findings);
	check_safety(machine, findings);
	if (!machine->unseen)
		return;
	finding_add(findings, ABOUT_ALL, STATE_UNKNOWN, "permissions",
		    "files and directories that cannot be read: %u", machine->unseen);
	finding_advise(findings, "Run the command as root");
}

/*
 * A panic that nothing records is a finding of its own. The journal only has the
 * line of a hit with a delay, and nobody may listen on the serial line.
 */
static void find_evidence(const struct facts *facts, struct findings *findings)
{
	static const struct plan plan = { .action = "panic", .context = "process" };
	struct forecast forecast;

	forecast_with(facts, &plan, &forecast);
	findings->evidence =
		forecast.expect[COLLECTOR_KDUMP] != EXPECT_NOTHING ||
		forecast.expect[COLLECTOR_PSTORE] != EXPECT_NOTHING ||
		forecast.expect[COLLECTOR_NETCONSOLE] != EXPECT_NOTHING;
	if (!forecast_recorded(&forecast)) {
		finding_add(findings, ABOUT_PANIC, STATE_BAD, "evidence",
			    "nothing records a panic: no kdump, pstore, lasting journal, netconsole or serial line");
		finding_advise(findings, "Set up one of these, preferably kdump");
	} else if (!findings->evidence) {
		finding_add(findings, ABOUT_PANIC, STATE_WARN, "evidence",
			    facts->console.serial ?
			    "only the serial line has the message of a panic, if its other end is recorded" :
			    "the journal has the line of a hit with a delay; nothing has the message of a panic");
		finding_advise(findings, "Set up kdump, pstore or netconsole");
	}
	forecast_free(&forecast);
}

static enum status choose_action(const struct command *command,
				 const struct plan *plan, char **actions)
{
	char *known = NULL;
	char **action;

	for (action = actions; *action; action++) {
		char *longer;

		if (!strcmp(*action, plan->action))
			break;
		longer = text("%s%s%s", known ?: "", known ? " " : "", *action);
		free(known);
		known = longer;
	}
	if (!*action) {
		wrong_usage(command, "'%s' is not an action; actions: %s",
			    plan->action, known ?: "");
		free(known);
		return STATUS_USAGE;
	}
	free(known);
	if (!action_allows(plan->action, plan->context))
		return wrong_usage(command, "action %s is not possible in context %s",
				   plan->action, plan->context);
	return STATUS_OK;
}

static struct foreseen *foresee_all(const struct facts *facts,
				    const struct plan *plan, char **actions,
				    size_t *count)
{
	struct foreseen *foreseen;
	size_t i = 0;

	while (actions[i])
		i++;
	*count = facts->panic.known ? i : 0;
	foreseen = need_memory(calloc(i + 1, sizeof(*foreseen)));
	for (i = 0; i < *count; i++) {
		foreseen[i].plan = *plan;
		foreseen[i].plan.action = actions[i];
		forecast_with(facts, &foreseen[i].plan, &foreseen[i].forecast);
	}
	return foreseen;
}

static enum status report_all(const struct request *request,
			      const struct findings *findings,
			      const struct foreseen *foreseen, size_t count)
{
	if (request->json) {
		print_json(findings, ABOUT_ALL, foreseen, count);
	} else {
		print_findings(findings, ABOUT_ALL);
		if (count) {
			printf("\nForecast of each action, with hang_time %lld:\n",
			       request->plan.hang_time);
			print_actions(foreseen, count);
		}
		print_summary(findings);
	}
	return findings_count(findings, STATE_BAD) ? STATUS_FINDING : STATUS_OK;
}

static enum status report_one(const struct request *request,
			      const struct findings *findings,
			      const struct foreseen *foreseen)
{
	if (request->json) {
		print_json(findings, about(foreseen), foreseen, 1);
	} else {
		print_findings(findings, about(foreseen));
		print_action(foreseen);
	}
	return foreseen->forecast.returns &&
	       forecast_recorded(&foreseen->forecast) ? STATUS_OK :
							STATUS_FINDING;
}

static enum status report(const struct request *request,
			  const struct facts *facts,
			  const struct findings *findings, char **actions)
{
	struct foreseen *foreseen;
	enum status status;
	size_t count, i;

	foreseen = foresee_all(facts, &request->plan, actions, &count);
	if (!request->plan.action) {
		status = report_all(request, findings, foreseen, count);
	} else if (!count) {
		status = complain(STATUS_IMPOSSIBLE,
				  "Run roulettectl check on the machine itself.",
				  "there is no forecast without /proc/sys/kernel");
	} else {
		for (i = 0; strcmp(foreseen[i].plan.action,
				   request->plan.action); i++)
			;
		status = report_one(request, findings, foreseen + i);
	}
	for (i = 0; i < count; i++)
		forecast_free(&foreseen[i].forecast);
	free(foreseen);
	return status;
}

static enum status check_machine(const struct command *command,
				 struct request *request)
{
	char **actions = actions_read(&request->machine);
	enum status status = STATUS_OK;
	struct findings findings = {};
	struct facts facts;

	if (request->plan.action)
		status = choose_action(command, &request->plan, actions);
	if (!status) {
		facts_read(&request->machine, &facts);
		find(&request->machine, &facts, &findings);
		if (facts.panic.known)
			find_evidence(&facts, &findings);
		status = report(request, &facts, &findings, actions);
		findings_free(&findings);
		facts_free(&facts);
	}
	machine_names_free(actions);
	return status;
}

static enum status set_root(const struct command *command,
			    struct request *request, char *root)
{
	size_t length = strlen(root);
	struct stat dir;

	if (stat(root, &dir) || !S_ISDIR(dir.st_mode))
		return wrong_usage(command, "'%s' is not a directory", root);
	while (length && root[length - 1] == '/')
		root[--length] = '\0';
	request->machine.root = root;
	return STATUS_OK;
}

static enum status set_hang_time(const struct command *command,
				 struct request *request, const char *number)
{
	char *end;

	errno = 0;
	request->plan.hang_time = strtoll(number, &end, 10);
	if (errno || *end || !*number || request->plan.hang_time < 0 ||
	    request->plan.hang_time > 4294967295LL)
		return wrong_usage(command, "'%s' is not a number of seconds",
				   number);
	return STATUS_OK;
}

static enum status set_option(const struct command *command,
			      struct request *request, int option)
{
	switch (option) {
	case OPTION_ROOT:
		return set_root(command, request, optarg);
	case OPTION_HANG:
		return set_hang_time(command, request, optarg);
	case OPTION_ACTION:
		request->plan.action = optarg;
		return STATUS_OK;
	case OPTION_CONTEXT:
		request->plan.context = optarg;
		if (!context_exists(optarg))
			return wrong_usage(command, "'%s' is not a context; contexts: process kthread softirq hardirq",
					   optarg);
		return STATUS_OK;
	default:
		request->json = true;
		return STATUS_OK;
	}
}

static enum status check(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = {
		{ "action", required_argument, NULL, OPTION_ACTION },
		{ "context", required_argument, NULL, OPTION_CONTEXT },
		{ "hang-time", required_argument, NULL, OPTION_HANG },
		{ "root", required_argument, NULL, OPTION_ROOT },
		{ "json", no_argument, NULL, OPTION_JSON },
		HELP_OPTION
	};
	struct request request = {
		.machine = { .root = "" },
		.plan = { .context = "process", .hang_time = HANG_TIME_DEFAULT },
	};
	enum status status;
	int option;

	while ((option = next_option(command, argc, argv, "h", options)) >= 0) {
		status = set_option(command, &request, option);
		if (status)
			return status;
	}
	if (optind < argc)
		return wrong_usage(command, "unexpected argument '%s'",
				   argv[optind]);
	return check_machine(command, &request);
}

const struct command check_command = {
	.name = "check",
	.arguments = "[--action ACTION] [--context CONTEXT] [--hang-time SECONDS] [--root DIR] [--json]",
	.summary = "Check whether this machine is ready to fail.",
	.help = "      --action ACTION      only the settings for this action, and its forecast\n"
		"      --context CONTEXT    process (default), kthread, softirq or hardirq\n"
		"      --hang-time SECONDS  how long a lockup lasts; 0: for ever; default 30\n"
		"      --root DIR           read another machine's file system below DIR\n"
		"      --json               print JSON\n\n"
		"A line is ok, warn (easy to misread, or good for some failures only), bad (a\n"
		"failure leaves no record, or a machine that does not restart), or ? (roulettectl\n"
		"could not read it). The next line gives the remedy. A forecast of each action\n"
		"follows.\n\n"
		"The command changes nothing. Only root can read all settings.\n\n"
		"Exit status: 1 if a line is bad. With --action, 1 if the machine would not\n"
		"restart, or no collector would record the hit.\n",
	.run = check,
};
