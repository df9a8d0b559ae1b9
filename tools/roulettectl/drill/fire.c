// SPDX-License-Identifier: GPL-2.0
/* Pulls the trigger of a drill, and waits until its action is over. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/run.h"
#include "common/signals.h"
#include "devices/reader.h"
#include "fire.h"

#define LOOK_MS	50
#define OUTPUT_MAX	4096

/* The kernel may add an eighth to a delay. */
#define DELAY_SLACK(delay_ms)	((delay_ms) / 8e3 + 1)

/* File descriptor that becomes readable by a signal; -1 before it is open. */
static int signals = -1;
static bool signalled;

/**
 * interrupts_catch() - let Ctrl-C, SIGTERM and SIGHUP cancel the drill
 *
 * From now on these signals only have an effect through interrupted().
 */
void interrupts_catch(void)
{
	static const int wanted[] = { SIGINT, SIGTERM, SIGHUP, 0 };

	if (signals < 0)
		signals = signals_open(wanted);
}

/**
 * interrupted() - check whether the operator wants to cancel the drill
 *
 * Return: true after a signal of interrupts_catch().
 */
bool interrupted(void)
{
	if (signals >= 0 && !signalled)
		signalled = signals_read(signals) > 0;
	return signalled;
}

/* Return: false if the time is over or a signal has arrived. */
static bool wait_on(double end)
{
	if (interrupted() || clock_now() >= end)
		return false;
	usleep(LOOK_MS * 1000);
	return true;
}

/*
 * journald has received the line that announces the action. A crash loses the
 * line until both journald and the file system have written it.
 */
static void save_journal(void)
{
	char *const argv[] = { "journalctl", "--sync", NULL };
	char *output = NULL;

	run(argv, RUN_ERRORS_DROPPED, &output, OUTPUT_MAX);
	free(output);
	sync();
}

/*
 * @due: the earliest moment of the action. The kernel never fires before, so a
 * hit that waits no longer was cancelled, for example by disarm.
 *
 * Return: true if the hit has fired.
 */
static bool wait_for_delay(const struct chamber *chamber, double due,
			   long long delay_ms)
{
	bool terminal = isatty(STDERR_FILENO);
	int left, shown = 0;

	save_journal();
	while (chamber_pending(chamber) && wait_on(due + DELAY_SLACK(delay_ms))) {
		left = due - clock_now() + 1;
		if (terminal && left > 0 && left != shown)
			fprintf(stderr, "\rfires in %d s; Ctrl-C cancels it\033[K",
				left);
		shown = left;
	}
	if (terminal)
		fputs("\r\033[K", stderr);
	if (chamber_pending(chamber))
		return !interrupted();
	return clock_now() >= due - LOOK_MS / 1e3;
}

/* With a delay, the read returns before the action. */
static void wait_for_end(const struct record *record)
{
	double end = clock_now() + record->hang_time + 1;

	while (wait_on(end))
		;
}

static bool failed(const struct pull *pull)
{
	static const char *const steps[] = {
		[READER_PIN] = "could not move the reader to its CPU",
		[READER_OPEN] = "could not open the device of the drill",
		[READER_READ] = "the read of the device failed",
	};

	errno = pull->err;
	complain_errno(STATUS_IMPOSSIBLE, "See the kernel log: dmesg | tail.",
		       "%s", steps[pull->step]);
	return false;
}

/* A hit may be cancelled after its line was written; then the read fails. */
static bool is_bang(const struct pull *pull)
{
	return !pull->err && !strncmp(pull->line, "bang", strlen("bang"));
}

/* Prints the result of the pull. Return: true if it has fired. */
static bool judge(const struct pull *pull, bool died, FILE *lines)
{
	if (*pull->line)
		fprintf(lines, "%s\n", pull->line);
	fflush(lines);
	/* Only action error makes a read fail with EIO. */
	if (pull->step == READER_READ && pull->err == EIO) {
		fputs("bang: the read has failed with EIO\n", lines);
		return true;
	}
	if (pull->err)
		return failed(pull);
	if (is_bang(pull)) {
		if (died)
			fputs("the hit has killed its reader, a child of roulettectl\n",
			      lines);
		return true;
	}
	complain(STATUS_IMPOSSIBLE, "Another reader may have taken the hit. See the kernel log: dmesg | tail.",
		 "the pull did not hit");
	return false;
}

/*
 * Waits for the pull. No signal wakes a reader in a lockup. Then the device is
 * restored, and the reader continues to sleep.
 */
static bool wait_for_pull(struct reader *reader, FILE *lines)
{
	enum reader_event event;

	do {
		event = reader_wait(reader, signals, -1);
	} while (event == READER_BUSY);
	if (event != READER_SIGNAL)
		return judge(&reader->pull, event == READER_DIED, lines);
	interrupted();
	reader_kill(reader);
	return is_bang(&reader->pull);
}

/**
 * fire() - pull the trigger of a chamber that is loaded
 * @chamber: the chamber
 * @record: the drill
 * @lines: where the line of the pull is printed
 *
 * Returns only if the machine survives the hit, or if it does not fire.
 *
 * Return: true if the hit has fired; false if it was cancelled, or the pull did
 * not hit. Then nothing fires any more.
 */
bool fire(const struct chamber *chamber, const struct record *record,
	  FILE *lines)
{
	char *node = device_node(&chamber->device);
	struct reader reader;
	double start;
	bool fired;

	if (!node) {
		complain(STATUS_IMPOSSIBLE, "Repeat the drill.",
			 "the device of the drill was removed");
		return false;
	}
	/* Data that is not on disk is lost if the machine fails. */
	sync();
	reader_init(&reader, node, record->cpu);
	start = clock_now();
	reader_start(&reader, 1);
	fired = wait_for_pull(&reader, lines);
	free(node);
	if (fired && record->delay_ms) {
		fired = wait_for_delay(chamber, start + record->delay_ms / 1e3,
				       record->delay_ms);
		if (fired && record->outcome == OUTCOME_LOCKUP)
			wait_for_end(record);
	}
	return fired;
}
