// SPDX-License-Identifier: GPL-2.0
/* Prints rows of values as a table (libsmartcols) or as JSON (json-c). */
#define _GNU_SOURCE
#include <ctype.h>
#include <json-c/json.h>
#include <libsmartcols/libsmartcols.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "table.h"

/* Longer lines are hard to read; columns that are narrower are of little use. */
#define FOLD_MAX	100
#define FOLD_MIN	30

static int find_column(const struct table *table, const char *name)
{
	int i;

	for (i = 0; table->columns[i].name; i++)
		if (!strcasecmp(table->columns[i].name, name))
			return i;
	return -1;
}

static void choose(struct table *table, size_t column)
{
	table->chosen = need_memory(reallocarray(table->chosen,
						 table->chosen_count + 1,
						 sizeof(*table->chosen)));
	table->chosen[table->chosen_count++] = column;
}

static char *column_names(const struct table *table)
{
	char *names = text("%s", table->columns[0].name);
	int i;

	for (i = 1; table->columns[i].name; i++) {
		char *longer = text("%s,%s", names, table->columns[i].name);

		free(names);
		names = longer;
	}
	return names;
}

/**
 * table_choose() - choose the columns
 * @table: the table
 * @list: names of columns, with commas between them; NULL for all columns
 *
 * Return: STATUS_OK, or STATUS_USAGE after a message.
 */
enum status table_choose(struct table *table, const char *list)
{
	char *names, *name, *rest;
	int column;

	if (!list) {
		for (column = 0; table->columns[column].name; column++)
			choose(table, column);
		return STATUS_OK;
	}
	names = text("%s", list);
	rest = names;
	while ((name = strsep(&rest, ","))) {
		column = find_column(table, name);
		if (column < 0)
			break;
		choose(table, column);
	}
	if (name) {
		char *known = column_names(table);
		char *advice = text("Columns: %s", known);

		complain(STATUS_USAGE, advice, "unknown column '%s'", name);
		free(advice);
		free(known);
	}
	free(names);
	return name ? STATUS_USAGE : STATUS_OK;
}

/**
 * table_options() - parse the command line of a command that prints a table
 * @table: the table; the options choose its columns and its form
 * @command: the command
 * @argc: number of words
 * @argv: the words
 *
 * Return: STATUS_OK, or STATUS_USAGE after a message.
 */
enum status table_options(struct table *table, const struct command *command,
			  int argc, char **argv)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "json", no_argument, NULL, OPTION_JSON },
		{ "noheadings", no_argument, NULL, 'n' },
		HELP_OPTION
	};
	const char *chosen = NULL;
	int option;

	table->headings = true;
	while ((option = next_option(command, argc, argv, "o:nh", options)) >= 0) {
		if (option == 'o')
			chosen = optarg;
		else if (option == OPTION_JSON)
			table->json = true;
		else
			table->headings = false;
	}
	if (optind < argc)
		return wrong_usage(command, "unexpected argument '%s'",
				   argv[optind]);
	return table_choose(table, chosen);
}

/**
 * table_drop() - free a table that is not begun
 * @table: the table
 */
void table_drop(struct table *table)
{
	free(table->chosen);
}

/**
 * table_begin() - prepare a table for its first row
 * @table: the table, whose columns are chosen
 */
void table_begin(struct table *table)
{
	size_t i;

	if (table->json) {
		table->rows = need_memory(json_object_new_array());
		return;
	}
	table->lines = need_memory(scols_new_table());
	scols_table_enable_noheadings(table->lines, !table->headings);
	scols_table_enable_colors(table->lines, isatty(STDOUT_FILENO));
	for (i = 0; i < table->chosen_count; i++) {
		const struct column *column = table->columns + table->chosen[i];
		int flags = column->type == COLUMN_NUMBER ? SCOLS_FL_RIGHT : 0;

		if (column->wraps)
			flags |= SCOLS_FL_WRAP;
		need_memory(scols_table_new_column(table->lines, column->name,
						   0, flags));
	}
}

/**
 * table_row() - begin a new row
 * @table: the table
 */
void table_row(struct table *table)
{
	size_t i;

	if (table->json) {
		table->row = json_new_object();
		json_object_array_add(table->rows, table->row);
	} else {
		table->row = need_memory(scols_table_new_line(table->lines,
							      NULL));
	}
	for (i = 0; i < table->chosen_count; i++)
		table_set(table, table->chosen[i], NULL);
}

/**
 * table_has() - check whether a column was chosen
 * @table: the table
 * @column: index in the columns
 *
 * Return: true if it was.
 */
