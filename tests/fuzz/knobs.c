// SPDX-License-Identifier: GPL-2.0
/* Reads and writes knobs in sysfs and configfs, with good and bad values. */
#include <regex.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "errname.h"
#include "fuzz.h"

#define LONGEST	8192

static const char *const none[] = { NULL };
static const char *const bits[] = { "0", "1", "01", "0\n", "1\n", NULL };
static const char *const no_bits[] = { "", "x", "+1", " 1", "1 ", "-1", NULL };
static const char *const over_bits[] = { "2", "99999999999999999999", NULL };
static const char *const odds[] = {
	"0", "10", "50", "100", "1/6", "0/1", "1/1", "5/7\n", "1/4294967295",
	"007", "4294967295/4294967295", "3/1000000", NULL
};
static const char *const no_odds[] = {
	"", "\n", "/", "1/", "/6", "1/x", "1/6/6", " 1", "1.5", "0x1", "-1", NULL
};
static const char *const over_odds[] = {
	"101", "7/6", "1/0", "1/4294967296", "4294967296", NULL
};
static const char *const actions[] = { "none", "none\n", NULL };
static const char *const no_actions[] = {
	"", "None", "none ", "nonee", "non", "none\n\n", NULL
};
/* Not softirq and hardirq, in which an oops panics. */
static const char *const contexts[] = { "process", "kthread", "kthread\n", NULL };
static const char *const no_contexts[] = {
	"", "Process", "process ", "user", "nmi", NULL
};
static const char *const delays[] = { "0", "1", "20", "0020", NULL };
static const char *const hang_times[] = { "0", "1", "4294967295", NULL };
static const char *const over_32[] = { "4294967296", NULL };
static const char *const times[] = {
	"-1", "0", "3", "1000", "9223372036854775807", NULL
};
static const char *const over_times[] = { "-2", "9223372036854775808", NULL };
static const char *const no_numbers[] = {
	"", "x", "+1", " 1", "1 ", "0x10", "1.0", "--1", NULL
};
static const char *const intervals[] = { "1", "2", "4294967295", NULL };
static const char *const over_intervals[] = { "0", "4294967296", NULL };
static const char *const spaces[] = { "0", "5", "18446744073709551615", NULL };
static const char *const over_spaces[] = { "18446744073709551616", NULL };
static const char *const seeds[] = {
	"0", "0x0", "0X1f", "0xffffffffffffffff", "12345678901234567890", NULL
};
static const char *const no_seeds[] = { "", "0x", "0x0x1", "0xg", "-1", NULL };
static const char *const over_seeds[] = {
	"0x10000000000000000", "18446744073709551616", NULL
};
static const char *const labels[] = {
	"", "\n", "drill 7", "[]^_`~!#", "%s%n%p",
	"012345678901234567890123456789012345678901234567890123456789012", NULL
};
static const char *const no_labels[] = {
	"\"", "a\\b", "\t", "\x7f", "\xc3\xa4", "a\nb",
	"0123456789012345678901234567890123456789012345678901234567890123", NULL
};
static const char *const resets[] = { "1", "1\n", NULL };
static const char *const over_resets[] = { "0", "2", NULL };
static const char *const rates[] = {
	"0", "max", "1000", "1000\n", "20", "0.001", "333.5", "60.000", NULL
};
static const char *const no_rates[] = {
	"", "x", "1.", ".5", "1.0001", "MAX", "-1", "1e3", NULL
};
static const char *const over_rates[] = { "1001", "1000.001", NULL };
static const char *const animations[] = { "party", "fuzz-plain", NULL };
static const char *const no_animations[] = {
	"", "../party", "a/b", ".", "-x", "fuzz-bad", NULL
};
static const char *const colors[] = { "none", "cycle", "red", "white\n", NULL };
static const char *const no_colors[] = { "", "pink", "Red", "red ", NULL };

#define NUMBER	"^[0-9]+\n$"
#define WORD	"^[A-Za-z0-9][A-Za-z0-9._-]*\n$"

