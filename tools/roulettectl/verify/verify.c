// SPDX-License-Identifier: GPL-2.0
/* The command verify: was a drill recorded, and where? */
#define _GNU_SOURCE
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/clock.h"
#include "commands.h"
#include "common/json.h"
#include "times.h"
#include "verify.h"

enum {
	OPTION_LAST = OPTION_OWN,
	OPTION_WAIT,
	OPTION_NETCONSOLE,
	OPTION_SERIAL,
	OPTION_COMMAND,
	OPTION_ROOT,
};

/**
 * open_root() - choose the machine whose files are read
 * @machine: receives the machine
 * @root: the directory of --root, or NULL for this machine
 *
 * Return: STATUS_OK, or STATUS_USAGE after a message.
 */
enum status open_root(struct machine *machine, const char *root)
{
	struct stat status;

	*machine = (struct machine){ .root = "" };
	if (!root || !strcmp(root, "/"))
		return STATUS_OK;
	if (stat(root, &status))
		return complain_errno(STATUS_USAGE, "Name the directory where the machine's file system is mounted.",
				      "could not open %s", root);
	if (!S_ISDIR(status.st_mode))
		return complain(STATUS_USAGE, "Name the directory where the machine's file system is mounted.",
				"%s is not a directory", root);
	machine->root = root;
	return STATUS_OK;
}

/* Moves the newest record out of the list. */
static enum status read_last(struct verify *verify)
{
	struct records records;
	enum status status = records_read(&verify->machine, &records);

	if (status)
		return status;
	if (!records.count)
		return complain(STATUS_IMPOSSIBLE, "Run one first: roulettectl drill --help.",
				"there is no record of a drill in %s" RECORD_DIR,
				verify->machine.root);
	verify->record = records.record[--records.count];
	records_free(&records);
	return STATUS_OK;
}

static enum status read_record(struct verify *verify, const char *id)
{
	if (!id)
		return read_last(verify);
	if (id_is_valid(id) &&
	    record_read(&verify->machine, id, &verify->record))
		return STATUS_IMPOSSIBLE;
	return id_is_valid(id) ? STATUS_OK :
	       complain(STATUS_USAGE, "List the drills: roulettectl history.",
			"'%s' is not the id of a drill", id);
}

/* The operator's files must exist before the search. */
static enum status check_text(const char *path)
{
	if (!path || !access(path, R_OK))
		return STATUS_OK;
	return complain_errno(STATUS_USAGE, "Give an existing file that you can read.",
			      "could not read %s", path);
}

static double kernel_start(struct machine *machine)
{
	char *content = machine_read(machine, "/proc/stat");
	char *line = content ? strstr(content, "\nbtime ") : NULL;
	double time = line ? atoll(line + strlen("\nbtime ")) : 0;

	free(content);
	return time;
}

static void read_machine(struct verify *verify)
{
	struct machine *machine = &verify->machine;
	char *boot_id = machine_read(machine, "/proc/sys/kernel/random/boot_id");

	verify->same_boot = boot_id && !strcmp(boot_id, verify->record.boot_id);
	verify->kernel_up = kernel_start(machine);
	verify->external = !strcmp(verify->record.action, "external");
	kdump_read(machine, &verify->kdump);
	pstore_read(machine, &verify->pstore);
	journal_read(machine, &verify->journal);
	free(boot_id);
}

static void look(struct verify *verify)
{
	evidence_begin(verify);
	/* The journal has the most exact time of the failure. */
	verify_journal(verify);
	verify_log(verify);
	verify_kdump(verify);
	verify_pstore(verify);
	verify_abrt(verify);
}

/* A dump that is being written counts although nobody expected it. */
static bool may_follow(const struct verify *verify, size_t i)
{
	const struct evidence *evidence = verify->evidence + i;

	if (verify->texts[i])
		return false;
	if (i == COLLECTOR_KDUMP && evidence->state == EVIDENCE_INCOMPLETE)
		return true;
	return evidence->expected &&
	       (evidence->state == EVIDENCE_INCOMPLETE ||
		evidence->state == EVIDENCE_MISSING);
}

/* Return: a collector of this machine that may still be at work, or NULL. */
static const char *unfinished(const struct verify *verify)
{
	size_t i;

	for (i = 0; i < COLLECTORS; i++)
		if (may_follow(verify, i))
			return verify->evidence[i].name;
	return NULL;
}

static void look_and_wait(struct verify *verify, long long wait)
{
	double end = clock_wall() + wait;
	const char *name;
	bool told = false;

	look(verify);
	while ((name = unfinished(verify)) && clock_wall() < end) {
		if (!told)
			note("waiting up to %lld s for %s", wait, name);
		told = true;
		sleep(1);
		look(verify);
	}
	verify_operator(verify);
	evidence_judge(verify);
}

/* The machine has to restart first; but the hit may have fired without effect. */
static void look_at_log(struct verify *verify)
{
	size_t i;

	evidence_begin(verify);
	for (i = 0; i < verify->evidence_count; i++)
		if (i != COLLECTOR_LOG)
			evidence_offer(verify->evidence + i, EVIDENCE_UNREAD,
				       NULL, 0,
				       text("the machine has not restarted"),
				       NULL);
	verify_log(verify);
	evidence_judge(verify);
	verify->result = RESULT_RUNNING;
}

