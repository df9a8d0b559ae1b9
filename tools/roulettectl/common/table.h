/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_TABLE_H
#define ROULETTECTL_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "command.h"

/**
 * enum column_type - type of the values of a column, in JSON
 * @COLUMN_TEXT: a string
 * @COLUMN_NUMBER: a decimal integer of 64 bits; in tables on the right
 * @COLUMN_FLAG: "yes" is true, another value is false
 */
enum column_type {
	COLUMN_TEXT,
	COLUMN_NUMBER,
	COLUMN_FLAG,
};

/**
 * struct column - a column that a table can have
 * @name: heading in upper case; in lower case it is the key in JSON
 * @type: type of the values
 * @wraps: long values continue on the next line if the terminal is narrow
 */
struct column {
	const char *name;
	enum column_type type;
	bool wraps;
};

/**
 * struct table - rows to print as a table or as JSON
 * @name: key of the array of rows in JSON
 * @columns: all columns that the table can have
 * @json: print JSON
 * @headings: print the names of the columns
 */
struct table {
	const char *name;
	const struct column *columns;
	bool json;
	bool headings;
	/* private: */
	size_t *chosen;
	size_t chosen_count;
	struct libscols_table *lines;
	struct json_object *rows;
	void *row;
};

enum status table_options(struct table *table, const struct command *command,
			  int argc, char **argv);
enum status table_choose(struct table *table, const char *list);
void table_drop(struct table *table);
/* The help of table_options(). */
#define TABLE_ARGUMENTS	"[-o COLUMN,...] [-n] [--json]"
#define TABLE_HELP \
	"  -o, --output COLUMN,...  print only these columns, in this order\n" \
	"  -n, --noheadings         print no headings\n" \
	"      --json               print JSON\n\n"

void table_begin(struct table *table);
void table_row(struct table *table);
bool table_has(const struct table *table, size_t column);
void table_set(struct table *table, size_t column, const char *value);
void table_color(struct table *table, size_t column, const char *color);
void table_row_at(struct table *table, size_t column, const char *value);
void table_set_folded(struct table *table, size_t column, const char *string,
		      size_t before);
bool table_folds(void);
void table_print(struct table *table);
char *table_text(struct table *table);

#endif
