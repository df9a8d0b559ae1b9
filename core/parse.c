// SPDX-License-Identifier: GPL-2.0
/* Parsers and checks that knobs and module parameters share. */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/moduleparam.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "roulette.h"

/**
 * roulette_parse_u64() - parse a plain decimal number
 * @digits: the text, which need not end with NUL
 * @len: length of @digits
 * @min: smallest valid value
 * @max: largest valid value
 * @val: the result; unchanged on an error
 *
 * All characters must be digits. Leading zeros are valid. The characters are
 * checked before the range: a number above @max gives -EINVAL if a letter
 * follows.
 *
 * Context: Any context.
 *
 * Return: 0; -EINVAL if @digits is not a number; -ERANGE if the number is not
 * in the range from @min to @max.
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
 * roulette_name_valid() - check the name of a device, type or animation
 * @name: the name
 *
 * A valid name has 1 to ROULETTE_NAME_MAX characters of A-Z a-z 0-9 . _ - and
 * begins with a letter or digit. It is safe as a file name under /dev, /sys and
 * /lib/firmware.
 *
 * Context: Any context.
 *
 * Return: true if @name is valid.
 */
bool roulette_name_valid(const char *name)
{
	size_t i;

	/* isalnum() alone also accepts Latin-1 letters. */
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
 * roulette_param_set() - parse and set a module parameter
 * @value: the text from user space
 * @kp: the parameter
 * @takes: description of the valid values, for the log
 * @parse: stores the value of the text, which has no newline; returns 0 or a
 *	negative errno
 *
 * If @parse fails, a log line contains the parameter and @takes. Every error of
 * @parse becomes -EINVAL, so that loading a module fails with the same errno
 * for all invalid values.
 *
 * Context: Process context. May sleep.
 *
 * Return: 0, -EINVAL or -ENOMEM.
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
		pr_err("%s: parameter %s=%s: must be %s\n", kp->mod->name,
		       kp->name, line, takes);
		ret = -EINVAL;
	}
	kfree(line);
	return ret;
}
EXPORT_SYMBOL_GPL(roulette_param_set);