static const struct knob knobs[] = {
	{ "odds", ROULETTE, true, "^[0-9]+(/[0-9]+)?\n$", odds, no_odds, over_odds },
	{ "odds", ROULETTE, true, "^[0-9]+(/[0-9]+)?\n$", odds, no_odds, over_odds },
	{ "action", ROULETTE, true,
	  "^(none|warn|oops|bug|null|gpf|divide|list_corruption|refcount|atomic_sleep)\n$",
	  actions, no_actions, none },
	{ "available_actions", ROULETTE, false,
	  "^none warn oops bug panic( [a-z_]+)*\n$", none, none, none },
	{ "context", ROULETTE, true, "^(process|kthread)\n$", contexts,
	  no_contexts, none },
	{ "available_contexts", ROULETTE, false,
	  "^process kthread softirq hardirq\n$", none, none, none },
	{ "delay_ms", ROULETTE, true, NUMBER, delays, no_numbers, over_32 },
	{ "hang_time", ROULETTE, true, NUMBER, hang_times, no_numbers, over_32 },
	{ "times", ROULETTE, true, "^(-1|[0-9]+)\n$", times, no_numbers, over_times },
	{ "interval", ROULETTE, true, NUMBER, intervals, no_numbers,
	  over_intervals },
	{ "space", ROULETTE, true, NUMBER, spaces, no_numbers, over_spaces },
	{ "respin", ROULETTE, true, "^[01]\n$", bits, no_bits, over_bits },
	{ "seed", ROULETTE, true, "^0x[0-9a-f]+\n$", seeds, no_seeds, over_seeds },
	{ "label", ROULETTE, true, "^[] !#-[^-~]*\n$", labels, no_labels,
	  none },
	{ "pulls", ROULETTE, false, NUMBER, none, none, none },
	{ "hits", ROULETTE, false, NUMBER, none, none, none },
	{ "pending", ROULETTE, false, NUMBER, none, none, none },
	{ "reset", ROULETTE, true, NULL, resets, no_bits, over_resets },
	{ "frame_rate", PARROT, true, "^(max|[0-9]+([.][0-9]{1,3})?)\n$", rates,
	  no_rates, over_rates },
	{ "frame_rate", PARROT, true, "^(max|[0-9]+([.][0-9]{1,3})?)\n$", rates,
	  no_rates, over_rates },
	{ "animation", PARROT, true, WORD, animations, no_animations, none },
	{ "color", PARROT, true, "^[a-z]+\n$", colors, no_colors, none },
	{ "flip", PARROT, true, "^[01]\n$", bits, no_bits, over_bits },
	{ "frames", PARROT, false, NUMBER, none, none, none },
	{ "readers", PARROT, false, NUMBER, none, none, none },
	{ "frames_read", PARROT, false, NUMBER, none, none, none },
	{ "frames_dropped", PARROT, false, NUMBER, none, none, none },
	{ "type", EITHER, false, "^(roulette|parrot)\n$", none, none, none },
	{ "dev", EITHER, false, "^[0-9]+:[0-9]+\n$", none, none, none },
	{ "dev_name", EITHER, false, WORD, none, none, none },
};

static regex_t forms[ARRAY_SIZE(knobs)];

void knobs_init(void)
{
	static const char *const files[][2] = {
		{ "fuzz-plain", "one /\n\f\ntwo >\n\f\nthree\n" },
		{ "fuzz-color", "\033[31mred\033[0m\n\f\n\xc3\xa4\n" },
		{ "fuzz-bad", "\033[2J\n" },
	};

	mkdir("/lib/firmware", 0755);
	mkdir(FIRMWARE, 0755);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char path[100];
		FILE *file;

		snprintf(path, sizeof(path), FIRMWARE "/%s.anim", files[i][0]);
		file = fopen(path, "w");
		if (!file)
			abort();
		fputs(files[i][1], file);
		fclose(file);
	}
	for (size_t i = 0; i < ARRAY_SIZE(knobs); i++)
		if (knobs[i].form &&
		    regcomp(&forms[i], knobs[i].form, REG_EXTENDED | REG_NOSUB))
			abort();
}

static const struct knob *some_knob(struct thread *t, enum type type)
{
	const struct knob *knob;

	do {
		knob = &PICK(t, knobs);
	} while (knob->type != EITHER && type != EITHER && knob->type != type);
	return knob;
}

