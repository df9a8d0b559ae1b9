// SPDX-License-Identifier: GPL-2.0
/*
 * uevents [-t] [-w] COMMAND... - runs a command, and prints the uevents of
 * class roulette meanwhile
 *
 * For an event "add", it examines the device at once, as udev would, and prints
 *
 *	add NAME DEVNAME MODE knobs K opened O
 *
 * DEVNAME and MODE are from the event. MODE ends in "!" if the node does not
 * exist with this mode. K is the number of knobs in the device's sysfs
 * directory at that time, and O is the number of them that could be opened.
 *
 * For an event "remove" it prints "remove NAME". For an event "change", which
 * reports a hit, it prints the following; with -t, the time in milliseconds
 * comes first:
 *
 *	change NAME HIT ACTION LABEL
 *
 * Ends when the command has ended, with the command's status. With -w also
 * waits for the event of a hit, for at most 20 seconds after that end.
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *value_of(const char *event, size_t size, const char *key)
{
	const char *end = event + size;
	size_t len = strlen(key);

	for (; event < end; event += strlen(event) + 1)
		if (!strncmp(event, key, len) && event[len] == '=')
			return event + len + 1;
	return "";
}

static void count_knobs(const char *devpath, int *knobs, int *opened)
{
	char dir[4096];
	struct dirent *entry;
	struct stat st;
	DIR *files;

	*knobs = 0;
	*opened = 0;
	snprintf(dir, sizeof(dir), "/sys%s", devpath);
	files = opendir(dir);
	if (!files)
		return;
	while ((entry = readdir(files))) {
		int fd;

		/* Devices of every class have these two, which are no knobs. */
		if (entry->d_type != DT_REG || !strcmp(entry->d_name, "uevent") ||
		    !strcmp(entry->d_name, "dev"))
			continue;
		++*knobs;
		if (fstatat(dirfd(files), entry->d_name, &st, 0))
			continue;
		fd = openat(dirfd(files), entry->d_name,
			    st.st_mode & 0200 ? O_WRONLY : O_RDONLY);
		if (fd < 0)
			continue;
		++*opened;
		close(fd);
	}
	closedir(files);
}

static bool times, told;

static long milliseconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void look(const char *event, size_t size)
{
	const char *action = value_of(event, size, "ACTION");
	const char *devpath = value_of(event, size, "DEVPATH");
	const char *devname = value_of(event, size, "DEVNAME");
	const char *mode = value_of(event, size, "DEVMODE");
	const char *name = strrchr(devpath, '/');
	int knobs, opened;
	char node[4096];
	struct stat st;

	if (strcmp(value_of(event, size, "SUBSYSTEM"), "roulette") || !name)
		return;
	name++;
	if (!strcmp(action, "remove"))
		printf("remove %s\n", name);
	if (!strcmp(action, "change") && times)
		printf("%ld ", milliseconds());
	if (!strcmp(action, "change")) {
		told = true;
		printf("change %s %s %s %s\n", name,
		       value_of(event, size, "ROULETTE_HIT"),
		       value_of(event, size, "ROULETTE_ACTION"),
		       value_of(event, size, "ROULETTE_LABEL"));
	}
	if (strcmp(action, "add"))
		return;
	count_knobs(devpath, &knobs, &opened);
	snprintf(node, sizeof(node), "/dev/%s", devname);
	printf("add %s %s %s%s knobs %d opened %d\n", name, devname, mode,
	       !stat(node, &st) && S_ISCHR(st.st_mode) &&
	       (st.st_mode & 07777) == strtoul(mode, NULL, 8) ? "" : "!",
	       knobs, opened);
}

int main(int argc, char **argv)
{
	struct sockaddr_nl kernel = {
		.nl_family = AF_NETLINK, .nl_groups = 1,
	};
	int sock = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC,
			  NETLINK_KOBJECT_UEVENT);
	struct pollfd pollfd = { .fd = sock, .events = POLLIN };
	bool waits = false, ended = false;
	int size = 1 << 20, status = -1, option;
	long limit = 0;
	static char event[16384];
	ssize_t got;
	pid_t child;

	while ((option = getopt(argc, argv, "+tw")) != -1) {
		if (option == '?')
			return 2;
		*(option == 't' ? &times : &waits) = true;
	}
	if (optind == argc || sock < 0 ||
	    setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    bind(sock, (struct sockaddr *)&kernel, sizeof(kernel))) {
		perror("uevents");
		return 2;
	}
	child = fork();
	if (!child) {
		execvp(argv[optind], argv + optind);
		_exit(127);
	}
	for (;;) {
		/* Events that the command causes are queued before its end. */
		if (!ended && waitpid(child, &status, WNOHANG) == child) {
			ended = true;
			limit = milliseconds() + 20000;
		}
		while (poll(&pollfd, 1, ended && !waits ? 0 : 1) == 1) {
			got = recv(sock, event, sizeof(event) - 1, 0);
			if (got <= 0) {
				perror("uevents");
				return 2;
			}
			event[got] = '\0';
			look(event, got);
		}
		if (ended && (!waits || told || milliseconds() > limit))
			return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
	}
}
