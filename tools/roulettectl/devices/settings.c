// SPDX-License-Identifier: GPL-2.0
/* Writes several knobs of a device: all of them, or none. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
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

static bool invalid(int error)
{
	errno = error;
	return false;
}

static bool is_number(const char *digits, size_t length, bool hex)
{
	return length && strspn(digits, hex ? "0123456789abcdefABCDEF" :
					      "0123456789") >= length;
}

static bool check_seed(const char *value)
{
	bool hex = value[0] == '0' && (value[1] == 'x' || value[1] == 'X');

	value += hex ? 2 : 0;
	if (!is_number(value, strlen(value), hex))
		return invalid(EINVAL);
	errno = 0;
	strtoull(value, NULL, hex ? 16 : 10);
	return !errno;
}

static bool check_odds(const char *value)
{
	size_t length = strcspn(value, "/");
	const char *slots = value[length] ? value + length + 1 : "100";
	unsigned long long n, m;

	if (!is_number(value, length, false) ||
	    !is_number(slots, strlen(slots), false))
		return invalid(EINVAL);
	errno = 0;
	n = strtoull(value, NULL, 10);
	m = strtoull(slots, NULL, 10);
	return (!errno && n <= m && m && m <= UINT32_MAX) || invalid(ERANGE);
}

/*
 * The effects of seed and reset cannot be undone, and odds above 0 must not be
 * tried. So these knobs must not fail when they are written.
 *
 * Return: false, with errno set, if the kernel would refuse the value.
 */
static bool check_value(const struct setting *setting)
{
	if (!strcmp(setting->knob, "seed"))
		return check_seed(setting->value);
	if (!strcmp(setting->knob, "odds"))
		return check_odds(setting->value);
	return true;
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
	if (!strcmp(setting->knob, "reset") && strcmp(setting->value, "1"))
		return complain(STATUS_USAGE, "Write reset=1.",
				"'%s' is not valid for knob 'reset'",
				setting->value);
	if (device_is_roulette(device) && !check_value(setting))
		return refused(device, setting);
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
 * Knobs that the kernel may refuse are first: settings_prepare() writes the
 * ranks up to RANK_KNOB. Odds above 0 are last, so that no pull hits with half
 * of the settings.
 */
enum { RANK_SAFE, RANK_KNOB, RANK_SEED, RANK_RESET, RANK_ODDS };

static int write_rank(const struct setting *setting)
{
	unsigned long long odds[2];

	if (!strcmp(setting->knob, "reset"))
		return RANK_RESET;
	if (!strcmp(setting->knob, "seed"))
		return RANK_SEED;
	if (is_odds(setting))
		return parse_odds(setting->value, odds) && !odds[0] ?
		       RANK_SAFE : RANK_ODDS;
	return RANK_KNOB;
}

static int compare_rank(const void *a, const void *b)
{
	return write_rank(a) - write_rank(b);
}

/*
 * Some knobs accept a value only if another knob has changed before, such as
 * action and context. So repeat until a round makes no progress.
 *
 * Return: NULL, or the first setting that could not be written, with errno set.
 */
static struct setting *write_ranks(const struct device *device,
				   struct settings *settings, int last)
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
			if (write_rank(setting) > (failed ? RANK_KNOB : last))
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

static bool has_odds(const struct settings *settings)
{
	size_t i;

	for (i = 0; i < settings->count; i++)
		if (is_odds(settings->setting + i))
			return true;
	return false;
}

/* Odds above 0 that stay become a setting, because they are 0 meanwhile. */
static void keep_odds(const struct device *device, struct settings *settings)
{
	char *odds = read_value_at(device->dir, "odds");
	unsigned long long number[2];

	if (odds && !has_odds(settings) && parse_odds(odds, number) && number[0])
		settings_add(settings, "odds", odds);
	free(odds);
}

/**
 * settings_undo() - write the old values of all settings that were written
 * @device: the device
 * @settings: the settings
 */
void settings_undo(const struct device *device, struct settings *settings)
{
	struct settings old = {};
	struct setting *failed;
	size_t i;

	if (settings->held)
		write_value_at(device->dir, "odds", "0");
	for (i = settings->count; i-- > 0;) {
		struct setting *setting = settings->setting + i;

		if (setting->old && (setting->written ||
				     (settings->held && is_odds(setting))))
			settings_add(&old, setting->knob, setting->old);
		setting->written = false;
	}
	settings->held = false;
	if (old.count)
		qsort(old.setting, old.count, sizeof(*old.setting),
		      compare_rank);
	failed = write_ranks(device, &old, RANK_ODDS);
	if (failed)
		complain_errno(STATUS_IMPOSSIBLE, NULL,
			       "could not write the old value of '%s' again",
			       failed->knob);
	settings_free(&old);
}

static enum status write_or_undo(const struct device *device,
				 struct settings *settings, int last)
{
	struct setting *failed = write_ranks(device, settings, last);
	int saved = errno;

	if (!failed)
		return STATUS_OK;
	settings_undo(device, settings);
	errno = saved;
	return refused(device, failed);
}

/**
 * settings_prepare() - write all settings that the kernel may refuse
 * @device: the device
 * @settings: the settings, which were checked; their order changes
 *
 * The odds are 0 until settings_commit() or settings_undo(), unless there is
 * only one setting.
 *
 * Return: STATUS_OK; or another status after a message, and all settings are as
 * before.
 */
enum status settings_prepare(const struct device *device,
			     struct settings *settings)
{
	/* A pull must not hit with half of the settings. */
	bool hold = settings->count > 1 && device_is_roulette(device);
	struct setting *setting;
	size_t i;

	if (hold)
		keep_odds(device, settings);
	for (i = 0; i < settings->count; i++) {
		setting = settings->setting + i;
		setting->old = read_value_at(device->dir, setting->knob);
	}
	settings->held = hold && has_odds(settings) &&
			 !write_value_at(device->dir, "odds", "0");
	if (settings->count)
		qsort(settings->setting, settings->count, sizeof(*setting),
		      compare_rank);
	return write_or_undo(device, settings, RANK_KNOB);
}

/**
 * settings_commit() - write the other settings: seed, reset, and odds
 * @device: the device
 * @settings: the settings, after settings_prepare()
 *
 * Return: STATUS_OK; or another status after a message.
 */
enum status settings_commit(const struct device *device,
			    struct settings *settings)
{
	return write_or_undo(device, settings, RANK_ODDS);
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
	enum status status = settings_prepare(device, settings);

	return status ?: settings_commit(device, settings);
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
