// SPDX-License-Identifier: GPL-2.0
/* Prints rows of values as a table (libsmartcols) or as JSON (json-c). */
#define _GNU_SOURCE
#include <ctype.h>
#include <json-c/json.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "table.h"

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
	if (!value)
		return NULL;
	switch (column->type) {
	case COLUMN_NUMBER:
		return json_object_new_uint64(strtoull(value, NULL, 10));
	case COLUMN_FLAG:
		return json_object_new_boolean(!strcmp(value, "yes"));
	default:
		return json_object_new_string(value);
	}
}

static void set_json(struct table *table, size_t column, const char *value)
{
	char *key = text("%s", table->columns[column].name);
	char *c;

	for (c = key; *c; c++)
		*c = tolower(*c);
	json_object_object_add(table->row, key,
			       column_value(table->columns + column, value));
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
