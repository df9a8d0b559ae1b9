/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_MESSAGE_H
#define ROULETTECTL_MESSAGE_H

/**
 * enum status - exit status of roulettectl
 * @STATUS_OK: the command did what it was asked to do
 * @STATUS_FINDING: the command worked, and found something wrong
 * @STATUS_USAGE: the command line is wrong: option, name, knob or value
 * @STATUS_IMPOSSIBLE: not possible here and now: module, permission, kernel
 */
enum status {
	STATUS_OK,
	STATUS_FINDING,
	STATUS_USAGE,
	STATUS_IMPOSSIBLE,
};

enum status complain(enum status status, const char *advice,
		     const char *format, ...)
	__attribute__((format(printf, 3, 4)));
enum status complain_errno(enum status status, const char *advice,
			   const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void *need_memory(void *memory);
char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
