/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_VERIFY_COMMANDS_H
#define ROULETTECTL_VERIFY_COMMANDS_H

#include <stdbool.h>

#include "common/command.h"
#include "drill/record.h"
#include "machine/machine.h"

extern const struct command verify_command, status_command, history_command,
	forget_command;

/**
 * struct verify_options - options of the command verify
 * @id: id of the drill; NULL for the last one
 * @wait: seconds to wait for what is not there yet
 * @netconsole: file with the text of netconsole, or NULL
 * @serial: file with the text of the serial console, or NULL
 * @command: a command whose output is searched, or NULL
 * @root: root directory of another machine, or NULL
 * @json: print JSON
 * @results: array that receives the JSON, which is not printed then; or NULL
 */
struct verify_options {
	const char *id;
	long long wait;
	const char *netconsole;
	const char *serial;
	const char *command;
	const char *root;
	bool json;
	struct json_object *results;
};

enum status verify_drill(const struct verify_options *options);
enum status open_root(struct machine *machine, const char *root);
enum status records_open(const struct command *command, int argc, char **argv,
			 bool *json, struct machine *machine,
			 struct records *records);

#endif
