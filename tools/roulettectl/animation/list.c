// SPDX-License-Identifier: GPL-2.0
/* The command animation list. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "common/file.h"
#include "common/table.h"
#include "parse.h"
#include "store.h"

enum { NAME, FRAMES, SIZE, COLORS, BYTES, SOURCE, PROBLEM };

static const struct column columns[] = {
	[NAME] = { "NAME" },
	[FRAMES] = { "FRAMES", COLUMN_NUMBER },
	[SIZE] = { "SIZE" },
	[COLORS] = { "COLORS" },
	[BYTES] = { "BYTES", COLUMN_NUMBER },
	[SOURCE] = { "SOURCE" },
	[PROBLEM] = { "PROBLEM" },
	{}
};

static int is_animation(const struct dirent *entry)
{
	const char *end = strrchr(entry->d_name, '.');

	return *entry->d_name != '.' && end && !strcmp(end, ".anim");
}

static void set_number(struct table *table, size_t column, size_t number)
{
	char *value = text("%zu", number);

	table_set(table, column, value);
	free(value);
}

/* Return: NULL, or why a parrot refuses the file; the caller must free it. */
static char *add_content(struct table *table, const char *bytes, size_t size)
{
	struct animation animation;
	struct measure measure;
	char *problem = animation_parse(&animation, bytes, size);
	char *cells;

	if (size <= ANIMATION_MAX)
		set_number(table, BYTES, size);
	if (problem)
		return problem;
	animation_measure(&measure, bytes, size);
	cells = text("%ux%u", measure.columns, measure.rows);
	set_number(table, FRAMES, animation.count);
	table_set(table, SIZE, cells);
	table_set(table, COLORS, measure.colors);
	free(cells);
	animation_free(&animation);
	return NULL;
}

static char *add_named_file(struct table *table, const char *path,
			    const char *name)
{
	size_t size;
	char *bytes, *problem;

	if (!animation_name_valid(name))
		return text("no parrot accepts this name");
	if (!strcmp(name, PARTY))
		return text("hidden by the built-in animation");
	bytes = read_bytes_at(AT_FDCWD, path, ANIMATION_MAX, &size);
	if (!bytes)
		return errno == EFBIG ? text("larger than 4 MiB") :
					text("%s", strerror(errno));
	problem = add_content(table, bytes, size);
	free(bytes);
	return problem;
}

/* Return: true if a parrot accepts the file. */
static bool add_file(struct table *table, const char *file)
{
	char *path = text(ANIMATIONS_DIR "/%s", file);
	char *name = text("%.*s", (int)(strlen(file) - strlen(".anim")), file);
	char *problem;
	bool good;

	table_row(table);
	table_set(table, NAME, name);
	table_set(table, SOURCE, "file");
	problem = add_named_file(table, path, name);
	table_set(table, PROBLEM, problem);
	good = !problem;
	free(problem);
	free(name);
	free(path);
	return good;
}

static enum status add_files(struct table *table)
{
	enum status status = STATUS_OK;
	struct dirent **entries;
	int count = scandir(ANIMATIONS_DIR, &entries, is_animation,
			    versionsort);
	int i;

	if (count < 0 && errno == ENOENT)
		return STATUS_OK;
	if (count < 0)
		return complain_errno(STATUS_IMPOSSIBLE, NULL, "could not read "
				      ANIMATIONS_DIR);
	for (i = 0; i < count; i++) {
		if (!add_file(table, entries[i]->d_name))
			status = STATUS_FINDING;
		free(entries[i]);
	}
	free(entries);
	return status;
}

static enum status list(const struct command *command, int argc, char **argv)
{
	struct table table = { .name = "animations", .columns = columns };
	enum status status;

	status = table_options(&table, command, argc, argv);
	if (status)
		return status;
	table_begin(&table);
	table_row(&table);
	table_set(&table, NAME, PARTY);
	table_set(&table, SOURCE, "built in");
	free(add_content(&table, party_text, strlen(party_text)));
	status = add_files(&table);
	table_print(&table);
	return status;
}

const struct command animation_list_command = {
	.name = "animation list",
	.arguments = TABLE_ARGUMENTS,
	.summary = "List all animations, one a line.",
	.help = TABLE_HELP
		"Columns: NAME FRAMES SIZE COLORS BYTES SOURCE PROBLEM\n"
		"SIZE is columns x rows. A file with a PROBLEM cannot be played; then the exit\n"
		"status is 1.\n",
	.run = list,
};