bool table_has(const struct table *table, size_t column)
{
	size_t i;

	for (i = 0; i < table->chosen_count; i++)
		if (table->chosen[i] == column)
			return true;
	return false;
}

static struct json_object *column_value(const struct column *column,
					const char *value)
{
	if (column->type == COLUMN_NUMBER)
		return json_object_new_uint64(strtoull(value, NULL, 10));
	return json_object_new_boolean(!strcmp(value, "yes"));
}

static void set_json(struct table *table, size_t number, const char *value)
{
	const struct column *column = table->columns + number;
	char *key = text("%s", column->name);
	char *c;

	for (c = key; *c; c++)
		*c = tolower(*c);
	if (!value || column->type == COLUMN_TEXT)
		json_set_text(table->row, key, value);
	else
		json_object_object_add(table->row, key,
				       column_value(column, value));
	free(key);
}

/**
 * table_set() - set a value of the current row
 * @table: the table
 * @column: index in the columns; the value is dropped if it was not chosen
 * @value: the value, or NULL if there is none: "-" in a table, null in JSON
 */
void table_set(struct table *table, size_t column, const char *value)
{
	size_t i;

	for (i = 0; i < table->chosen_count; i++) {
		if (table->chosen[i] != column)
			continue;
		if (table->json)
			set_json(table, column, value);
		else if (scols_line_set_data(table->row, i, value ?: "-"))
			need_memory(NULL);
	}
}

/**
 * table_color() - set the colour of a value of the current row
 * @table: the table
 * @column: index in the columns; its value is set
 * @color: name of the colour as libsmartcols knows it; unused without a
 *	terminal, and in JSON
 */
void table_color(struct table *table, size_t column, const char *color)
{
	size_t i;

	if (table->json)
		return;
	for (i = 0; i < table->chosen_count; i++)
		if (table->chosen[i] == column)
			scols_cell_set_color(scols_line_get_cell(table->row, i),
					     color);
}

/**
 * table_row_at() - begin a row that continues the one before it
 * @table: the table, not for JSON
 * @column: index in the columns; those before it are empty
 * @value: its value
 */
void table_row_at(struct table *table, size_t column, const char *value)
{
	size_t i;

	table_row(table);
	for (i = 0; i < column; i++)
		table_set(table, i, "");
	table_set(table, column, value);
}

/**
 * table_folds() - check whether long values are folded
 *
 * Return: true on a terminal. A program gets whole lines.
 */
bool table_folds(void)
{
	return isatty(STDOUT_FILENO);
}

/* Return: the width that the column after @before may have. */
static size_t last_width(const struct table *table, size_t before)
{
	size_t width = scols_table_get_termwidth(table->lines);

	if (!table_folds())
		return SIZE_MAX;
	if (width > FOLD_MAX)
		width = FOLD_MAX;
	return width > before + FOLD_MIN ? width - before : FOLD_MIN;
}

/**
 * table_set_folded() - set the last column of a row, folded between words
 * @table: the table, not for JSON
 * @column: index of the last column
 * @string: its value, which gets a row for each line
 * @before: width of the columns before it
 */
void table_set_folded(struct table *table, size_t column, const char *string,
		      size_t before)
{
	size_t width = last_width(table, before);
	char *line = text("%s", string);
	char *start = line;
	bool first = true;

	while (*start) {
		size_t length = strlen(start);
		char *next = start + length;

		if (length > width) {
			char *space = memrchr(start, ' ', width + 1) ?:
				      strchr(start, ' ');

			if (space) {
				*space = '\0';
				next = space + 1;
			}
		}
		if (first)
			table_set(table, column, start);
		else
			table_row_at(table, column, start);
		first = false;
		start = next;
	}
	free(line);
}

/**
 * table_print() - print a table to the standard output, and free it
 * @table: the table
 */
void table_print(struct table *table)
{
	if (table->json) {
		struct json_object *object = json_new_object();

		json_object_object_add(object, table->name, table->rows);
		json_print(object);
	} else {
		scols_print_table(table->lines);
		scols_unref_table(table->lines);
	}
	free(table->chosen);
}

/**
 * table_text() - print a table to a string, and free it
 * @table: the table, which is not JSON
 *
 * Lines are as wide as on the terminal of the standard output.
 *
 * Return: the lines, which the caller must free; "" without rows.
 */
char *table_text(struct table *table)
{
	char *lines = NULL;

	if (scols_table_is_empty(table->lines))
		lines = text("%s", "");
	else if (scols_print_table_to_string(table->lines, &lines))
		need_memory(NULL);
	scols_unref_table(table->lines);
	free(table->chosen);
	return lines;
}