/* In sysfs or in configfs, which has no default devices. */
static void knob_path(struct thread *t, char *path, size_t size,
		      const char *name, const struct knob *knob)
{
	static const char *const types[] = { "roulette", "parrot" };
	enum type type = name_type(name);

	if (chance(t, 50))
		snprintf(path, size, CLASS "%s/%s", name, knob->name);
	else
		snprintf(path, size, CONFIG "%s/%s/%s",
			 type == EITHER ? PICK(t, types) : types[type], name,
			 knob->name);
}

static size_t pick_text(struct thread *t, const char *const *list, char *value)
{
	unsigned int count = 0;

	while (list[count])
		count++;
	strcpy(value, list[below(t, count)]);
	return strlen(value);
}

static size_t mutate(struct thread *t, char *value, size_t len)
{
	size_t at;

	do {
		at = below(t, len + 1);
		switch (below(t, 7)) {
		case 0:
			if (at < len)
				value[at] ^= 1 << below(t, 8);
			break;
		case 1:
			memmove(value + at + 1, value + at, len - at);
			value[at] = next(t);
			len++;
			break;
		case 2:
			len = at;
			break;
		case 3:
			value[len++] = '\n';
			break;
		case 4:
			value[len++] = '\0';
			break;
		case 5:
			if (len && len < 64) {
				memcpy(value + len, value, len);
				len *= 2;
			}
			break;
		case 6:
			if (chance(t, 20)) {
				size_t to = chance(t, 50) ? 4094 + below(t, 4) :
							    below(t, 8000);

				if (to > len) {
					memset(value + len, '0', to - len);
					len = to;
				}
			}
			break;
		}
	} while (len < 8000 && chance(t, 60));
	return len;
}

/* Return: the length of the value. @want: 0, EINVAL, ERANGE, or -1 for any. */
static size_t some_value(struct thread *t, const struct knob *knob, char *value,
			 int *want)
{
	static const char *const crashes[] = {
		"warn", "oops", "bug", "null", "gpf", "divide",
		"list_corruption", "refcount", "atomic_sleep", NULL
	};
	static const char *const files[] = { "fuzz-color", "nowhere", NULL };
	unsigned int how = below(t, 100);

	if (options.crash && !strcmp(knob->name, "action") && how < 30) {
		*want = 0;
		return pick_text(t, crashes, value);
	}
	if (!strcmp(knob->name, "animation") && how < 30) {
		*want = -1;
		return pick_text(t, files, value);
	}
	if (how < 55 && knob->good[0]) {
		/* The knob flip: not every animation can be mirrored. */
		*want = knob->type == PARROT && knob->good == bits ? -1 : 0;
		return pick_text(t, knob->good, value);
	}
	if (how < 65 && knob->wrong[0]) {
		*want = EINVAL;
		return pick_text(t, knob->wrong, value);
	}
	if (how < 75 && knob->beyond[0]) {
		*want = ERANGE;
		return pick_text(t, knob->beyond, value);
	}
	*want = -1;
	return mutate(t, value, knob->good[0] ?
		      pick_text(t, knob->good, value) : 0);
}

/*
 * Without -c, sets the action to none first, because odds may cause hits. The
 * name belongs to the device of @fd as long as this device exists. After the
 * removal of the device, the write to @fd fails.
 */
int disarmed_write(struct thread *t, int fd, const char *name,
		   const char *value, size_t len)
{
	char path[100];
	int action;

	if (!options.crash) {
		snprintf(path, sizeof(path), CLASS "%s/action", name);
		action = open(path, O_WRONLY);
		if (action < 0)
			return -ENODEV;
		if (write(action, "none", 4) != 4) {
			close(action);
			return -ENODEV;
		}
		close(action);
	}
	doing(t, "write odds of %s", name);
	return result(write(fd, value, len));
}

static void judge_value(struct thread *t, const struct knob *knob,
			const char *value, long len)
{
	char text[4097];

	snprintf(text, sizeof(text), "%.*s", (int)len, value);
	if (!knob->form || (long)strlen(text) != len ||
	    regexec(&forms[knob - knobs], text, 0, NULL, 0))
		fail(t, "the value is '%.100s', %ld bytes", text, len);
}

