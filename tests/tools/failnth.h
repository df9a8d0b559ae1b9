/* SPDX-License-Identifier: GPL-2.0 */
/*
 * failnth compares all that a user can see of the modules, and their uevents
 * and log messages since the previous comparison.
 */
#ifndef FAILNTH_H
#define FAILNTH_H

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define CLASS	"/sys/class/roulette"
#define CONFIG	"/sys/kernel/config/roulette"

/* The device whose knobs' values are compared too, or NULL. */
static const char *subject;

struct view {
	size_t len;
	char text[32768];
};

__attribute__((format(printf, 2, 3)))
static inline void note(struct view *view, const char *format, ...)
{
	size_t room = sizeof(view->text) - view->len;
	va_list args;

	va_start(args, format);
	view->len += vsnprintf(view->text + view->len, room, format, args);
	va_end(args);
	if (view->len >= sizeof(view->text)) {
		fputs("failnth: the state is too long for a view\n", stderr);
		exit(2);
	}
}

/* Reads the start of a file into @text, or "" if that fails. */
static inline ssize_t slurp(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t got = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = '\0';
	return got;
}

static inline bool is_any_of(const char *name, const char *const *words)
{
	while (*words && strcmp(name, *words))
		words++;
	return *words;
}

/*
 * Omits files whose content may change between two reads, and pending: a hit
 * that could not fire counts, but it is not pending.
 */
static inline void note_value(struct view *view, const char *dir,
			      const char *name)
{
	static const char *const others[] = {
		"uevent", "frames_read", "frames_dropped", "pending", NULL,
	};
	char path[512], text[4096];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (!is_any_of(name, others) && slurp(path, text, sizeof(text)) >= 0)
		note(view, "%s %s", path, text);
}

/* Notes the names in @dir and @levels levels below, and values of @subject. */
static inline void note_tree(struct view *view, const char *dir, int levels)
{
	struct dirent **entries;
	char path[512];
	int count = scandir(dir, &entries, NULL, alphasort);
	bool values = subject && !strcmp(strrchr(dir, '/') + 1, subject);
	int i;

	note(view, "%s is %sthere\n", dir, count < 0 ? "not " : "");
	for (i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		snprintf(path, sizeof(path), "%s/%s", dir, name);
		if (name[0] == '.')
			continue;
		note(view, "%s\n", path);
		if (levels && entries[i]->d_type != DT_REG)
			note_tree(view, path, levels - 1);
		else if (values && entries[i]->d_type == DT_REG)
			note_value(view, dir, name);
	}
	while (count-- > 0)
		free(entries[count]);
}

static inline void note_node(struct view *view, const char *path)
{
	struct stat st;

	if (!stat(path, &st))
		note(view, "%s %o\n", path, st.st_mode);
}

/* Notes our modules with their reference counts, users and states. */
static inline void note_modules(struct view *view)
{
	static const char *const ours[] = {
		"roulette_core", "roulette", "parrot", "coin", NULL,
	};
	char line[512], name[64], state[16], users[256];
	FILE *file = fopen("/proc/modules", "r");
	int count, i;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%63s %*s %d %255s %15s", name, &count, users,
			   state) == 4 && is_any_of(name, ours))
			note(view, "%s %d %s %s\n", name, count, users, state);
	if (file)
		fclose(file);
	for (i = 0; ours[i]; i++) {
		snprintf(line, sizeof(line), "/sys/module/%s/parameters",
			 ours[i]);
		note_tree(view, line, 0);
		*strrchr(line, '/') = '\0';
		note_node(view, line);
	}
}

static inline void note_major(struct view *view)
{
	char line[128];
	FILE *file = fopen("/proc/devices", "r");

	while (file && fgets(line, sizeof(line), file))
		if (strstr(line, " roulette\n"))
			note(view, "a major number\n");
	if (file)
		fclose(file);
}

/* Notes nodes of the test instances, also in /dev, where they must not be. */
static inline void note_instances(struct view *view)
{
	static const char *const names[] = { "bond", "bird", "jaws", NULL };
	char path[64];
	int i;

	for (i = 0; names[i]; i++) {
		snprintf(path, sizeof(path), "/dev/roulette/%s", names[i]);
		note_node(view, path);
		snprintf(path, sizeof(path), "/dev/%s", names[i]);
		note_node(view, path);
	}
}

