// SPDX-License-Identifier: GPL-2.0
/* Looks at all devices again and again, and computes rates. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/file.h"
#include "common/table.h"
#include "device.h"
#include "view.h"

/* The knobs that are shown. PULLS of a parrot are the frames that were read. */
enum {
	PULLS, HITS, PENDING, ODDS, ACTION,
	READERS, FRAME_RATE, ANIMATION,
	KNOBS
};

static const char *const roulette_knobs[KNOBS] = {
	[PULLS] = "pulls", [HITS] = "hits", [PENDING] = "pending",
	[ODDS] = "odds", [ACTION] = "action",
};

static const char *const parrot_knobs[KNOBS] = {
	[PULLS] = "frames_read", [READERS] = "readers",
	[FRAME_RATE] = "frame_rate", [ANIMATION] = "animation",
};

/**
 * struct look - a device at a moment
 * @name: name of the device
 * @type: its type, or NULL if it does not exist
 * @knobs: values, NULL where it has none
 * @armed: "yes" or "no"
 * @time: the moment
 * @rate: pulls or frames a second since the look before, negative if unknown
 * @hit_time: the moment of the last hit that was seen, or 0
 */
struct look {
	char *name;
	char *type;
	char *knobs[KNOBS];
	const char *armed;
	double time;
	double rate;
	double hit_time;
};

enum {
	R_NAME, R_PULLS, R_RATE, R_HITS, R_LAST, R_PENDING, R_ODDS, R_ACTION,
	R_ARMED
};

static const struct column roulette_columns[] = {
	[R_NAME] = { "ROULETTE" },
	[R_PULLS] = { "PULLS", COLUMN_NUMBER },
	[R_RATE] = { "PULLS/S", COLUMN_NUMBER },
	[R_HITS] = { "HITS", COLUMN_NUMBER },
	[R_LAST] = { "LAST HIT", COLUMN_NUMBER },
	[R_PENDING] = { "PENDING", COLUMN_NUMBER },
	[R_ODDS] = { "ODDS", COLUMN_NUMBER },
	[R_ACTION] = { "ACTION" },
	[R_ARMED] = { "ARMED" },
	{}
};

enum { P_NAME, P_READERS, P_RATE, P_FRAME_RATE, P_ANIMATION };

static const struct column parrot_columns[] = {
	[P_NAME] = { "PARROT" },
	[P_READERS] = { "READERS", COLUMN_NUMBER },
	[P_RATE] = { "FRAMES/S", COLUMN_NUMBER },
	[P_FRAME_RATE] = { "FRAME_RATE", COLUMN_NUMBER },
	[P_ANIMATION] = { "ANIMATION" },
	{}
};

/**
 * view_begin() - prepare a view
 * @view: the view; the caller must call view_end()
 * @count: number of names in the command line; 0 means all devices
 * @chosen: the names in the command line
 */
void view_begin(struct view *view, int count, char **chosen)
{
	*view = (struct view){ .count = count, .chosen = chosen };
}

static void free_looks(struct look *looks, size_t count)
{
	size_t i;
	int knob;

	for (i = 0; i < count; i++) {
		free(looks[i].name);
		free(looks[i].type);
		for (knob = 0; knob < KNOBS; knob++)
			free(looks[i].knobs[knob]);
	}
	free(looks);
}

/*
 * The looks have the order of the names, so the search starts where the last
 * one has ended.
 */
static const struct look *find(struct view *view, const char *name)
{
	size_t i;

	for (i = 0; i < view->looks_count; i++) {
		size_t at = (view->cursor + i) % view->looks_count;

		if (strcmp(view->looks[at].name, name))
			continue;
		view->cursor = at + 1;
		return view->looks + at;
	}
	return NULL;
}

static double number(const char *value)
{
	return value ? strtoull(value, NULL, 10) : 0;
}

static void compare(struct look *look, const struct look *before)
{
	double pulls, hits;

	look->rate = -1;
	if (!before || !before->type || !look->type)
		return;
	look->hit_time = before->hit_time;
	pulls = number(look->knobs[PULLS]) - number(before->knobs[PULLS]);
	hits = number(look->knobs[HITS]) - number(before->knobs[HITS]);
	/* After a reset the counters are lower. */
	if (pulls >= 0)
		look->rate = pulls / (look->time - before->time);
	if (hits > 0)
		look->hit_time = look->time;
}

