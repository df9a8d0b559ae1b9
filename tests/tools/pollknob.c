// SPDX-License-Identifier: GPL-2.0
/*
 * pollknob - waits until the kernel reports that a sysfs file has changed
 *
 *	pollknob [-a] FILE MS
 *
 * Prints "at VALUE". Then waits in poll(2) for at most MS milliseconds, and
 * prints "woke VALUE", or "quiet" after a timeout. With -a, waits again until a
 * timeout. Exits 2 on an error.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "errname.h"

static void tell(const char *what, int fd)
{
	char value[4096];
	ssize_t got = pread(fd, value, sizeof(value) - 1, 0);

	if (got < 0) {
		printf("%s %s\n", what, errname(errno));
		exit(2);
	}
	value[got] = '\0';
	value[strcspn(value, "\n")] = '\0';
	printf("%s %s\n", what, value);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct pollfd pollfd = { .events = POLLPRI };
	bool again = argc > 1 && !strcmp(argv[1], "-a");
	int ready;

	argv += again;
	if (argc - again != 3) {
		fprintf(stderr, "pollknob: wrong arguments; see the top of tests/tools/pollknob.c\n");
		return 2;
	}
	pollfd.fd = open(argv[1], O_RDONLY);
	if (pollfd.fd < 0) {
		perror(argv[1]);
		return 2;
	}
	tell("at", pollfd.fd);
	do {
		ready = poll(&pollfd, 1, atoi(argv[2]));
		if (ready == 1)
			tell("woke", pollfd.fd);
	} while (ready == 1 && again);
	switch (ready) {
	case 1:
		return 0;
	case 0:
		puts("quiet");
		return 0;
	default:
		perror("poll");
		return 2;
	}
}
