// SPDX-License-Identifier: GPL-2.0
/* The consoles of a machine's kernel, and netconsole. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"

#define TARGETS		"/sys/kernel/config/netconsole"
#define MODULE		"/sys/module/netconsole"
#define MODPROBE	"/etc/modprobe.d"

static void append(char **list, const char *word)
{
	char *longer = text("%s%s%s", *list ?: "", *list ? " " : "", word);

	free(*list);
	*list = longer;
}

/*
 * The screen (tty0) is a console, too, but nobody can search it afterwards. The
 * drivers of UARTs have names such as ttyS, ttyAMA and ttySIF.
 */
static bool is_serial(const char *name)
{
	static const char *const others[] = { "hvc", "hvsi", "sclp", "ttysclp" };
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (!strncmp(name, others[i], strlen(others[i])))
			return true;
	return !strncmp(name, "tty", 3) && isupper((unsigned char)name[3]);
}

static void read_consoles(struct machine *machine, struct console *console)
{
	char *content = machine_read(machine, "/proc/consoles");
	char *rest = content;
	char *line;

	console->known = content;
	while (rest && (line = strsep(&rest, "\n"))) {
		line[strcspn(line, " \t")] = '\0';
		/* netconsole's is reported on its own. */
		if (!*line || !strncmp(line, "netcon", 6))
			continue;
		append(&console->names, line);
		if (!console->serial && is_serial(line))
			console->serial = text("%s", line);
	}
	free(content);
}

static char *target_file(struct machine *machine, const char *target,
			 const char *file)
{
	char *path = text(TARGETS "/%s/%s", target, file);
	char *value = machine_read(machine, path);

	free(path);
	return value;
}

static void read_targets(struct machine *machine, struct console *console)
{
	char **names = machine_names(machine, TARGETS);
	char **name;

	for (name = names; name && *name; name++) {
		char *enabled = target_file(machine, *name, "enabled");
		char *address = target_file(machine, *name, "remote_ip");
		char *port = target_file(machine, *name, "remote_port");

		if (enabled && *enabled == '1' && address && port) {
			char *place = text("%s:%s", address, port);

			append(&console->netconsole, place);
			free(place);
		} else if (enabled) {
			console->netconsole_off = true;
		}
		free(enabled);
		free(address);
		free(port);
	}
	machine_names_free(names);
}

/* Return: the value of a kernel option or module option, or NULL. */
static char *option_value(char *line, const char *option)
{
	char *start = line ? strstr(line, option) : NULL;

	if (!start)
		return NULL;
	start += strlen(option);
	return text("%.*s", (int)strcspn(start, " \t\n"), start);
}

static char *modprobe_option(struct machine *machine)
{
	char **names = machine_names(machine, MODPROBE);
	char *value = NULL;
	char **name;

	for (name = names; name && *name && !value; name++) {
		char *path = text(MODPROBE "/%s", *name);
		char *content = machine_read(machine, path);

		value = option_value(content, "\noptions netconsole netconsole=");
		if (!value && content && !strncmp(content, "options", 7))
			value = option_value(content, "options netconsole netconsole=");
		free(content);
		free(path);
	}
	machine_names_free(names);
	return value;
}

/* Only where configfs does not show the targets of the parameter. */
static void read_parameter(struct machine *machine, struct console *console)
{
	char *options, *value;

	console->netconsole_loaded = machine_exists(machine, MODULE);
	if (console->netconsole || console->netconsole_off ||
	    !console->netconsole_loaded)
		return;
	options = machine_read(machine, "/proc/cmdline");
	value = option_value(options, "netconsole=");
	free(options);
	value = value ?: modprobe_option(machine);
	if (value)
		append(&console->netconsole, value);
	free(value);
}

/**
 * console_read() - read where the kernel prints its log
 * @machine: the machine
 * @console: receives the facts; the caller must call console_free()
 */
void console_read(struct machine *machine, struct console *console)
{
	*console = (struct console){
		.level = machine_number(machine, "/proc/sys/kernel/printk"),
	};
	read_consoles(machine, console);
	read_targets(machine, console);
	read_parameter(machine, console);
}

/**
 * console_free() - free the facts about consoles
 * @console: the facts
 */
void console_free(struct console *console)
{
	free(console->names);
	free(console->serial);
	free(console->netconsole);
	*console = (struct console){};
}
