// SPDX-License-Identifier: GPL-2.0
/* The command drill. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chamber.h"
#include "commands.h"
#include "common/clock.h"
#include "common/json.h"
#include "fire.h"
#include "options.h"
#include "plan.h"
#include "verify/commands.h"

/* Time to read the line of the pull, and for journald to save it. */
#define DEFAULT_DELAY_S	5

/* These actions act on the reader, so they cannot be deferred. */
static bool needs_reader(const char *action)
{
	return !strcmp(action, "oom") || !strcmp(action, "kill") ||
	       !strcmp(action, "error");
}

static long long choose_delay(const struct drill *drill,
			      const struct forecast *forecast)
{
	if (drill->delay_ms >= 0)
		return drill->delay_ms;
	if (!outcome_ends_boot(forecast->outcome) || needs_reader(drill->action))
		return 0;
	return DEFAULT_DELAY_S * 1000;
}

static enum status plan(const struct drill *drill, struct record *record,
			struct forecast *forecast)
{
	struct machine machine = { .root = "" };
	struct plan hit = { drill->action, drill->context, drill->hang_time };

	forecast_hit(&machine, &hit, forecast);
	*record = (struct record){
		.action = text("%s", drill->external ? "external" : drill->action),
		.context = text("%s", drill->context),
		.device = drill->device ? text("%s", drill->device) : NULL,
		.delay_ms = drill->external ? 0 : choose_delay(drill, forecast),
		.hang_time = drill->hang_time,
		.cpu = drill->cpu,
	};
	return record_begin(record, &machine, forecast, drill->label);
}

static void print_record(const struct drill *drill, const struct record *record)
{
	if (drill->results)
		json_object_array_add(drill->results, record_to_json(record));
	else
		json_print(record_to_json(record));
}

/* A record without a hit must not look like evidence that is missing. */
static void cancel_record(struct record *record)
{
	record->cancelled = true;
	record_write(record);
}

static enum status cancelled(struct record *record)
{
	cancel_record(record);
	return complain(STATUS_IMPOSSIBLE, NULL,
			"drill %s is cancelled; all settings are restored",
			record->id);
}

/* The question may have taken long, so the drill begins now. */
static enum status record_write_first(struct record *record)
{
	record->time = clock_wall();
	return record_write(record);
}

static enum status verify_quietly(struct verify_options *options)
{
	enum status status;

	options->results = json_new_array();
	status = verify_drill(options);
	json_object_put(options->results);
	return status;
}

/* The chamber is closed when this function returns. */
static enum status fire_and_verify(struct chamber *chamber,
				   struct record *record,
				   const struct drill *drill)
{
	struct verify_options options = { .id = record->id,
					  .json = drill->json,
					  .results = drill->results };
	enum status status = record_write_first(record);
	bool fired;

	if (status) {
		chamber_close(chamber);
		return status;
	}
	if (interrupted()) {
		chamber_close(chamber);
		return cancelled(record);
	}
	status = chamber_load_hit(chamber);
	if (status) {
		chamber_close(chamber);
		cancel_record(record);
		return status;
	}
	if (outcome_ends_boot(record->outcome) && !drill->json)
		printf("After the restart: roulettectl verify %s\n", record->id);
	/* The hit may end the machine before its line is read. */
	fflush(stdout);
	fired = fire(chamber, record, drill->json ? stderr : stdout);
	chamber_close(chamber);
	if (!fired)
		return cancelled(record);
	if (outcome_ends_boot(record->outcome)) {
		note("the machine continues, although the forecast was: %s",
		     outcome_name(record->outcome));
		/* JSON is one document: the record, printed before the hit. */
		if (drill->json && !drill->results)
			return verify_quietly(&options);
	}
	return verify_drill(&options);
}

static enum status run_drill(const struct drill *drill, struct record *record,
			     const struct forecast *forecast)
{
	struct chamber chamber = {};
	enum status status = drill_lock(&chamber.lock);

	if (status)
		return status;
	status = chamber_check_others(drill->device);
	if (!status)
		status = plan_confirm(forecast, drill->yes);
	if (status) {
		close(chamber.lock);
		return status;
	}
	interrupts_catch();
	status = chamber_open(&chamber, record, drill->device);
	if (!status)
		status = fire_and_verify(&chamber, record, drill);
	return status;
}

static enum status write_to_log(const struct record *record)
{
	char *line = text("<0>roulettectl: an external drill begins, label \"%s\"\n",
			  record->label);
	int log = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	enum status status = STATUS_OK;

	if (log < 0 || write(log, line, strlen(line)) < 0)
		status = complain_errno(STATUS_IMPOSSIBLE, write_advice(),
					"could not write to /dev/kmsg");
	if (log >= 0)
		close(log);
	free(line);
	return status;
}

