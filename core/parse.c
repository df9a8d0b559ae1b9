// SPDX-License-Identifier: GPL-2.0
/* The forms that knobs and parameters share: plain numbers, and names. */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/moduleparam.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "roulette.h"

/**
 * roulette_parse_u64() - read a plain decimal number
 * @digits: the text, not necessarily ended by NUL
 * @len: its length, all of which must be digits
 * @min: least value taken
 * @max: greatest value taken
 * @val: where the value goes; untouched on an error
 *
 * Leading zeros are fine; a sign, a blank and any other character is not. The
 * form is judged before the range, so junk behind a number that is too large
 * is still junk. Any context.
 *
 * Return: 0, -EINVAL if @digits is no number, -ERANGE if it is one outside
 * of @min to @max.
 */
int roulette_parse_u64(const char *digits, size_t len, u64 min, u64 max,
		       u64 *val)
{
	bool overflow = false;
	u64 sum = 0;
	size_t i;

	if (!len)
		return -EINVAL;
	for (i = 0; i < len; i++) {
		if (!isdigit(digits[i]))
			return -EINVAL;
		overflow |= check_mul_overflow(sum, (u64)10, &sum);
		overflow |= check_add_overflow(sum, (u64)(digits[i] - '0'),
					       &sum);
	}
	if (overflow || sum < min || sum > max)
		return -ERANGE;
	*val = sum;
	return 0;
}
EXPORT_SYMBOL_GPL(roulette_parse_u64);

/**
 * roulette_name_valid() - may a device, a type or an animation be called so?
 * @name: the name
 *
 * What is taken is safe as a file name below /dev, /sys and /lib/firmware.
 * Any context.
 *
 * Return: true for 1 to ROULETTE_NAME_MAX of A-Z a-z 0-9 . _ - that start
 * with a letter or digit.
 */
bool roulette_name_valid(const char *name)
{
	size_t i;

	/* isalnum() knows Latin-1 letters, hence isascii(). */
	for (i = 0; name[i]; i++) {
		if (isascii(name[i]) && isalnum(name[i]))
			continue;
		if (i == 0 || !strchr("._-", name[i]))
			return false;
	}
	return i >= 1 && i <= ROULETTE_NAME_MAX;
}
EXPORT_SYMBOL_GPL(roulette_name_valid);

/**
 * roulette_param_set() - set a module parameter while the module loads
 * @value: what was given
 * @kp: the parameter
 * @takes: what would do, for the log
 * @parse: stores the value, given without a newline, or returns an errno
 *
 * May sleep.
 *
 * Return: 0; -EINVAL whatever the error of @parse, so that each bad
 * value refuses the load alike, after a log line that names the parameter;
 * -ENOMEM.
 */
int roulette_param_set(const char *value, const struct kernel_param *kp,
		       const char *takes, int (*parse)(const char *value))
{
	char *line = kstrndup(value, strcspn(value, "\n"), GFP_KERNEL);
	int ret;

	if (!line)
		return -ENOMEM;
	ret = parse(line);
	if (ret) {
		pr_err("%s: parameter %s=%s: give %s\n", kp->mod->name,
		       kp->name, line, takes);
		ret = -EINVAL;
	}
	kfree(line);
	return ret;
}
EXPORT_SYMBOL_GPL(roulette_param_set);