/* Another thread may remove the device; some knobs are in one mount only. */
#define MAY_BE_GONE	ENOENT, ENODEV

void op_knob_read(struct thread *t)
{
	const char *name = some_name(t);
	const struct knob *knob = some_knob(t, name_type(name));
	struct target target = some_target(t);
	char path[120];
	long ret, more;
	int fd;

	knob_path(t, path, sizeof(path), name, knob);
	doing(t, "open %s to read", path);
	fd = result(open(path, chance(t, 90) ? O_RDONLY : O_RDWR));
	judge(t, KIND_knob_open, fd, MAY_BE_GONE, EACCES);
	if (fd < 0)
		return;
	doing(t, "read %s to %p, %zu bytes", path, target.buf, target.count);
	if (!knob->form) {
		/* Another thread has changed the mode of the file. */
		ret = result(read(fd, t->room, 4096));
		judge(t, KIND_knob_read, ret, MAY_BE_GONE, EIO);
		if (ret >= 0)
			fail(t, "the read returned %ld bytes", ret);
	} else if (target.bad) {
		ret = result(read(fd, target.buf, target.count));
		judge(t, KIND_knob_read, ret, MAY_BE_GONE, EFAULT, EINVAL);
	} else {
		ret = result(read(fd, t->room, 4096));
		judge(t, KIND_knob_read, ret, MAY_BE_GONE);
		if (ret >= 0)
			judge_value(t, knob, t->room, ret);
		more = result(read(fd, t->room, 4096));
		judge(t, KIND_knob_read, more, MAY_BE_GONE);
		if (ret > 0 && more > 0)
			fail(t, "a read past the end returned %ld bytes", more);
		more = result(pread(fd, t->room, target.count, 1));
		/* configfs returns EFAULT for a read of 0 bytes. */
		judge(t, KIND_knob_read, more, MAY_BE_GONE,
		      target.count ? ENOENT : EFAULT);
	}
	close(fd);
}

static long knob_store(struct thread *t, int fd, const char *name,
		       const struct knob *knob, char *value, size_t len)
{
	struct iovec iov[2] = {
		{ value, len / 2 }, { value + len / 2, len - len / 2 },
	};

	if (!strcmp(knob->name, "odds"))
		return disarmed_write(t, fd, name, value, len);
	if (chance(t, 20))
		return result(writev(fd, iov, 2));
	if (chance(t, 20))
		return result(pwrite(fd, value, len, below(t, 100)));
	return result(write(fd, value, len));
}

static void judge_store(struct thread *t, enum kind kind, long ret, int want,
			size_t len)
{
	/* configfs returns EFAULT for a write of 0 bytes. */
	judge(t, kind, ret, MAY_BE_GONE, EINVAL, ERANGE, EFBIG,
	      len ? EINVAL : EFAULT);
	if (ret == -ENODEV || ret == -ENOENT || !len || want < 0)
		return;
	if (want && ret != -want)
		fail(t, "returned %ld, expected %s", ret, errname(want));
	else if (!want && ret != (long)len)
		fail(t, "returned %ld, expected %zu", ret, len);
}

void op_knob_write(struct thread *t)
{
	const char *name = some_name(t);
	const struct knob *knob = some_knob(t, name_type(name));
	char path[120], value[LONGEST + 64];
	int want = 0, fd, flags;
	size_t len = some_value(t, knob, value, &want);
	long ret;

	flags = chance(t, 80) ? O_WRONLY : O_RDWR;
	if (chance(t, 30))
		flags |= O_TRUNC;
	if (chance(t, 10))
		flags |= O_APPEND;
	knob_path(t, path, sizeof(path), name, knob);
	doing(t, "open %s, %#o", path, flags);
	fd = result(open(path, flags));
	judge(t, KIND_knob_open, fd, MAY_BE_GONE, EACCES);
	if (fd < 0)
		return;
	if (!knob->store) {
		/* Another thread has changed the mode of the file. */
		ret = result(write(fd, "1", 1));
		judge(t, KIND_knob_write, ret, MAY_BE_GONE, EIO);
		if (ret >= 0)
			fail(t, "the write accepted %ld bytes", ret);
	} else {
		doing(t, "write '%.60s' to %s, %zu bytes", value, path, len);
		judge_store(t, KIND_knob_write,
			    knob_store(t, fd, name, knob, value, len), want,
			    len);
		if (chance(t, 10)) {
			doing(t, "write from a bad address to %s", path);
			judge(t, KIND_knob_write,
			      result(write(fd, (char *)8, 1 + below(t, 5000))),
			      MAY_BE_GONE, EFAULT);
		}
	}
	close(fd);
}

