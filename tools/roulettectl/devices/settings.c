// SPDX-License-Identifier: GPL-2.0
/* Writes several knobs of a device: all of them, or none. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/file.h"
#include "knobs.h"
#include "settings.h"

/**
 * write_advice() - say what to do after a write that has failed
 *
 * Return: the advice for errno, or NULL.
 */
const char *write_advice(void)
{
	switch (errno) {
	case EACCES:
	case EPERM:
		return NEED_ROOT;
	case EROFS:
	case ENOENT:
		return "Is this a container? Run it on the machine itself.";
	default:
		return NULL;
	}
}

/**
 * settings_add() - add a setting
 * @settings: the settings
 * @knob: name of the knob
 * @value: the value
 */
void settings_add(struct settings *settings, const char *knob,
		  const char *value)
{
	struct setting *setting;

	settings->setting = need_memory(reallocarray(settings->setting,
						     settings->count + 1,
						     sizeof(*setting)));
	setting = settings->setting + settings->count++;
	*setting = (struct setting){ .knob = text("%s", knob),
				     .value = text("%s", value) };
}

/**
 * settings_parse() - parse words of the form KNOB=VALUE
 * @settings: receives the settings; the caller must call settings_free()
 * @count: number of words
 * @words: the words
 *
 * Return: STATUS_OK, or STATUS_USAGE after a message.
 */
enum status settings_parse(struct settings *settings, int count, char **words)
{
	int i;
	size_t j;

	*settings = (struct settings){};
	for (i = 0; i < count; i++) {
		char *value = strchr(words[i], '=');
		char *knob;

		if (!value || value == words[i])
			return complain(STATUS_USAGE, "Write a setting as KNOB=VALUE, for example odds=1/6.",
					"'%s' is not a setting", words[i]);
		knob = text("%.*s", (int)(value - words[i]), words[i]);
		settings_add(settings, knob, value + 1);
		free(knob);
		for (j = 0; j + 1 < settings->count; j++)
			if (!strcmp(settings->setting[j].knob,
				    settings->setting[settings->count - 1].knob))
				return complain(STATUS_USAGE, "Give each knob once.",
						"knob '%s' is given twice",
						settings->setting[j].knob);
	}
	return STATUS_OK;
}

/**
 * settings_free() - free settings
 * @settings: the settings
 */
void settings_free(struct settings *settings)
{
	size_t i;

	for (i = 0; i < settings->count; i++) {
		free(settings->setting[i].knob);
		free(settings->setting[i].value);
		free(settings->setting[i].old);
	}
	free(settings->setting);
	*settings = (struct settings){};
}

static enum status check_one(const struct device *device,
			     const struct setting *setting)
{
	struct stat file;

	if (!knob_is_name(setting->knob) ||
	    fstatat(device->dir, setting->knob, &file, 0) ||
	    !S_ISREG(file.st_mode))
		return no_knob(device, setting->knob);
	if (!(file.st_mode & 0222))
		return complain(STATUS_USAGE, "docs/reference.md lists the knobs that can be set.",
				"knob '%s' of '%s' is read only", setting->knob,
				device->name);
	/* A value ends at the first newline; the kernel would drop the rest. */
	if (strchr(setting->value, '\n'))
		return complain(STATUS_USAGE, "Give one line.",
				"the value of '%s' has a newline",
				setting->knob);
	/* The effect of this knob cannot be undone, so it must not fail. */
	if (!strcmp(setting->knob, "reset") && strcmp(setting->value, "1"))
		return complain(STATUS_USAGE, "Write reset=1.",
				"'%s' is not valid for knob 'reset'",
				setting->value);
	return STATUS_OK;
}

/**
 * settings_check() - check whether a device has the knobs of settings
 * @device: the device
 * @settings: the settings
 *
 * Return: STATUS_OK; after a message STATUS_USAGE, or STATUS_IMPOSSIBLE if the
 * module is too old for a knob.
 */
enum status settings_check(const struct device *device,
			   const struct settings *settings)
{
	enum status status;
	size_t i;

	for (i = 0; i < settings->count; i++) {
		status = check_one(device, settings->setting + i);
		if (status)
			return status;
	}
	return STATUS_OK;
}

/**
 * parse_odds() - parse odds in the form N (in 100) or N/M
 * @value: the text
 * @odds: receives N and M
 *
 * Return: true if the text has this form.
 */
bool parse_odds(const char *value, unsigned long long odds[2])
{
	int end;

	odds[1] = 100;
	return (sscanf(value, "%llu/%llu%n", odds, odds + 1, &end) == 2 ||
		sscanf(value, "%llu%n", odds, &end) == 1) && !value[end];
}

static bool is_odds(const struct setting *setting)
{
	return !strcmp(setting->knob, "odds");
}

/*
 * Odds above 0 are written after all other knobs, so that no pull hits with
 * half of the settings. The effects of seed and reset cannot be undone, so
 * these are last.
 */
static int write_rank(const struct setting *setting)
{
	unsigned long long odds[2];

	if (!strcmp(setting->knob, "reset"))
		return 3;
	if (!strcmp(setting->knob, "seed"))
		return 2;
	if (is_odds(setting))
		return parse_odds(setting->value, odds) && !odds[0] ? -1 : 1;
	return 0;
}

