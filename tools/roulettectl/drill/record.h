/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_RECORD_H
#define ROULETTECTL_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "forecast/forecast.h"

#define RECORD_DIR	"/var/lib/roulette/drills"
/* "drill-" and eight hexadecimal digits. */
#define ID_LENGTH	14
#define LABEL_MAX	63

struct json_object;

/**
 * struct record - a drill, as stored on disk
 * @id: identifies the drill in logs: the label of the hit begins with it
 * @label: the whole label of the hit: the id, a blank, the operator's text
 * @time: when the record was written, in seconds of the wall clock (CLOCK_REALTIME)
 * @boot_id: the boot in which the drill was fired
 * @kernel: the kernel's release
 * @kdump: the configuration of kdump in one line, to see a later change
 * @action: the action; "external" if the operator causes the failure
 * @context: the context
 * @device: name of the device
 * @delay_ms: milliseconds from the hit to the action
 * @hang_time: seconds until a lockup ends
 * @cpu: the CPU of the reader; -1 if any
 * @outcome: the expected outcome
 * @expect: what each collector should have
 * @reason: the reason for each expectation, or NULL
 * @cancelled: the drill ended before its hit fired
 * @verified: when verify wrote @result; 0 if it has not
 * @proven: verify found everything that was expected
 * @result: the output of verify --json, or NULL
 */
struct record {
	char id[ID_LENGTH + 1];
	char *label;
	double time;
	char *boot_id;
	char *kernel;
	char *kdump;
	char *action;
	char *context;
	char *device;
	long long delay_ms;
	long long hang_time;
	int cpu;
	enum outcome outcome;
	enum expectation expect[COLLECTORS];
	char *reason[COLLECTORS];
	bool cancelled;
	double verified;
	bool proven;
	struct json_object *result;
};

/**
 * struct records - all records of a machine
 * @count: number of records
 * @record: the records, the oldest first
 */
struct records {
	size_t count;
	struct record *record;
};

bool id_is_valid(const char *id);
enum status record_begin(struct record *record, struct machine *machine,
			 const struct forecast *forecast, const char *text);
enum status record_write(const struct record *record);
enum status record_read(struct machine *machine, const char *id,
			struct record *record);
enum status records_read(struct machine *machine, struct records *records);
void record_free(struct record *record);
void records_free(struct records *records);
struct json_object *record_to_json(const struct record *record);
bool record_parse(const char *content, struct record *record);

char *kdump_configuration(struct machine *machine);
const char *outcome_name(enum outcome outcome);
bool outcome_ends_boot(enum outcome outcome);

#endif
