// SPDX-License-Identifier: GPL-2.0
/* Counts the results of pulls, and compares them with the odds. */
#define _GNU_SOURCE
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"
#include "common/json.h"
#include "expect.h"
#include "settings.h"
#include "tally.h"

static const char *const limits[LIMITS] = {
	"armed", "times", "space", "interval",
};

static unsigned long long read_number(const struct device *device,
				      const char *knob,
				      unsigned long long missing)
{
	char *value = read_value_at(device->dir, knob);
	unsigned long long number = value ? strtoull(value, NULL, 10) : missing;

	free(value);
	return number;
}

static bool read_odds(const struct device *device, unsigned long long odds[2])
{
	char *value = read_value_at(device->dir, "odds");
	bool valid = value && parse_odds(value, odds) && odds[1];

	free(value);
	return valid;
}

/**
 * tally_begin() - prepare a tally before the first pull
 * @tally: the tally
 * @device: the device
 *
 * Return: false if the odds of the device cannot be read.
 */
bool tally_begin(struct tally *tally, const struct device *device)
{
	*tally = (struct tally){
		.device = device,
		.pulls_before = read_number(device, "pulls", 0),
		.spun = read_number(device, "respin", 1),
	};
	return read_odds(device, tally->odds);
}

/**
 * tally_line() - count a pull
 * @tally: the tally
 * @line: the line that the pull has returned; the caller counts a hit without
 *	a line by a line "bang: "
 */
void tally_line(struct tally *tally, const char *line)
{
	unsigned long long odds[2];
	const char *held = strstr(line, ", held by ");
	const char *shown = strstr(line, ", odds ");
	int i;

	tally->pulls++;
	tally->hits += !strncmp(line, "bang: ", 6);
	for (i = 0; held && i < LIMITS; i++)
		tally->held[i] += !strcmp(held + strlen(", held by "),
					  limits[i]);
	if (shown && sscanf(shown, ", odds %llu/%llu", odds, odds + 1) == 2 &&
	    (odds[0] != tally->odds[0] || odds[1] != tally->odds[1]))
		tally->changed = true;
}

/**
 * tally_end() - complete a tally after the last pull
 * @tally: the tally
 *
 * Without spins the expectation needs consecutive pulls. So pulls of other
 * readers and a reset make it void.
 */
void tally_end(struct tally *tally)
{
	unsigned long long now = read_number(tally->device, "pulls", 0);

	if (!tally->spun && now - tally->pulls_before != tally->pulls)
		tally->changed = true;
	if (read_number(tally->device, "respin", tally->spun) != tally->spun)
		tally->changed = true;
}

static struct expectation expect(const struct tally *tally)
{
	return tally->spun ? expect_spun(tally->pulls, tally->odds) :
			     expect_unspun(tally->pulls, tally->odds);
}

static unsigned long long sum_held(const struct tally *tally)
{
	unsigned long long sum = 0;
	int i;

	for (i = 0; i < LIMITS; i++)
		sum += tally->held[i];
	return sum;
}

static void print_held(const struct tally *tally)
{
	const char *before = "held      ";
	int i;

	for (i = 0; i < LIMITS; i++) {
		if (!tally->held[i])
			continue;
		printf("%s%llu by %s", before, tally->held[i], limits[i]);
		before = ", ";
	}
	printf("; %llu would have hit without limits\n",
	       tally->hits + sum_held(tally));
}

static void print_expectation(const struct tally *tally)
{
	struct expectation expected = expect(tally);
	unsigned long long drawn = tally->hits + sum_held(tally);

	fputs("expected  ", stdout);
	if (tally->changed) {
		puts("unknown, because odds, respin or pulls were changed meanwhile");
		return;
	}
	if (!expected.certain || expected.low == expected.high)
		printf("%.10g", expected.mean);
	else
		printf("%llu to %llu", expected.low, expected.high);
	printf(" at odds %llu/%llu%s", tally->odds[0], tally->odds[1],
	       tally->spun ? "" : ", respin 0");
	if (!expected.certain)
		printf("; %llu to %llu in at least 95 %% of runs", expected.low,
		       expected.high);
	if (drawn < expected.low)
		printf("; %llu are fewer", drawn);
	if (drawn > expected.high)
		printf("; %llu are more", drawn);
	putchar('\n');
}

/**
 * tally_print() - print a tally as text
 * @tally: the tally
 */
void tally_print(const struct tally *tally)
{
	printf("pulls     %llu\n"
	       "hits      %llu\n", tally->pulls, tally->hits);
	if (tally->not_fired)
		printf("not fired %llu of the hits\n", tally->not_fired);
	if (tally->died)
		printf("died      %llu %s\n", tally->died,
		       tally->died == 1 ? "reader" : "readers");
	if (sum_held(tally))
		print_held(tally);
	if (tally->pulls)
		print_expectation(tally);
}

static void set_number(struct json_object *object, const char *key,
		       unsigned long long value)
{
	json_object_object_add(object, key,
			       need_memory(json_object_new_uint64(value)));
}

/**
 * tally_json() - convert a tally to JSON
 * @tally: the tally
 *
 * Return: the object.
 */
struct json_object *tally_json(const struct tally *tally)
{
	struct json_object *object = json_new_object();
	struct json_object *held = json_new_object();
	struct json_object *hits = NULL;
	char *odds = text("%llu/%llu", tally->odds[0], tally->odds[1]);
	int i;

	json_set_text(object, "name", tally->device->name);
	json_set_text(object, "odds", odds);
	free(odds);
	set_number(object, "pulls", tally->pulls);
	set_number(object, "hits", tally->hits);
	set_number(object, "not_fired", tally->not_fired);
	set_number(object, "died", tally->died);
	for (i = 0; i < LIMITS; i++)
		set_number(held, limits[i], tally->held[i]);
	json_object_object_add(object, "held", held);
	if (!tally->changed) {
		struct expectation expected = expect(tally);

		hits = json_new_object();
		json_object_object_add(hits, "mean",
				       need_memory(json_object_new_double(expected.mean)));
		set_number(hits, "low", expected.low);
		set_number(hits, "high", expected.high);
		json_object_object_add(hits, "certain",
				       need_memory(json_object_new_boolean(expected.certain)));
	}
	json_object_object_add(object, "expected", hits);
	return object;
}