static void read_device(struct look *look)
{
	const char *const *knobs;
	struct device device;
	int i;

	if (!device_try_open(&device, look->name))
		return;
	knobs = device_is_roulette(&device) ? roulette_knobs : parrot_knobs;
	for (i = 0; i < KNOBS; i++)
		if (knobs[i])
			look->knobs[i] = read_value_at(device.dir, knobs[i]);
	look->type = text("%s", device.type);
	device_close(&device);
}

static const char *read_armed(void)
{
	char *armed = read_value_at(AT_FDCWD, ARMED);
	bool disarmed = armed && *armed == 'N';

	free(armed);
	return disarmed ? "no" : "yes";
}

/**
 * view_update() - look at all devices
 * @view: the view
 */
void view_update(struct view *view)
{
	const char *armed = read_armed();
	struct names names = {};
	struct look *looks;
	size_t i;

	if (view->count || exists(CLASS_DIR))
		names_choose(&names, view->count, view->chosen);
	looks = need_memory(calloc(names.count + 1, sizeof(*looks)));
	view->cursor = 0;
	for (i = 0; i < names.count; i++) {
		struct look *look = looks + i;

		look->name = text("%s", names.name[i]);
		look->armed = armed;
		look->time = clock_now();
		read_device(look);
		compare(look, find(view, look->name));
	}
	free_looks(view->looks, view->looks_count);
	view->looks = looks;
	view->looks_count = names.count;
	names_free(&names);
}

static void set(struct table *table, size_t column, char *value)
{
	table_set(table, column, value);
	free(value);
}

static void set_rate(struct table *table, size_t column,
		     const struct look *look)
{
	if (look->rate >= 0)
		set(table, column, text("%.*f", look->rate < 100, look->rate));
}

static void add_roulette(struct table *table, const struct look *look)
{
	table_row(table);
	table_set(table, R_NAME, look->name);
	table_set(table, R_PULLS, look->knobs[PULLS]);
	table_set(table, R_HITS, look->knobs[HITS]);
	table_set(table, R_PENDING, look->knobs[PENDING]);
	table_set(table, R_ODDS, look->knobs[ODDS]);
	table_set(table, R_ACTION, look->knobs[ACTION]);
	if (look->type)
		table_set(table, R_ARMED, look->armed);
	set_rate(table, R_RATE, look);
	if (look->hit_time > 0)
		set(table, R_LAST,
		    text("%.0f s", look->time - look->hit_time));
}

static void add_parrot(struct table *table, const struct look *look)
{
	table_row(table);
	table_set(table, P_NAME, look->name);
	table_set(table, P_READERS, look->knobs[READERS]);
	table_set(table, P_FRAME_RATE, look->knobs[FRAME_RATE]);
	table_set(table, P_ANIMATION, look->knobs[ANIMATION]);
	set_rate(table, P_RATE, look);
}

static char *rows(const struct view *view, const char *type,
		  const struct column *columns,
		  void (*add)(struct table *table, const struct look *look))
{
	struct table table = { .columns = columns, .headings = true };
	size_t i;

	table_choose(&table, NULL);
	table_begin(&table);
	for (i = 0; i < view->looks_count; i++)
		if (view->looks[i].type && !strcmp(view->looks[i].type, type))
			add(&table, view->looks + i);
	return table_text(&table);
}

/**
 * view_text() - print the devices as tables
 * @view: the view
 *
 * Return: the tables, which the caller must free.
 */
char *view_text(const struct view *view)
{
	char *roulettes = rows(view, "roulette", roulette_columns,
			       add_roulette);
	char *parrots = rows(view, "parrot", parrot_columns, add_parrot);
	char *all;

	if (!*roulettes && !*parrots)
		all = text("No devices.");
	else
		all = text("%s%s%s", roulettes,
			   *roulettes && *parrots ? "\n\n" : "", parrots);
	free(roulettes);
	free(parrots);
	return all;
}

/**
 * view_end() - free a view
 * @view: the view
 */
void view_end(struct view *view)
{
	free_looks(view->looks, view->looks_count);
}
