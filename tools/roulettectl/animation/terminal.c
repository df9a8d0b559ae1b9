// SPDX-License-Identifier: GPL-2.0
/* The size of the terminal. */
#include <sys/ioctl.h>
#include <unistd.h>

#include "terminal.h"

/* The terminal that the built-in animation needs, see docs/reference.md. */
#define COLUMNS	49
#define ROWS	23

/**
 * terminal_size() - get the size of the terminal
 * @columns: receives the columns
 * @rows: receives the rows
 *
 * The terminal is the standard output, error or input. Without one, the size is
 * that of a terminal for the built-in animation.
 */
void terminal_size(unsigned int *columns, unsigned int *rows)
{
	static const int files[] = { STDOUT_FILENO, STDERR_FILENO,
				     STDIN_FILENO };
	struct winsize size;
	unsigned int i;

	*columns = COLUMNS;
	*rows = ROWS;
	for (i = 0; i < sizeof(files) / sizeof(*files); i++) {
		if (ioctl(files[i], TIOCGWINSZ, &size) || !size.ws_col ||
		    !size.ws_row)
			continue;
		*columns = size.ws_col;
		*rows = size.ws_row;
		return;
	}
}
