// SPDX-License-Identifier: GPL-2.0
/* The records of drills, as files on disk. */
#define _GNU_SOURCE
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/file.h"
#include "common/json.h"
#include "common/printable.h"
#include "machine/kdump.h"
#include "record.h"

static void new_id(char *id)
{
	unsigned int random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = getpid() ^ (unsigned int)time(NULL);
	snprintf(id, ID_LENGTH + 1, "drill-%08x", random);
}

/**
 * id_is_valid() - check the form of a drill's id
 * @id: the id
 *
 * Return: true if it can be the id of a drill.
 */
bool id_is_valid(const char *id)
{
	return strlen(id) == ID_LENGTH && !strncmp(id, "drill-", 6) &&
	       strspn(id + 6, "0123456789abcdef") == ID_LENGTH - 6;
}

/* Return: NULL, or what is wrong with the operator's text for the label. */
static const char *bad_text(const char *string)
{
	const char *c;

	if (strlen(string) > LABEL_MAX - ID_LENGTH - 1)
		return "it is longer than 48 characters";
	for (c = string; *c; c++)
		if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\')
			return "it has other characters than printable ASCII, or \" or \\";
	return NULL;
}

/**
 * record_begin() - fill the record of a new drill on this machine
 * @record: the record; the caller has set action, context, device, delay_ms,
 *	hang_time and cpu, all other members are 0
 * @machine: this machine
 * @forecast: what the hit will do
 * @string: the operator's text for the label
 *
 * Return: STATUS_OK, or STATUS_USAGE after a message if the text is not valid.
 */
enum status record_begin(struct record *record, struct machine *machine,
			 const struct forecast *forecast, const char *string)
{
	const char *bad = bad_text(string);
	struct utsname kernel;
	size_t i;

	if (bad)
		return complain(STATUS_USAGE, "Give at most 48 printable ASCII characters except \" and \\.",
				"the label \"%s\" is not valid: %s", string, bad);
	new_id(record->id);
	record->label = text("%s%s%s", record->id, *string ? " " : "", string);
	record->time = clock_wall();
	record->boot_id = machine_read(machine,
				       "/proc/sys/kernel/random/boot_id");
	uname(&kernel);
	record->kernel = text("%s", kernel.release);
	record->kdump = kdump_configuration(machine);
	record->outcome = forecast->outcome;
	for (i = 0; i < COLLECTORS; i++) {
		record->expect[i] = forecast->expect[i];
		record->reason[i] = forecast->reason[i] ?
				    text("%s", forecast->reason[i]) : NULL;
	}
	return STATUS_OK;
}

/* Creates the directory and its parent, on disk. */
static int make_directory(void)
{
	return make_directory_safely("/var/lib/roulette") ||
	       make_directory_safely(RECORD_DIR) ? -1 : 0;
}

/**
 * record_write() - write the record of a drill to disk
 * @record: the record
 *
 * The record is on disk when this function returns.
 *
 * Return: STATUS_OK, or STATUS_IMPOSSIBLE after a message.
 */
enum status record_write(const struct record *record)
{
	struct json_object *object = record_to_json(record);
	char *path = text(RECORD_DIR "/%s.json", record->id);
	char *content = text("%s\n",
			     json_object_to_json_string_ext(object, JSON_STYLE));
	enum status status = STATUS_OK;

	if (make_directory() || write_file_safely(path, content))
		status = complain_errno(STATUS_IMPOSSIBLE, "Nothing has fired. Check that /var/lib is writable and has space.",
					"could not write the record %s", path);
	json_object_put(object);
	free(content);
	free(path);
	return status;
}

static enum status not_record(const struct machine *machine, const char *path)
{
	return complain(STATUS_USAGE, "Remove it: roulettectl forget ID.",
			"%s%s is not the record of a drill", machine->root,
			path);
}

