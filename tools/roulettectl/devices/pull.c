// SPDX-License-Identifier: GPL-2.0
/* The command pull. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "common/bar.h"
#include "common/file.h"
#include "common/json.h"
#include "common/signals.h"
#include "reader.h"
#include "settings.h"
#include "tally.h"

/* A pull that does not hang ends within this time. */
#define PULL_MS	200

/**
 * struct session - a call of the command
 * @device: the device
 * @count: number of pulls
 * @json: print JSON, and no lines
 * @reader: the child that pulls
 * @tally: results
 * @bar: progress
 * @signals: result of signals_open()
 * @ended_by: number of the signal that has ended the pulls, or 0
 * @failed: a pull failed, and was not a hit
 * @lost: the reader died, and it is not known whether it pulled
 * @stuck: the reader hangs in the kernel, so it cannot be waited for
 */
struct session {
	struct device device;
	unsigned long long count;
	bool json;
	struct reader reader;
	struct tally tally;
	struct bar bar;
	int signals;
	int ended_by;
	bool failed;
	bool lost;
	bool stuck;
};

static enum status wrong_cpu(int cpu)
{
	char *status = read_file_at(AT_FDCWD, "/proc/self/status", 65536);
	char *list = status ? strstr(status, "Cpus_allowed_list:") : NULL;
	char *advice = NULL;

	if (list) {
		list += strlen("Cpus_allowed_list:");
		list += strspn(list, " \t");
		list[strcspn(list, "\n")] = '\0';
		advice = text("This process may use the CPUs %s.", list);
	}
	complain(STATUS_USAGE, advice, "CPU %d is not available", cpu);
	free(advice);
	free(status);
	return STATUS_USAGE;
}

static enum status not_opened(const struct session *session)
{
	const char *advice = "The kernel log may have the reason: dmesg | tail.";

	switch (errno) {
	case EACCES:
		advice = NEED_ROOT;
		break;
	case EPERM:
		advice = "A container may not use this node: run it on the machine itself, as root.";
		break;
	case ENOENT:
		advice = "udev or devtmpfs creates the node. Check that one of them manages /dev.";
		break;
	case ENXIO:
	case ENODEV:
		advice = "The device may have been removed. List the devices: roulettectl list.";
		break;
	}
	return complain_errno(STATUS_IMPOSSIBLE, advice, "could not open %s",
			      session->reader.node);
}

static enum status not_read(const struct session *session)
{
	switch (errno) {
	case ENODEV:
		return complain_errno(STATUS_IMPOSSIBLE, "Create the device again: roulettectl create roulette NAME.",
				      "device '%s' was removed during the pulls",
				      session->device.name);
	case EPERM:
		return complain_errno(STATUS_IMPOSSIBLE, "The init process cannot pull. Run roulettectl in another process.",
				      "could not pull");
	}
	return complain_errno(STATUS_IMPOSSIBLE, "The kernel log may have the reason: dmesg | tail.",
			      "could not read %s", session->reader.node);
}

/* Explains the pull that failed without a hit, after which no other follows. */
static enum status explain(const struct session *session)
{
	const struct pull *pull = &session->reader.pull;

	if (session->lost)
		return complain(STATUS_IMPOSSIBLE, "Another process may have killed the reader. See dmesg | tail, and pull again.",
				"reader %d has died before its pull",
				session->reader.pid);
	errno = pull->err;
	switch (pull->step) {
	case READER_PIN:
		return wrong_cpu(session->reader.cpu);
	case READER_OPEN:
		return not_opened(session);
	default:
		return not_read(session);
	}
}

static const char *not_fired_because(int err)
{
	switch (err) {
	case EBUSY:
		return "100 hits already wait for their delay. Pull later, or stop them: roulettectl disarm";
	case ECANCELED:
		return "cancelled, armed was set to N. To let pulls hit again: roulettectl arm";
	case ENODEV:
		return "cancelled, the device was removed";
	default:
		return strerror(err);
	}
}

static void draw_if_due(struct session *session)
{
	const struct tally *tally = &session->tally;
	char *words;

	if (bar_timeout(&session->bar))
		return;
	words = text("%llu of %llu pulls, %llu %s", tally->pulls,
		     session->count, tally->hits,
		     tally->hits == 1 ? "hit" : "hits");
	bar_draw(&session->bar, (double)tally->pulls / session->count, words);
	free(words);
}

static void count(struct session *session, const char *addition)
{
	const char *line = session->reader.pull.line;

	tally_line(&session->tally, line);
	if (session->json)
		return;
	bar_make_room(&session->bar);
	printf("%s%s\n", line, addition);
}

static void done(struct session *session)
{
	struct pull *pull = &session->reader.pull;
	char *addition;

	if (pull->err == EIO && pull->step == READER_READ && !*pull->line) {
		strcpy(pull->line, "bang: the read failed with EIO, action error");
		pull->err = 0;
	}
	if (!*pull->line) {
		session->failed = true;
		return;
	}
	if (!pull->err) {
		count(session, "");
		return;
	}
	session->tally.not_fired++;
	addition = text(", not fired: %s", not_fired_because(pull->err));
	count(session, addition);
	free(addition);
}

