// SPDX-License-Identifier: GPL-2.0
/*
 * uevents [-t] [-w] COMMAND... - runs the command and follows the kernel's events of
 * class roulette meanwhile. At each one that adds a device it looks at the
 * device at once, as udev would, and prints one line:
 *
 *	add NAME DEVNAME MODE knobs K opened O
 *
 * DEVNAME and MODE as the event says, K files of the device's own in its
 * sysfs directory at that moment, O of them that could be opened; MODE ends
 * in "!" if the node was not there in that mode. At one that removes a device
 * it prints "remove NAME", and at one that tells of a hit
 *
 *	change NAME HIT ACTION LABEL
 *
 * with, after -t, the time in milliseconds in front.
 *
 * Ends with the command, after -w not before a hit has been told or 20 seconds
 * have passed, and with the command's status.
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

		/* What every device of every class has is no knob. */
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
		/* An event of the command's doing is queued before it ends. */
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