static void decide(struct verify *verify, long long wait)
{
	if (verify->record.cancelled) {
		evidence_begin(verify);
		evidence_judge(verify);
		verify->result = RESULT_CANCELLED;
	} else if (verify->same_boot &&
		   (verify->external ||
		    outcome_ends_boot(verify->record.outcome))) {
		look_at_log(verify);
	} else {
		look_and_wait(verify, wait);
	}
	verify->now = clock_wall();
}

/* Collectors delete old evidence. The drill stays proven. */
static void store(struct verify *verify, struct json_object *result)
{
	struct record *record = &verify->record;

	if (verify->result != RESULT_PROVEN &&
	    verify->result != RESULT_UNPROVEN)
		return;
	if (!machine_is_this(&verify->machine)) {
		note("the result is not stored in the record, because of --root");
	} else if (geteuid()) {
		note("the result is not stored in the record; only root can store it");
	} else if (record->proven && verify->result == RESULT_UNPROVEN) {
		char *when = time_text(record->verified);

		note("the record keeps its earlier result: proven on %s", when);
		free(when);
	} else {
		json_object_put(record->result);
		record->result = json_object_get(result);
		record->verified = verify->now;
		record->proven = verify->result == RESULT_PROVEN;
		record_write(record);
	}
}

static void release(struct verify *verify)
{
	evidence_end(verify);
	kdump_free(&verify->kdump);
	pstore_free(&verify->pstore);
	journal_free(&verify->journal);
	record_free(&verify->record);
}

/**
 * verify_drill() - verify a drill and print the result
 * @options: options of the command
 *
 * Return: STATUS_OK if all that was expected is there.
 */
enum status verify_drill(const struct verify_options *options)
{
	struct verify verify = {
		.texts = {
			[COLLECTOR_NETCONSOLE] = options->netconsole,
			[COLLECTOR_SERIAL] = options->serial,
		},
		.command = options->command,
	};
	enum status status = open_root(&verify.machine, options->root);
	struct json_object *result;

	if (!status)
		status = check_text(options->netconsole);
	if (!status)
		status = check_text(options->serial);
	if (!status)
		status = read_record(&verify, options->id);
	if (status)
		return status;
	read_machine(&verify);
	decide(&verify, options->wait);
	result = verify_to_json(&verify);
	store(&verify, result);
	if (options->results)
		json_object_array_add(options->results, json_object_get(result));
	else if (options->json)
		json_print(json_object_get(result));
	else
		verify_print(&verify);
	json_object_put(result);
	status = verify.result == RESULT_PROVEN ? STATUS_OK : STATUS_FINDING;
	release(&verify);
	return status;
}

static bool parse_seconds(const char *string, long long *seconds)
{
	char *end;

	errno = 0;
	*seconds = strtoll(string, &end, 10);
	return *string >= '0' && *string <= '9' && !*end && !errno;
}

static enum status verify(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = {
		{ "last", no_argument, NULL, OPTION_LAST },
		{ "wait", required_argument, NULL, OPTION_WAIT },
		{ "netconsole", required_argument, NULL, OPTION_NETCONSOLE },
		{ "serial", required_argument, NULL, OPTION_SERIAL },
		{ "command", required_argument, NULL, OPTION_COMMAND },
		{ "root", required_argument, NULL, OPTION_ROOT },
		{ "json", no_argument, NULL, OPTION_JSON },
		HELP_OPTION
	};
	struct verify_options chosen = {};
	bool last = false;
	int option;

	while ((option = next_option(command, argc, argv, "h", options)) >= 0) {
		if (option == OPTION_LAST)
			last = true;
		else if (option == OPTION_NETCONSOLE)
			chosen.netconsole = optarg;
		else if (option == OPTION_SERIAL)
			chosen.serial = optarg;
		else if (option == OPTION_COMMAND)
			chosen.command = optarg;
		else if (option == OPTION_ROOT)
			chosen.root = optarg;
		else if (option == OPTION_JSON)
			chosen.json = true;
		else if (!parse_seconds(optarg, &chosen.wait))
			return wrong_usage(command, "'%s' is not a number of seconds",
					   optarg);
	}
	if (optind < argc)
		chosen.id = argv[optind++];
	if (optind < argc)
		return wrong_usage(command, "unexpected argument '%s'",
				   argv[optind]);
	if (last && chosen.id)
		return wrong_usage(command, "--last and an id exclude each other");
	return verify_drill(&chosen);
}

const struct command verify_command = {
	.name = "verify",
	.arguments = "[ID | --last] [OPTION...]",
	.summary = "Verify after the restart which collectors recorded a drill.",
	.help = "      --last             verify the newest drill; the default\n"
		"      --wait SECONDS     wait for a dump or record that is not there yet\n"
		"      --netconsole FILE  search a log that another machine received\n"
		"      --serial FILE      search a log of the serial console\n"
		"      --command COMMAND  search the output of a shell command\n"
		"      --root DIR         read the file system of another machine\n"
		"      --json             print JSON\n\n"
		"Exit status: 0 if each expected collector has the drill, else 1.\n",
	.run = verify,
};
