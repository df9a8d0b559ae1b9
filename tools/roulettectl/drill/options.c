// SPDX-License-Identifier: GPL-2.0
/* The command line of drill. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "forecast/actions.h"
#include "options.h"

/*
 * @whole: fractions are wrong; a hang time of 0.5 must not become 0, for ever.
 *
 * Return: true, or false after a message.
 */
static bool parse_number(const struct command *command, const char *option,
			 const char *string, double max, bool whole,
			 double *number)
{
	char *end;

	*number = strtod(string, &end);
	if (end != string && !*end && *number >= 0 && *number <= max &&
	    (!whole || *number == (long long)*number))
		return true;
	wrong_usage(command, "--%s needs a %snumber from 0 to %.0f, not '%s'",
		    option, whole ? "whole " : "", max, string);
	return false;
}

enum {
	OPTION_ACTION = OPTION_OWN, OPTION_CONTEXT, OPTION_LABEL, OPTION_DEVICE,
	OPTION_DELAY, OPTION_HANG_TIME, OPTION_CPU, OPTION_EACH_CPU,
	OPTION_EXTERNAL, OPTION_DRY_RUN,
};

static const struct option options[] = {
	{ "action", required_argument, NULL, OPTION_ACTION },
	{ "context", required_argument, NULL, OPTION_CONTEXT },
	{ "label", required_argument, NULL, OPTION_LABEL },
	{ "device", required_argument, NULL, OPTION_DEVICE },
	{ "delay", required_argument, NULL, OPTION_DELAY },
	{ "hang-time", required_argument, NULL, OPTION_HANG_TIME },
	{ "cpu", required_argument, NULL, OPTION_CPU },
	{ "each-cpu", no_argument, NULL, OPTION_EACH_CPU },
	{ "external", no_argument, NULL, OPTION_EXTERNAL },
	{ "dry-run", no_argument, NULL, OPTION_DRY_RUN },
	{ "yes", no_argument, NULL, 'y' },
	{ "json", no_argument, NULL, OPTION_JSON },
	HELP_OPTION
};

static bool parse_options(const struct command *command, int argc, char **argv,
			  struct drill *drill)
{
	double number;
	int option;

	while ((option = next_option(command, argc, argv, "yh", options)) >= 0) {
		switch (option) {
		case OPTION_ACTION:
			drill->action = optarg;
			break;
		case OPTION_CONTEXT:
			drill->context = optarg;
			break;
		case OPTION_LABEL:
			drill->label = optarg;
			break;
		case OPTION_DEVICE:
			drill->device = optarg;
			break;
		case OPTION_DELAY:
			if (!parse_number(command, "delay", optarg, 4294967, false,
					  &number))
				return false;
			drill->delay_ms = number * 1000;
			break;
		case OPTION_HANG_TIME:
			if (!parse_number(command, "hang-time", optarg, 4294967295, true,
					  &number))
				return false;
			drill->hang_time = number;
			break;
		case OPTION_CPU:
			if (!parse_number(command, "cpu", optarg, CPU_SETSIZE - 1, true,
					  &number))
				return false;
			drill->cpu = number;
			break;
		case OPTION_EACH_CPU:
			drill->each_cpu = true;
			break;
		case OPTION_EXTERNAL:
			drill->external = true;
			break;
		case OPTION_DRY_RUN:
			drill->dry_run = true;
			break;
		case OPTION_JSON:
			drill->json = true;
			break;
		default:
			drill->yes = true;
		}
	}
	return true;
}

/* Return: an option that has a meaning only for a pull, or NULL. */
static const char *option_of_pull(const struct drill *drill)
{
	if (drill->device)
		return "--device";
	if (drill->context)
		return "--context";
	if (drill->delay_ms >= 0)
		return "--delay";
	if (drill->hang_time >= 0)
		return "--hang-time";
	if (drill->cpu >= 0)
		return "--cpu";
	return drill->each_cpu ? "--each-cpu" : NULL;
}

static enum status check_cpu(int cpu)
{
	cpu_set_t cpus;

	if (cpu < 0 || sched_getaffinity(0, sizeof(cpus), &cpus) ||
	    CPU_ISSET(cpu, &cpus))
		return STATUS_OK;
	return complain(STATUS_USAGE, "The CPUs are in /sys/devices/system/cpu/online.",
			"CPU %d does not exist, is offline, or is not allowed", cpu);
}

/* Refuses before the question what the kernel would refuse after it. */
static enum status check_action(const struct drill *drill)
{
	struct machine machine = { .root = "" };
	char **actions = actions_read(&machine);
	bool known = false;
	char **action;

	for (action = actions; *action; action++)
		known |= !strcmp(*action, drill->action);
	machine_names_free(actions);
	if (!known)
		return complain(STATUS_USAGE, "List the actions: roulettectl check.",
				"'%s' is not an action of this kernel",
				drill->action);
	if (!context_exists(drill->context))
		return complain(STATUS_USAGE, "Contexts: process, kthread, softirq, hardirq.",
				"'%s' is not a context", drill->context);
	if (!action_allows(drill->action, drill->context))
		return complain(STATUS_USAGE, "docs/reference.md lists the contexts of each action.",
				"action %s is not possible in context %s",
				drill->action, drill->context);
	return STATUS_OK;
}

/**
 * drill_options() - parse and check the command line
 * @command: the command
 * @argc: number of words
 * @argv: the words
 * @drill: receives the options
 *
 * Return: STATUS_OK, or STATUS_USAGE after a message.
 */
enum status drill_options(const struct command *command, int argc, char **argv,
			  struct drill *drill)
{
	enum status status;

	*drill = (struct drill){
		.label = "", .delay_ms = -1, .hang_time = -1, .cpu = -1,
	};
	if (!parse_options(command, argc, argv, drill))
		return STATUS_USAGE;
	if (optind < argc)
		return wrong_usage(command, "unexpected argument '%s'",
				   argv[optind]);
	if (drill->external && !drill->action)
		drill->action = "panic";
	if (!drill->action)
		return wrong_usage(command, "give --action, for example --action panic");
	if (drill->external && option_of_pull(drill))
		return wrong_usage(command, "--external excludes %s: roulettectl does not pull, you cause the failure",
				   option_of_pull(drill));
	if (drill->each_cpu && drill->cpu >= 0)
		return wrong_usage(command, "--each-cpu excludes --cpu");
	if (!drill->context)
		drill->context = "process";
	if (drill->hang_time < 0)
		drill->hang_time = HANG_TIME_DEFAULT;
	status = check_cpu(drill->cpu);
	return status ?: check_action(drill);
}