static inline void look(struct view *view)
{
	view->len = 0;
	note_modules(view);
	note_major(view);
	note_tree(view, CLASS, 1);
	note_tree(view, CONFIG, 2);
	note_tree(view, "/dev/roulette", 0);
	note_node(view, "/dev/kernel-roulette");
	note_node(view, "/dev/parrot");
	note_instances(view);
}

/* Prints the first pair of lines that differ. */
static inline void print_difference(const char *is, const char *was)
{
	int a, b;

	while (*is && *was) {
		a = strcspn(is, "\n");
		b = strcspn(was, "\n");
		if (a != b || memcmp(is, was, a))
			break;
		is += a + (is[a] == '\n');
		was += b + (was[b] == '\n');
	}
	printf("\tis:   %.*s\n\twant: %.*s\n", (int)strcspn(is, "\n"), is,
	       (int)strcspn(was, "\n"), was);
}

static inline unsigned long long number_in(const char *path)
{
	char text[64];

	slurp(path, text, sizeof(text));
	return strtoull(text, NULL, 10);
}

/* Uevents and log messages since the previous call of told(). */
struct told {
	int adds;		/* uevents of class roulette */
	int removes;
	int bangs;		/* log lines of hits */
	int could_not_fire;	/* those of hits that could not fire */
	int crashes;		/* BUGs, oopses and warnings */
	bool overrun;		/* our socket has lost uevents */
};

static int uevent_fd = -1;
static int kmsg_fd = -1;

static inline bool told_open(void)
{
	struct sockaddr_nl kernel = {
		.nl_family = AF_NETLINK, .nl_groups = 1,
	};
	int size = 1 << 20;

	kmsg_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	uevent_fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC |
			   SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
	return kmsg_fd >= 0 && lseek(kmsg_fd, 0, SEEK_END) >= 0 &&
	       uevent_fd >= 0 &&
	       !setsockopt(uevent_fd, SOL_SOCKET, SO_RCVBUFFORCE, &size,
			   sizeof(size)) &&
	       !bind(uevent_fd, (struct sockaddr *)&kernel, sizeof(kernel));
}

/* Return: whether the event's DEVNAME is the name of the device's node. */
static inline bool names_node(const char *event, size_t size)
{
	const char *end = event + size, *name = strrchr(event, '/') + 1;
	char want[128];

	snprintf(want, sizeof(want), "DEVNAME=%s%s",
		 !strcmp(name, "kernel-roulette") || !strcmp(name, "parrot") ?
		 "" : "roulette/", name);
	while (event < end && strcmp(event, want))
		event += strlen(event) + 1;
	return event < end;
}

/*
 * Ignores the warning of the tracing core that it has no memory for a trace
 * event.
 */
static inline bool crashed(const char *text)
{
	return strstr(text, "kernel BUG at ") || strstr(text, ";BUG: ") ||
	       (strstr(text, ";WARNING: ") &&
		!strstr(text, "kernel/trace/trace_events.c:"));
}

static inline struct told told(void)
{
	struct told told = { 0 };
	static char text[16384];
	ssize_t got;

	/* ENOBUFS: netlink had no memory for one or more events */
	while ((got = recv(uevent_fd, text, sizeof(text) - 1, 0)) > 0 ||
	       (got < 0 && errno == ENOBUFS)) {
		told.overrun |= got < 0;
		text[got > 0 ? got : 0] = '\0';
		if (!strstr(text, "/roulette/"))
			continue;
		if (!names_node(text, got))
			continue;
		told.adds += !strncmp(text, "add@", 4);
		told.removes += !strncmp(text, "remove@", 7);
	}
	/* EPIPE: the kernel has overwritten records that were not read */
	while ((got = read(kmsg_fd, text, sizeof(text) - 1)) > 0 ||
	       (got < 0 && errno == EPIPE)) {
		text[got > 0 ? got : 0] = '\0';
		told.bangs += !!strstr(text, ": bang: pull ");
		told.could_not_fire += !!strstr(text, ", could not fire: ENOMEM\n");
		told.crashes += crashed(text);
	}
	return told;
}

#endif
