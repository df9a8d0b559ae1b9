// SPDX-License-Identifier: GPL-2.0
/* A live view on the terminal's alternate screen. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "message.h"
#include "screen.h"

/* Alternate screen, invisible cursor, no wrapping of long lines. */
#define ENTER	"\033[?1049h\033[?25l\033[?7l"
#define LEAVE	"\033[?7h\033[?25h\033[?1049l"

static bool entered;
static bool has_keys;
static struct termios saved;

/**
 * screen_possible() - check whether a live view is possible
 *
 * Return: true if the standard output is a terminal that can move its cursor.
 */
bool screen_possible(void)
{
	const char *terminal = getenv("TERM");

	return isatty(STDOUT_FILENO) && terminal && *terminal &&
	       strcmp(terminal, "dumb");
}

/**
 * screen_enter() - show the alternate screen, and read keys without Enter
 *
 * The terminal is restored by screen_leave(), or when the program exits.
 */
void screen_enter(void)
{
	static bool registered;
	struct termios keys;

	if (!registered)
		atexit(screen_leave);
	registered = true;
	has_keys = !tcgetattr(STDIN_FILENO, &saved);
	if (has_keys) {
		keys = saved;
		keys.c_lflag &= ~(ICANON | ECHO);
		keys.c_cc[VMIN] = 1;
		keys.c_cc[VTIME] = 0;
		tcsetattr(STDIN_FILENO, TCSANOW, &keys);
	}
	fputs(ENTER, stdout);
	fflush(stdout);
	entered = true;
}

/**
 * screen_leave() - restore the terminal
 */
void screen_leave(void)
{
	if (!entered)
		return;
	entered = false;
	fputs(LEAVE, stdout);
	fflush(stdout);
	if (has_keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &saved);
}

/**
 * screen_has_keys() - check whether the standard input sends keys
 *
 * Return: true if it is a terminal.
 */
bool screen_has_keys(void)
{
	return has_keys;
}

static int terminal_height(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row)
		return 24;
	return size.ws_row;
}

static int count_lines(const char *lines)
{
	int count = 0;

	for (; *lines; count++)
		lines = strchrnul(lines, '\n') + !!strchr(lines, '\n');
	return count;
}

/**
 * screen_show() - replace the content of the screen
 * @lines: lines, with newlines between them; the last line of the screen counts
 *	the lines that do not fit
 */
void screen_show(const char *lines)
{
	int left = count_lines(lines);
	int room = terminal_height();

	fputs("\033[H", stdout);
	while (left) {
		size_t length = strcspn(lines, "\n");

		if (room == 1 && left > 1) {
			printf("%d more lines", left);
			break;
		}
		fwrite(lines, 1, length, stdout);
		lines += length + (lines[length] == '\n');
		room--;
		left--;
		if (left)
			fputs("\033[K\r\n", stdout);
	}
	/* Erase the rest of the line and all below, without a flicker. */
	fputs("\033[J", stdout);
	fflush(stdout);
}
