// SPDX-License-Identifier: GPL-2.0
/*
 * knob - makes one system call on a file or directory, and prints its errno
 *
 *	knob write FILE VALUE	one write(2) of exactly VALUE
 *	knob read FILE		one read(2) of up to 64 KiB; prints the bytes
 *	knob open FILE		open for reading
 *	knob mkdir DIR
 *	knob rmdir DIR
 *	knob unload MODULE	delete_module(2) with O_NONBLOCK, as rmmod does
 *
 * VALUE may contain the escapes \s (a space) \n \t \0 \\ and \xHH. If the
 * call fails, knob prints the name of the errno (EINVAL) on stdout and exits 1.
 * After a short write it prints "short N" and exits 1. On success it prints
 * only the bytes that it read. It exits 2 on wrong arguments.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "errname.h"
#include "escapes.h"

static int failed(void)
{
	puts(errname(errno));
	return 1;
}

static int wrong_use(const char *why)
{
	fprintf(stderr, "knob: %s; see the top of tests/tools/knob.c\n", why);
	return 2;
}

static int knob_write(const char *file, char *value)
{
	ssize_t length = unescape(value), written;
	int fd;

	if (length < 0)
		return wrong_use("malformed escape");
	fd = open(file, O_WRONLY);
	if (fd < 0)
		return failed();
	written = write(fd, value, length);
	if (written < 0)
		return failed();
	if (written != length) {
		printf("short %zd\n", written);
		return 1;
	}
	return 0;
}

static int knob_read(const char *file)
{
	static char buffer[65536];
	int fd = open(file, O_RDONLY);
	ssize_t got;

	if (fd < 0)
		return failed();
	got = read(fd, buffer, sizeof(buffer));
	if (got < 0)
		return failed();
	return fwrite(buffer, 1, got, stdout) == (size_t)got ? 0 : 2;
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";
	const char *name = argc > 2 ? argv[2] : "";

	if (argc == 4 && !strcmp(what, "write"))
		return knob_write(name, argv[3]);
	if (argc != 3)
		return wrong_use("wrong arguments");
	if (!strcmp(what, "read"))
		return knob_read(name);
	if (!strcmp(what, "open"))
		return open(name, O_RDONLY) < 0 ? failed() : 0;
	if (!strcmp(what, "mkdir"))
		return mkdir(name, 0777) ? failed() : 0;
	if (!strcmp(what, "rmdir"))
		return rmdir(name) ? failed() : 0;
	if (!strcmp(what, "unload"))
		return syscall(SYS_delete_module, name, O_NONBLOCK) ? failed() : 0;
	return wrong_use("unknown call");
}
