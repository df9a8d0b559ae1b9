// SPDX-License-Identifier: GPL-2.0
/* The command watch. */
#define _GNU_SOURCE
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/screen.h"
#include "common/signals.h"
#include "device.h"
#include "view.h"

/* Limits of --interval in seconds. */
#define INTERVAL_MIN	0.1
#define INTERVAL_MAX	86400

/**
 * struct watching - a call of the command
 * @view: the values
 * @interval: seconds between two looks
 * @live: show them on the alternate screen
 * @signals: result of signals_open()
 */
struct watching {
	struct view view;
	double interval;
	bool live;
	int signals;
};

static void show(struct watching *watching)
{
	char *tables = view_text(&watching->view);
	char *screen;

	if (!watching->live) {
		printf("%s\n\n", tables);
		fflush(stdout);
	} else {
		screen = text("Every %g s. Press q to quit.\n\n%s",
			      watching->interval, tables);
		screen_show(screen);
		free(screen);
	}
	free(tables);
}

static void suspend(struct watching *watching)
{
	if (watching->live)
		screen_leave();
	signals_deliver(SIGTSTP);
	if (watching->live)
		screen_enter();
}

/* Return: the signal that ends the command, or 0. */
static int handle_signal(struct watching *watching)
{
	int number = signals_read(watching->signals);

	switch (number) {
	case SIGTSTP:
		suspend(watching);
		break;
	case SIGWINCH:
		break;
	default:
		return number;
	}
	show(watching);
	return 0;
}

static bool quit_pressed(void)
{
	char key;

	/* At the end of the input the terminal is gone. */
	return read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q';
}

/* Return: the signal that ends the command, 0 if q was pressed. */
static int watch_until(struct watching *watching)
{
	struct pollfd waiting[] = {
		{ .fd = watching->signals, .events = POLLIN },
		{ .fd = screen_has_keys() ? STDIN_FILENO : -1,
		  .events = POLLIN },
	};
	double next = clock_now();

	for (;;) {
		double left = next - clock_now();

		if (left <= 0) {
			view_update(&watching->view);
			show(watching);
			next = clock_now() + watching->interval;
			continue;
		}
		if (poll(waiting, 2, ceil(left * 1000)) <= 0)
			continue;
		if (waiting[0].revents) {
			int number = handle_signal(watching);

			if (number)
				return number;
		}
		if (waiting[1].revents && quit_pressed())
			return 0;
	}
}

static enum status check_names(int count, char **names)
{
	struct device device;
	int i;

	if (!count && !exists(CLASS_DIR))
		return no_modules();
	for (i = 0; i < count; i++) {
		enum status status = device_open(&device, names[i]);

		if (status)
			return status;
		device_close(&device);
	}
	return STATUS_OK;
}

static bool parse_interval(const char *word, double *interval)
{
	char *end;

	*interval = strtod(word, &end);
	return end != word && !*end && *interval >= INTERVAL_MIN &&
	       *interval <= INTERVAL_MAX;
}

static enum status watch(const struct command *command, int argc, char **argv)
{
	static const int signals[] = {
		SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGWINCH, 0
	};
	static const struct option options[] = {
		{ "interval", required_argument, NULL, 'i' },
		HELP_OPTION
	};
	struct watching watching = { .interval = 1 };
	enum status status;
	int ended_by;

	while (next_option(command, argc, argv, "i:h", options) >= 0)
		if (!parse_interval(optarg, &watching.interval))
			return wrong_usage(command, "'%s' is not a number of seconds, %g to %d",
					   optarg, INTERVAL_MIN, INTERVAL_MAX);
	status = check_names(argc - optind, argv + optind);
	if (status)
		return status;
	watching.signals = signals_open(signals);
	watching.live = screen_possible();
	view_begin(&watching.view, argc - optind, argv + optind);
	if (watching.live)
		screen_enter();
	ended_by = watch_until(&watching);
	screen_leave();
	view_end(&watching.view);
	if (ended_by)
		signals_deliver(ended_by);
	return STATUS_OK;
}

const struct command watch_command = {
	.name = "watch",
	.arguments = "[--interval SECONDS] [NAME...]",
	.summary = "Show live the pulls, hits and readers of devices, and their rates.",
	.help = "  -i, --interval SECONDS  time between two updates (1)\n\n"
		"q or Ctrl-C ends the command. If the standard output is not a terminal, the\n"
		"command prints a table at each update. LAST HIT is the time since the last hit\n"
		"that this command saw.\n",
	.run = watch,
};
