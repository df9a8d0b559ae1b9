// SPDX-License-Identifier: GPL-2.0
/* Names of dumps and records, README.txt of SUSE's kdump, and times as text. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "verify/names.h"
#include "verify/times.h"

static void print_times(double time)
{
	free(time_text(time));
	free(duration_text(time));
}

void fuzz(const char *bytes, size_t size)
{
	double time = take_double(&bytes, &size);
	char *string;

	print_times(time);
	string = string_of(bytes, size);
	dump_file_kind(string);
	unpacker(string);
	free(dump_status(string));
	if (dump_stamp(string, &time))
		print_times(time);
	if (pstore_time(string, &time))
		print_times(time);
	free(string);
}