static void died(struct session *session)
{
	char *addition;

	if (!*session->reader.pull.line) {
		session->lost = true;
		session->failed = true;
		return;
	}
	session->tally.died++;
	addition = text(", reader %d has died", session->reader.pid);
	count(session, addition);
	free(addition);
}

/* After a signal, all pulls that have begun still count. */
static void stop(struct session *session)
{
	session->ended_by = signals_read(session->signals);
	reader_stop(&session->reader);
	for (;;) {
		switch (reader_wait(&session->reader, -1, PULL_MS)) {
		case READER_DONE:
			done(session);
			break;
		case READER_DIED:
			died(session);
			return;
		case READER_ENDED:
			return;
		default:
			session->stuck = !reader_kill(&session->reader);
			if (*session->reader.pull.line)
				count(session, "");
			return;
		}
	}
}

/* Return: the next event. Lines are printed before this waits. */
static enum reader_event next(struct session *session)
{
	enum reader_event event = reader_wait(&session->reader,
					      session->signals, 0);

	if (event != READER_BUSY)
		return event;
	draw_if_due(session);
	fflush(stdout);
	return reader_wait(&session->reader, session->signals,
			   bar_timeout(&session->bar));
}

/* Pulls until a reader has ended or died. */
static void pull_some(struct session *session)
{
	reader_start(&session->reader, session->count - session->tally.pulls);
	for (;;) {
		switch (next(session)) {
		case READER_BUSY:
			break;
		case READER_DONE:
			done(session);
			break;
		case READER_DIED:
			died(session);
			return;
		case READER_ENDED:
			return;
		case READER_SIGNAL:
			stop(session);
			return;
		}
	}
}

static void print_result(struct session *session)
{
	tally_end(&session->tally);
	if (session->json) {
		json_print(tally_json(&session->tally));
		return;
	}
	if (session->tally.pulls)
		putchar('\n');
	tally_print(&session->tally);
}

static enum status pull_all(struct session *session)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, 0 };

	session->signals = signals_open(signals);
	bar_begin(&session->bar);
	while (!session->failed && !session->ended_by &&
	       session->tally.pulls < session->count)
		pull_some(session);
	bar_end(&session->bar);
	if (!session->failed || session->tally.pulls)
		print_result(session);
	if (session->stuck)
		note("reader %d still hangs in the kernel; it ends when the action ends",
		     session->reader.pid);
	return session->failed ? explain(session) : STATUS_OK;
}

static bool parse_number(const char *word, unsigned long long low,
			 unsigned long long high, unsigned long long *number)
{
	char *end;

	errno = 0;
	*number = strtoull(word, &end, 10);
	return isdigit((unsigned char)*word) && !*end && !errno &&
	       *number >= low && *number <= high;
}

static enum status pull_device(struct session *session, int cpu)
{
	enum status status = STATUS_IMPOSSIBLE;
	char *node = NULL;

	if (!device_is_roulette(&session->device))
		return complain(STATUS_USAGE, "List the roulettes: roulettectl list.",
				"'%s' is of type %s, and only a roulette has a trigger",
				session->device.name, session->device.type);
	if (tally_begin(&session->tally, &session->device))
		node = device_node(&session->device);
	if (!node)
		return complain(STATUS_IMPOSSIBLE, "List the devices: roulettectl list.",
				"device '%s' was removed",
				session->device.name);
	reader_init(&session->reader, node, cpu);
	status = pull_all(session);
	free(node);
	return status;
}

static enum status pull(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = {
		{ "count", required_argument, NULL, 'n' },
		{ "cpu", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, OPTION_JSON },
		HELP_OPTION
	};
	struct session session = { .count = 1 };
	unsigned long long number;
	enum status status;
	int option, cpu = -1;

	while ((option = next_option(command, argc, argv, "n:c:h", options)) >= 0) {
		if (option == OPTION_JSON) {
			session.json = true;
		} else if (option == 'n') {
			if (!parse_number(optarg, 1, UINT_MAX, &session.count))
				return wrong_usage(command, "'%s' is not a number of pulls, 1 to %u",
						   optarg, UINT_MAX);
		} else {
			if (!parse_number(optarg, 0, INT_MAX, &number))
				return wrong_usage(command, "'%s' is not the number of a CPU",
						   optarg);
			cpu = number;
		}
	}
	if (argc - optind != 1)
		return wrong_usage(command, "give one device");
	status = device_open(&session.device, argv[optind]);
	if (status)
		return status;
	status = pull_device(&session, cpu);
	device_close(&session.device);
	if (session.ended_by)
		signals_deliver(session.ended_by);
	return status;
}

const struct command pull_command = {
	.name = "pull",
	.arguments = "[-n COUNT] [--cpu N] [--json] NAME",
	.summary = "Pull the trigger of a roulette, and compare the hits with the odds.",
	.help = "  -n, --count COUNT  number of pulls (1)\n"
		"  -c, --cpu N        read on this CPU, where the action then runs\n"
		"      --json         print JSON, and no lines\n\n"
		"A child process reads the node. If a hit kills the child, a new child continues.\n"
		"The summary has the number of hits to expect without limits.\n"
		"The exit status is 0 with and without hits. Ctrl-C, SIGTERM and SIGHUP end the pulls;\n"
		"after the summary, the same signal ends roulettectl, so a script also ends.\n",
	.run = pull,
};
