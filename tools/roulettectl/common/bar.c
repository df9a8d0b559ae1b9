// SPDX-License-Identifier: GPL-2.0
/* A progress bar on the terminal, below the lines of the output. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bar.h"
#include "clock.h"
#include "message.h"

/* Seconds without a bar, and between two drawings. */
#define BAR_DELAY	1.0
#define BAR_INTERVAL	0.1

/* A shorter bar shows nothing. */
#define BAR_WIDTH_MIN	8

/**
 * bar_begin() - prepare a bar, which appears after a second
 * @bar: the bar; it never appears if the standard error is no terminal
 */
void bar_begin(struct bar *bar)
{
	static char buffer[65536];
	const char *terminal = getenv("TERM");
	double now = clock_now();

	*bar = (struct bar){
		.start = now,
		.next = now + BAR_DELAY,
		.enabled = isatty(STDERR_FILENO) && terminal &&
			   strcmp(terminal, "dumb"),
		.stream = stderr,
	};
	if (!bar->enabled || !isatty(STDOUT_FILENO))
		return;
	/* Lines and the bar below them are one write, so nothing flickers. */
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	bar->stream = stdout;
}

/**
 * bar_timeout() - get the time until the next drawing
 * @bar: the bar
 *
 * Return: milliseconds, for poll(): 0 if the bar must be drawn now, -1 if it
 * never appears.
 */
int bar_timeout(const struct bar *bar)
{
	double left = bar->next - clock_now();

	if (!bar->enabled)
		return -1;
	return left > 0 ? ceil(left * 1000) : 0;
}

static int terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return 80;
	return size.ws_col;
}

/**
 * bar_draw() - draw the bar
 * @bar: the bar, for which bar_timeout() has returned 0
 * @part: the part that is done, from 0 to 1
 * @words: text before the bar
 */
void bar_draw(struct bar *bar, double part, const char *words)
{
	double now = clock_now();
	char *line = text("%s, %.0f s ", words, now - bar->start);
	/* The last column stays free: some terminals wrap after it. */
	int room = terminal_width() - 1;
	int width = room - (int)strlen(line) - 2;

	/* At the start of the line, the ^C of Ctrl-C is erased with the bar. */
	if (width >= BAR_WIDTH_MIN) {
		char *full = need_memory(calloc(width + 1, 1));

		memset(full, '#', (size_t)(part * width));
		fprintf(bar->stream, "\r%s[%-*s]\033[K\r", line, width, full);
		free(full);
	} else {
		fprintf(bar->stream, "\r%.*s\033[K\r", room, line);
	}
	fflush(bar->stream);
	free(line);
	bar->drawn = true;
	bar->next = now + BAR_INTERVAL;
}

static void erase(struct bar *bar)
{
	fputs("\r\033[K", bar->stream);
	bar->drawn = false;
}

/**
 * bar_make_room() - erase the bar before a line of the standard output
 * @bar: the bar, which bar_timeout() then wants drawn again
 */
void bar_make_room(struct bar *bar)
{
	if (!bar->drawn || bar->stream != stdout)
		return;
	erase(bar);
	bar->next = 0;
}

/**
 * bar_end() - erase the bar for good
 * @bar: the bar
 */
void bar_end(struct bar *bar)
{
	if (bar->drawn)
		erase(bar);
	fflush(bar->stream);
	bar->enabled = false;
}
