// SPDX-License-Identifier: GPL-2.0
/*
 * The command animation preview. It draws the frames as a parrot does: from the
 * top left corner, over the frame before. All readers of a parrot see the frame
 * of the moment, so a slow terminal skips frames.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "common/file.h"
#include "parse.h"
#include "store.h"
#include "terminal.h"

#define HOME		"\033[H"
#define TAIL		"\n\033[J"
#define RESET		"\033[0m"
/* The alternate screen keeps the old screen. The cursor is hidden. */
#define ENTER		"\033[?1049h\033[?25l\033[2J"
#define LEAVE		RESET "\033[?25h\033[?1049l"

#define NS_PER_SEC	1000000000LL
#define RATE_DEFAULT	"20"
#define WARNING_TIME	(2 * NS_PER_SEC)

/* Return: 0, or -1 if the terminal does not exist any more. */
static int put(const char *bytes)
{
	size_t left = strlen(bytes);

	while (left) {
		ssize_t written = write(STDOUT_FILENO, bytes, left);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		bytes += written;
		left -= written;
	}
	return 0;
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * NS_PER_SEC + time.tv_nsec;
}

/* The signals that end or stop the preview. They are blocked. */
static sigset_t block_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGQUIT);
	sigaddset(&signals, SIGTSTP);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return signals;
}

/* Return: the signal that arrived within @ns nanoseconds, or 0. */
static int wait_for(const sigset_t *signals, int64_t ns)
{
	struct timespec time = {};
	int signal;

	if (ns > 0) {
		time.tv_sec = ns / NS_PER_SEC;
		time.tv_nsec = ns % NS_PER_SEC;
	}
	signal = sigtimedwait(signals, NULL, &time);
	return signal > 0 ? signal : 0;
}

/* Return: as put(). */
static int draw(const struct frame *frame)
{
	/* One write, so that the terminal shows no half frame. */
	char *bytes = text(HOME "%.*s%s", (int)frame->length, frame->rows,
			   frame->color ? RESET TAIL : TAIL);
	int err = put(bytes);

	free(bytes);
	return err;
}

/* Stops the process after Ctrl-Z, until the shell continues it. */
static void stop(void)
{
	put(LEAVE);
	raise(SIGSTOP);
	put(ENTER);
}

static void play(const struct animation *animation, double rate,
		 const sigset_t *signals)
{
	int64_t interval = NS_PER_SEC / rate, start = now();

	put(ENTER);
	for (;;) {
		int64_t number = (now() - start) / interval;
		int signal;

		if (draw(animation->frames + number % animation->count))
			break;
		signal = wait_for(signals,
				  start + (number + 1) * interval - now());
		if (signal == SIGTSTP)
			stop();
		else if (signal)
			break;
	}
	put(LEAVE);
}

static void preview(const struct animation *animation,
		    const struct measure *measure, double rate)
{
	unsigned int columns, rows;
	sigset_t signals = block_signals();

	terminal_size(&columns, &rows);
	if (measure->columns >= columns || measure->rows >= rows) {
		note("the animation needs a terminal of %ux%u, and this terminal has %ux%u",
		     measure->columns + 1, measure->rows + 1, columns, rows);
		if (wait_for(&signals, WARNING_TIME))
			return;
	}
	play(animation, rate, &signals);
}

/* Return: the content, which the caller must free; NULL after a message. */
static char *read_animation(const char *name, size_t *size)
{
	char *path, *bytes;

	if (!strcmp(name, PARTY)) {
		*size = strlen(party_text);
		return text("%s", party_text);
	}
	path = strchr(name, '/') || exists(name) ? text("%s", name) :
						   animation_path(name);
	bytes = read_bytes_at(AT_FDCWD, path, ANIMATION_MAX, size);
	if (!bytes)
		complain_errno(STATUS_USAGE, "List the animations: roulettectl animation list.",
			       "could not read %s", path);
	free(path);
	return bytes;
}

static enum status parse_rate(const struct command *command, const char *value,
			      double *rate)
{
	char *end;

	*rate = strtod(value, &end);
	if (end == value || *end || !(*rate >= 0.001 && *rate <= 1000))
		return wrong_usage(command, "'%s' is not a rate: give 0.001 to 1000 frames per second",
				   value);
	return STATUS_OK;
}

static enum status run_preview(const struct command *command, int argc,
			       char **argv)
{
	static const struct option options[] = {
		{ "rate", required_argument, NULL, 'r' },
		HELP_OPTION
	};
	const char *rate_text = RATE_DEFAULT;
	struct animation animation;
	struct measure measure;
	enum status status;
	char *bytes, *fault;
	double rate;
	size_t size;

	while (next_option(command, argc, argv, "r:h", options) >= 0)
		rate_text = optarg;
	status = parse_rate(command, rate_text, &rate);
	if (status)
		return status;
	if (argc - optind != 1)
		return wrong_usage(command, "give one animation");
	bytes = read_animation(argv[optind], &size);
	if (!bytes)
		return STATUS_USAGE;
	fault = animation_parse(&animation, bytes, size);
	if (fault) {
		status = complain(STATUS_FINDING, "No parrot can play it. Import it again.",
				  "%s: %s", argv[optind], fault);
		free(fault);
	} else if (!isatty(STDOUT_FILENO)) {
		status = complain(STATUS_USAGE, "Run the command in a terminal.",
				  "the standard output is not a terminal");
		animation_free(&animation);
	} else {
		animation_measure(&measure, bytes, size);
		preview(&animation, &measure, rate);
		animation_free(&animation);
	}
	free(bytes);
	return status;
}

const struct command animation_preview_command = {
	.name = "animation preview",
	.arguments = "[-r RATE] NAME",
	.summary = "Play an animation in this terminal, without a parrot.",
	.help = "  -r, --rate RATE  frames per second, 0.001 to 1000 (default 20)\n\n"
		"NAME is an animation, or the path of a file. Ctrl-C ends the preview.\n",
	.run = run_preview,
};