static int compare_rank(const void *a, const void *b)
{
	return write_rank(a) - write_rank(b);
}

static enum status refused(const struct device *device,
			   const struct setting *setting)
{
	const char *meaning = knob_meaning(device, setting->knob);
	enum status status = STATUS_USAGE;
	char *advice = NULL;

	switch (errno) {
	case EACCES:
	case EPERM:
		advice = text(NEED_ROOT);
		status = STATUS_IMPOSSIBLE;
		break;
	case ENODEV:
	case ENOENT:
		if (!strcmp(setting->knob, "animation"))
			advice = text("The file /lib/firmware/roulette/%s.anim must exist. List the animations: roulettectl animation list.",
				      setting->value);
		break;
	default:
		advice = text("%s: %s. The kernel log may have the reason: dmesg | tail.",
			      setting->knob, meaning ?: "see the documentation of the type");
	}
	complain_errno(status, advice, "nothing was changed, because '%s' refuses %s=%s",
		       device->name, setting->knob, setting->value);
	free(advice);
	return status;
}

/*
 * Some knobs accept a value only if another knob has changed before, such as
 * action and context. So repeat until a round makes no progress.
 *
 * Return: NULL, or the first setting that could not be written, with errno set.
 */
static struct setting *write_all(const struct device *device,
				 struct settings *settings)
{
	struct setting *failed;
	bool progress;
	int saved = 0;
	size_t i;

	do {
		failed = NULL;
		progress = false;
		for (i = 0; i < settings->count; i++) {
			struct setting *setting = settings->setting + i;

			if (setting->written)
				continue;
			if (failed && write_rank(setting) > 0)
				break;
			if (!write_value_at(device->dir, setting->knob,
					    setting->value)) {
				setting->written = true;
				progress = true;
			} else if (!failed) {
				failed = setting;
				saved = errno;
			}
		}
	} while (failed && progress);
	if (failed)
		errno = saved;
	return failed;
}

/*
 * A pull must not hit with the odds of one set of settings and the action of
 * another. So the odds are 0 while other knobs change.
 *
 * Return: true if the odds were set to 0.
 */
static bool hold_fire(const struct device *device,
		      const struct settings *settings)
{
	size_t i;

	for (i = 0; i < settings->count; i++)
		if (is_odds(settings->setting + i) && settings->count > 1)
			return !write_value_at(device->dir, "odds", "0");
	return false;
}

/* Writes the old values of the settings that were written, in their order. */
static void undo(const struct device *device, const struct settings *settings,
		 bool held)
{
	struct settings old = {};
	struct setting *failed;
	size_t i;

	if (held)
		write_value_at(device->dir, "odds", "0");
	for (i = settings->count; i-- > 0;) {
		const struct setting *setting = settings->setting + i;

		if (setting->old && (setting->written || (held && is_odds(setting))))
			settings_add(&old, setting->knob, setting->old);
	}
	if (old.count)
		qsort(old.setting, old.count, sizeof(*old.setting),
		      compare_rank);
	failed = write_all(device, &old);
	if (failed)
		complain_errno(STATUS_IMPOSSIBLE, NULL,
			       "could not write the old value of '%s' again",
			       failed->knob);
	settings_free(&old);
}

/**
 * settings_write() - write all settings, or none of them
 * @device: the device
 * @settings: the settings, which were checked; their order changes
 *
 * Return: STATUS_OK, or another status after a message.
 */
enum status settings_write(const struct device *device,
			   struct settings *settings)
{
	struct setting *failed;
	bool held;
	size_t i;
	int saved;

	if (!settings->count)
		return STATUS_OK;
	qsort(settings->setting, settings->count, sizeof(*settings->setting),
	      compare_rank);
	for (i = 0; i < settings->count; i++)
		settings->setting[i].old = read_value_at(device->dir,
							 settings->setting[i].knob);
	held = hold_fire(device, settings);
	failed = write_all(device, settings);
	if (!failed)
		return STATUS_OK;
	saved = errno;
	undo(device, settings, held);
	errno = saved;
	return refused(device, failed);
}

static bool same_number(const char *a, const char *b)
{
	char *end_a, *end_b;
	/* All digits of 64 bits count in a seed. */
	long double x = strtold(a, &end_a);
	long double y = strtold(b, &end_b);

	return end_a != a && !*end_a && end_b != b && !*end_b && x == y;
}

/**
 * setting_in_force() - check whether a knob has the value of a setting
 * @device: the device
 * @setting: the setting
 *
 * The kernel may show a value in another form than it was written.
 *
 * Return: true if it has.
 */
bool setting_in_force(const struct device *device,
		      const struct setting *setting)
{
	char *shown = read_value_at(device->dir, setting->knob);
	unsigned long long a[2], b[2];
	bool same;

	if (!shown)
		return false;
	same = !strcmp(shown, setting->value) ||
	       same_number(shown, setting->value);
	if (is_odds(setting))
		same = parse_odds(shown, a) && parse_odds(setting->value, b) &&
		       a[0] == b[0] && a[1] == b[1];
	/* A label of digits is text. */
	if (!strcmp(setting->knob, "label"))
		same = !strcmp(shown, setting->value);
	free(shown);
	return same;
}