/**
 * record_read() - read the record of a drill
 * @machine: the machine
 * @id: id of the drill
 * @record: receives the record; the caller must call record_free()
 *
 * Return: STATUS_OK, or STATUS_USAGE after a message.
 */
enum status record_read(struct machine *machine, const char *id,
			struct record *record)
{
	enum status status = STATUS_OK;
	char *path, *content;

	if (!id_is_valid(id))
		return complain(STATUS_USAGE, "List the drills: roulettectl history.",
				"'%s' is not the id of a drill", id);
	path = text(RECORD_DIR "/%s.json", id);
	content = machine_read(machine, path);
	if (!content) {
		status = complain_errno(STATUS_USAGE, "List the drills: roulettectl history.",
					"could not read the record %s%s",
					machine->root, path);
	} else if (!record_parse(content, record)) {
		status = not_record(machine, path);
	} else if (strcmp(record->id, id)) {
		record_free(record);
		status = not_record(machine, path);
	}
	free(content);
	free(path);
	return status;
}

/* Return: true, and the id, if a file has the name of a record. */
static bool is_record(const char *name, char *id)
{
	snprintf(id, ID_LENGTH + 1, "%s", name);
	return id_is_valid(id) && !strcmp(name + ID_LENGTH, ".json");
}

static int compare_times(const void *a, const void *b)
{
	const struct record *x = a, *y = b;

	return (x->time > y->time) - (x->time < y->time);
}

/**
 * records_read() - read the records of all drills
 * @machine: the machine
 * @records: receives the records; the caller must call records_free()
 *
 * A file that is no record is reported and left out.
 *
 * Return: STATUS_OK; no records is not an error. STATUS_IMPOSSIBLE after a
 * message if the directory cannot be read.
 */
enum status records_read(struct machine *machine, struct records *records)
{
	char **names = machine_names(machine, RECORD_DIR);
	char id[ID_LENGTH + 1];
	size_t count = 0, i;

	*records = (struct records){};
	if (!names && errno != ENOENT)
		return complain_errno(STATUS_IMPOSSIBLE, "Run the command as root.",
				      "could not read %s" RECORD_DIR,
				      machine->root);
	if (!names)
		return STATUS_OK;
	while (names[count])
		count++;
	records->record = need_memory(calloc(count + 1, sizeof(*records->record)));
	for (i = 0; i < count; i++)
		if (is_record(names[i], id) &&
		    !record_read(machine, id, records->record + records->count))
			records->count++;
	machine_names_free(names);
	qsort(records->record, records->count, sizeof(*records->record),
	      compare_times);
	return STATUS_OK;
}

/**
 * records_free() - free records
 * @records: the records
 */
void records_free(struct records *records)
{
	size_t i;

	for (i = 0; i < records->count; i++)
		record_free(records->record + i);
	free(records->record);
	*records = (struct records){};
}

/**
 * kdump_configuration() - describe the configuration of kdump in one line
 * @machine: the machine
 *
 * A drill is stale after this line has changed.
 *
 * Return: the line, which the caller must free.
 */
char *kdump_configuration(struct machine *machine)
{
	static const char *const kinds[] = {
		[KDUMP_NONE] = "none", [KDUMP_DEBIAN] = "kdump-tools",
		[KDUMP_FEDORA] = "kdump-utils", [KDUMP_SUSE] = "kdump",
	};
	struct kdump kdump;
	char *line, *safe;

	kdump_read(machine, &kdump);
	line = text("%s, %s, %s %lld bytes%s%s%s", kinds[kdump.kind],
		    kdump.loaded == 1 ? "loaded" : "not loaded",
		    "crashkernel", kdump.reserved,
		    kdump.notifiers ? ", crash_kexec_post_notifiers" : "",
		    kdump.remote || kdump.dir ? ", saves to " : "",
		    kdump.remote ?: kdump.dir ?: "");
	kdump_free(&kdump);
	/* A record has it in this form. */
	safe = printable(line);
	free(line);
	return safe;
}