/* Uses a knob that stays open while its device may be removed. */
void op_knob_hold(struct thread *t)
{
	char path[120], value[LONGEST + 64];
	const char *name = some_name(t);
	int want = 0;
	size_t len;
	long ret;

	if (t->held < 0) {
		t->held_knob = some_knob(t, name_type(name));
		if (!t->held_knob->store || !t->held_knob->form)
			return;
		strcpy(t->held_name, name);
		knob_path(t, path, sizeof(path), name, t->held_knob);
		doing(t, "open %s and keep it open", path);
		t->held = result(open(path, O_RDWR));
		judge(t, KIND_knob_open, t->held, MAY_BE_GONE, EACCES);
		return;
	}
	doing(t, "%s of %s, kept open", t->held_knob->name, t->held_name);
	if (chance(t, 50)) {
		ret = result(pread(t->held, t->room, 4096, 0));
		judge(t, KIND_knob_held_read, ret, MAY_BE_GONE);
		/* configfs keeps the text of the first read of an open file. */
		if (ret > 0)
			judge_value(t, t->held_knob, t->room, ret);
	} else {
		len = some_value(t, t->held_knob, value, &want);
		ret = knob_store(t, t->held, t->held_name, t->held_knob, value,
				 len);
		judge_store(t, KIND_knob_held_write, ret, want, len);
	}
	if (chance(t, 20)) {
		close(t->held);
		t->held = -1;
	}
}

/* Both mounts return the stored value; only this thread writes the device. */
void op_twin(struct thread *t)
{
	enum type type = below(t, 2);
	const char *type_name = type == ROULETTE ? "roulette" : "parrot";
	char name[32], dir[100], paths[2][140], value[LONGEST + 64];
	char shown[2][4200] = { "", "" };
	const struct knob *knob;
	long ret = 0, lens[2];
	int want = -1, i, fd;
	size_t len;

	snprintf(name, sizeof(name), "own%u.%u", t->worker, t->number);
	snprintf(dir, sizeof(dir), CONFIG "%s/%s", type_name, name);
	do {
		knob = some_knob(t, type);
	} while (!knob->store || !knob->form || knob->type == EITHER);
	len = some_value(t, knob, value, &want);
	snprintf(paths[0], sizeof(paths[0]), CLASS "%s/%s", name, knob->name);
	snprintf(paths[1], sizeof(paths[1]), "%s/%s", dir, knob->name);
	doing(t, "mkdir %s", dir);
	ret = result(mkdir(dir, 0755));
	judge(t, KIND_mkdir, ret, ENOENT, EAGAIN, EEXIST, ENOSPC);
	if (ret)
		return;
	fd = open(paths[below(t, 2)], O_WRONLY);
	doing(t, "write '%.60s' to %s, %zu bytes", value, paths[0], len);
	if (fd >= 0) {
		judge_store(t, KIND_twin,
			    knob_store(t, fd, name, knob, value, len), want, len);
		close(fd);
	}
	for (i = 0; i < 2; i++) {
		fd = open(paths[i], O_RDONLY);
		lens[i] = fd < 0 ? -errno :
			  result(read(fd, shown[i], sizeof(shown[i]) - 1));
		if (fd >= 0)
			close(fd);
	}
	/* Another thread may be removing all devices. */
	if (lens[0] > 0 && lens[1] > 0) {
		if (strcmp(shown[0], shown[1]))
			fail(t, "'%.60s' in sysfs, '%.60s' in configfs", shown[0],
			     shown[1]);
		judge_value(t, knob, shown[0], lens[0]);
	}
	doing(t, "rmdir %s", dir);
	judge(t, KIND_rmdir, result(rmdir(dir)), ENOENT);
}