static enum status run_external(const struct drill *drill,
				struct record *record,
				const struct forecast *forecast)
{
	enum status status = plan_confirm(forecast, drill->yes);

	if (!status)
		status = record_write_first(record);
	if (status)
		return status;
	status = write_to_log(record);
	if (status)
		cancel_record(record);
	else if (!drill->json)
		printf("Cause the failure now. After the restart: roulettectl verify %s\n",
		       record->id);
	return status;
}

static enum status drill_once(const struct drill *drill)
{
	struct forecast forecast = {};
	struct record record = {};
	enum status status = plan(drill, &record, &forecast);

	if (!status) {
		if (drill->json && (drill->dry_run || drill->external ||
				    outcome_ends_boot(record.outcome)))
			print_record(drill, &record);
		else if (!drill->json)
			plan_print(&record, &forecast);
		fflush(stdout);
		if (drill->dry_run)
			status = STATUS_OK;
		else if (drill->external)
			status = run_external(drill, &record, &forecast);
		else
			status = run_drill(drill, &record, &forecast);
	}
	record_free(&record);
	forecast_free(&forecast);
	return status;
}

/* One drill on each CPU; stops at the first that does not succeed. */
static enum status drill_all_cpus(struct drill *drill)
{
	enum status status = STATUS_OK;
	cpu_set_t cpus;
	int cpu;

	if (sched_getaffinity(0, sizeof(cpus), &cpus))
		return complain_errno(STATUS_IMPOSSIBLE, NULL,
				      "could not list the CPUs");
	for (cpu = 0; cpu < CPU_SETSIZE && !status && !interrupted(); cpu++) {
		if (!CPU_ISSET(cpu, &cpus))
			continue;
		drill->cpu = cpu;
		status = drill_once(drill);
	}
	if (!status && interrupted())
		status = complain(STATUS_IMPOSSIBLE, NULL,
				  "a signal has ended the drills after CPU %d",
				  drill->cpu);
	return status;
}

/* All drills are one JSON document, also if the last one has failed. */
static enum status drill_each_cpu(struct drill *drill)
{
	struct json_object *document;
	enum status status;

	if (!drill->json)
		return drill_all_cpus(drill);
	drill->results = json_new_array();
	status = drill_all_cpus(drill);
	document = json_new_object();
	json_object_object_add(document, "drills", drill->results);
	json_print(document);
	return status;
}

static enum status check_survives(const struct drill *drill)
{
	struct plan hit = { drill->action, drill->context, drill->hang_time };
	struct machine machine = { .root = "" };
	struct forecast forecast = {};
	bool ends;

	forecast_hit(&machine, &hit, &forecast);
	ends = outcome_ends_boot(forecast.outcome);
	forecast_free(&forecast);
	if (!ends)
		return STATUS_OK;
	return complain(STATUS_USAGE, "Use --cpu N, once after each restart.",
			"--each-cpu needs an action that this machine survives");
}

static enum status drill_main(const struct command *command, int argc,
			      char **argv)
{
	struct drill drill;
	enum status status = drill_options(command, argc, argv, &drill);

	if (!status && !drill.dry_run && geteuid())
		status = complain(STATUS_IMPOSSIBLE, NEED_ROOT " --dry-run only shows the plan.",
				  "a drill needs root");
	if (!status && drill.each_cpu)
		status = check_survives(&drill);
	if (status)
		return status;
	return drill.each_cpu ? drill_each_cpu(&drill) : drill_once(&drill);
}

const struct command drill_command = {
	.name = "drill",
	.arguments = "--action ACTION [OPTION...]",
	.summary = "Fire one real kernel failure, on purpose and on record.",
	.help = "The command shows the forecast, and asks. Then it creates a device, writes a record\n"
		"to " RECORD_DIR ", and pulls once. If the machine continues, the\n"
		"command restores all settings and verifies the drill. Otherwise run roulettectl\n"
		"verify after the restart.\n\n"
		"      --action ACTION    the failure, such as panic; see docs/reference.md\n"
		"      --label TEXT       text for the log, such as a ticket; at most 48 characters\n"
		"      --context CONTEXT  process, kthread, softirq or hardirq\n"
		"      --device NAME      use this roulette; its odds must be 0\n"
		"      --delay SECONDS    from pull to failure (5 if the machine ends, else 0)\n"
		"      --hang-time N      seconds until a lockup ends (30); 0: never\n"
		"      --cpu N            fire on this CPU\n"
		"      --each-cpu         one drill on each CPU; the machine must survive the action\n"
		"      --external         do not pull: you cause the failure; --action selects the\n"
		"                         forecast (panic), and options of a pull are refused\n"
		"      --dry-run          show the forecast, and do nothing\n"
		"  -y, --yes              do not ask\n"
		"      --json             print JSON; with --each-cpu the array \"drills\"\n",
	.run = drill_main,
};
