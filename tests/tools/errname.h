/* SPDX-License-Identifier: GPL-2.0 */
/* Names of errnos, and results of calls as text that tests compare. */
#ifndef ERRNAME_H
#define ERRNAME_H

#include <errno.h>
#include <stdio.h>

/* strerrorname_np() requires glibc 2.32. Debian 11 has an older glibc. */
static inline const char *errname(int err)
{
	static const struct {
		int err;
		const char *name;
	} names[] = {
#define E(e) { e, #e }
		E(EPERM), E(ENOENT), E(EINTR), E(EIO), E(ENXIO), E(E2BIG),
		E(EBADF), E(EAGAIN), E(ENOMEM), E(EACCES), E(EFAULT), E(EBUSY),
		E(EEXIST), E(ENODEV), E(ENOTDIR), E(EISDIR), E(EINVAL),
		E(ENFILE), E(EMFILE), E(ENOTTY), E(EFBIG), E(ENOSPC),
		E(ESPIPE), E(EROFS), E(EPIPE), E(EDOM), E(ERANGE),
		E(ENAMETOOLONG), E(ENOTEMPTY), E(ELOOP),
		E(EOVERFLOW), E(EILSEQ), E(EOPNOTSUPP), E(ETIMEDOUT),
		E(ECANCELED), E(EALREADY), E(EDEADLK), E(EXDEV), E(ENODATA),
#undef E
	};
	static char number[24];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].err == err)
			return names[i].name;
	snprintf(number, sizeof(number), "errno%d", err);
	return number;
}

/* Return: @ret, or the negative errno if @ret is negative. */
static inline long result(long ret)
{
	return ret < 0 ? -errno : ret;
}

/* Return: the result as text: a number, or the name of the errno. */
static inline const char *said(long result)
{
	static __thread char text[24];

	if (result < 0)
		return errname(-result);
	snprintf(text, sizeof(text), "%ld", result);
	return text;
}

#endif
