// SPDX-License-Identifier: GPL-2.0
/* Reads configuration files: shell variables, words, and those of systemd. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "config.h"

#define SPACE	" \t\r"

/* The directories of systemd's configuration; an earlier one wins. */
static const char *const systemd_dirs[] = {
	"/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib",
};

#define SYSTEMD_DIRS	(sizeof(systemd_dirs) / sizeof(*systemd_dirs))

/* Return: @line without spaces at both ends, in place. */
static char *trim(char *line)
{
	char *end;

	line += strspn(line, SPACE);
	end = line + strlen(line);
	while (end > line && strchr(SPACE, end[-1]))
		*--end = '\0';
	return line;
}

/* Return: a shell word's value: without quotes, or up to a space. */
static char *unquoted(char *word)
{
	char quote = *word;

	if (quote == '"' || quote == '\'') {
		word++;
		word[strcspn(word, quote == '"' ? "\"" : "'")] = '\0';
	} else {
		word[strcspn(word, SPACE ";#")] = '\0';
	}
	return text("%s", word);
}

/**
 * config_shell() - get a variable that a file for the shell sets
 * @machine: the machine
 * @path: absolute path of the file on the machine
 * @key: name of the variable
 *
 * Substitutions are not expanded.
 *
 * Return: the value, which the caller must free; NULL if the file does not set
 * it.
 */
char *config_shell(struct machine *machine, const char *path, const char *key)
{
	char *content = machine_read(machine, path);
	size_t length = strlen(key);
	char *value = NULL;
	char *rest = content;
	char *line;

	while (rest && (line = strsep(&rest, "\n"))) {
		line = trim(line);
		if (!strncmp(line, "export ", 7))
			line = trim(line + 7);
		if (strncmp(line, key, length) || line[length] != '=')
			continue;
		free(value);
		value = unquoted(line + length + 1);
	}
	free(content);
	return value;
}

/**
 * config_word() - get the value of a line "KEY VALUE"
 * @machine: the machine
 * @path: absolute path of the file on the machine
 * @key: the first word of the line
 *
 * Return: the rest of the last such line, which the caller must free; NULL if
 * there is none.
 */
char *config_word(struct machine *machine, const char *path, const char *key)
{
	char *content = machine_read(machine, path);
	size_t length = strlen(key);
	char *value = NULL;
	char *rest = content;
	char *line;

	while (rest && (line = strsep(&rest, "\n"))) {
		line = trim(line);
		if (strncmp(line, key, length) || !line[length] ||
		    !strchr(SPACE, line[length]))
			continue;
		free(value);
		line += length;
		line[strcspn(line, "#")] = '\0';
		value = text("%s", trim(line));
	}
	free(content);
	return value;
}

/* Replaces *@value if a file of systemd's form sets the key. */
static void read_section(struct machine *machine, const char *path,
			 const char *section, const char *key, char **value)
{
	char *content = machine_read(machine, path);
	size_t length = strlen(key);
	bool inside = false;
	char *rest = content;
	char *line;

	while (rest && (line = strsep(&rest, "\n"))) {
		line = trim(line);
		if (*line == '[') {
			line[strcspn(line, "]")] = '\0';
			inside = !strcmp(line + 1, section);
		}
		if (!inside || strncmp(line, key, length))
			continue;
		line = trim(line + length);
		if (*line != '=')
			continue;
		line = trim(line + 1);
		free(*value);
		/* An empty value is the default. */
		*value = *line ? text("%s", line) : NULL;
	}
	free(content);
}

struct dropin {
	const char *name;
	char *path;
};

static int compare_dropins(const void *a, const void *b)
{
	const struct dropin *first = a, *second = b;

	return strcmp(first->name, second->name);
}

static bool has_dropin(const struct dropin *dropins, size_t count,
		       const char *name)
{
	while (count--)
		if (!strcmp(dropins[count].name, name))
			return true;
	return false;
}

static void read_dropins(struct machine *machine, const char *file,
			 const char *section, const char *key, char **value)
{
	char **names[SYSTEMD_DIRS];
	struct dropin *dropins = NULL;
	size_t count = 0, i;

	for (i = 0; i < SYSTEMD_DIRS; i++) {
		char *dir = text("%s/%s.d", systemd_dirs[i], file);
		char **name;

		names[i] = machine_names(machine, dir);
		for (name = names[i]; name && *name; name++) {
			char *end = strrchr(*name, '.');

			if (!end || strcmp(end, ".conf") ||
			    has_dropin(dropins, count, *name))
				continue;
			dropins = need_memory(reallocarray(dropins, count + 1,
							   sizeof(*dropins)));
			dropins[count].name = *name;
			dropins[count++].path = text("%s/%s", dir, *name);
		}
		free(dir);
	}
	if (count)
		qsort(dropins, count, sizeof(*dropins), compare_dropins);
	for (i = 0; i < count; i++) {
		read_section(machine, dropins[i].path, section, key, value);
		free(dropins[i].path);
	}
	free(dropins);
	for (i = 0; i < SYSTEMD_DIRS; i++)
		machine_names_free(names[i]);
}

/**
 * config_systemd() - get a setting of a program of systemd
 * @machine: the machine
 * @file: the file below systemd_dirs, such as "systemd/journald.conf"
 * @section: section of the setting, such as "Journal"
 * @key: name of the setting
 *
 * Also reads the drop-ins.
 *
 * Return: the value, which the caller must free; NULL if it is not set.
 */
char *config_systemd(struct machine *machine, const char *file,
		     const char *section, const char *key)
{
	char *value = NULL;
	size_t i;

	for (i = 0; i < SYSTEMD_DIRS; i++) {
		char *path = text("%s/%s", systemd_dirs[i], file);
		bool found = machine_exists(machine, path);

		if (found)
			read_section(machine, path, section, key, &value);
		free(path);
		if (found)
			break;
	}
	read_dropins(machine, file, section, key, &value);
	return value;
}
