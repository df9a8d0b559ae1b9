// SPDX-License-Identifier: GPL-2.0
/* Reads entries of the journal by journalctl. */
#define _GNU_SOURCE
#include <errno.h>
#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/run.h"
#include "entries.h"
#include "tree.h"

static struct json_object *get(struct json_object *entry, const char *key)
{
	return json_object_object_get(entry, key);
}

/*
 * Microseconds, which the journal writes as a string: when journald read the
 * line. The kernel's own stamp drifts from the clock within days. 0 for a number
 * that is too large.
 */
static double entry_time(struct json_object *entry)
{
	double time = json_object_get_double(get(entry, "__REALTIME_TIMESTAMP"));

	return isfinite(time) ? time / 1e6 : 0;
}

/* journalctl writes what is no text as an array of bytes. */
static void search_field(struct search *search, struct json_object *field)
{
	size_t i;

	if (json_object_is_type(field, json_type_string))
		search_feed(search, json_object_get_string(field),
			    json_object_get_string_len(field));
	if (!json_object_is_type(field, json_type_array))
		return;
	for (i = 0; i < json_object_array_length(field); i++) {
		struct json_object *value = json_object_array_get_idx(field, i);
		char byte = json_object_get_int(value);

		/* A field that occurs twice is an array of strings. */
		if (json_object_is_type(value, json_type_int))
			search_feed(search, &byte, 1);
		else
			search_field(search, value);
	}
}

/**
 * entry_parse() - parse a line of journalctl -o json
 * @entry: receives the entry
 * @line: the line, any string
 * @field: the field to search
 * @id: id of the drill
 *
 * Return: true if it is an entry.
 */
bool entry_parse(struct journal_entry *entry, const char *line,
		 const char *field, const char *id)
{
	struct json_object *object = json_tokener_parse(line);
	bool valid = json_object_is_type(object, json_type_object);

	if (valid) {
		search_begin(&entry->search, id);
		search_field(&entry->search, get(object, field));
		search_end(&entry->search);
		entry->time = entry_time(object);
	}
	json_object_put(object);
	return valid;
}

static void handle_line(struct verify *verify, const char *line,
			const char *field, entry_handler handle, void *data)
{
	struct journal_entry *entry = need_memory(malloc(sizeof(*entry)));

	if (entry_parse(entry, line, field, verify->record.id) &&
	    in_time(verify, entry->time,
		    sight_proves(verify, &entry->search.sight)))
		handle(verify, entry, data);
	free(entry);
}

/**
 * entries_search() - search entries of the journal since the drill's record
 * @verify: the drill
 * @matches: up to six matches of journalctl, such as "_TRANSPORT=kernel", ended
 *	by NULL
 * @field: the field to search
 * @handle: is called for each entry
 * @data: for @handle
 *
 * Return: NULL; or why the journal could not be read, which the caller must
 * free.
 */
char *entries_search(struct verify *verify, const char *const *matches,
		     const char *field, entry_handler handle, void *data)
{
	char *since = text("@%lld", (long long)verify->record.time - 1);
	char *argv[16] = { "journalctl", "--all", "--quiet", "--no-pager",
			   "-o", "json", "--since", since };
	char *line = NULL, *why = NULL, *path = NULL;
	int count = 8, out, status, dir = -1;
	size_t size = 0;
	FILE *stream;
	pid_t pid;

	while (*matches && count < 13)
		argv[count++] = (char *)*matches++;
	if (!machine_is_this(&verify->machine)) {
		dir = tree_open(&verify->machine, JOURNAL_DIR);
		if (dir < 0) {
			why = text(JOURNAL_DIR ": %s", strerror(errno));
			goto free_since;
		}
		/* A symbolic link in the tree must not lead out of it. */
		path = text("/proc/%d/fd/%d", getpid(), dir);
		argv[count++] = "-D";
		argv[count++] = path;
	}
	out = run_start(argv, RUN_ERRORS_DROPPED, -1, &pid);
	if (out < 0) {
		why = text("journalctl is not installed");
		goto close_dir;
	}
	stream = need_memory(fdopen(dup(out), "r"));
	while (getline(&line, &size, stream) > 0)
		handle_line(verify, line, field, handle, data);
	fclose(stream);
	free(line);
	status = run_end(out, pid);
	if (status)
		why = text("journalctl failed with status %d", status);
close_dir:
	if (dir >= 0)
		close(dir);
	free(path);
free_since:
	free(since);
	return why;
}
