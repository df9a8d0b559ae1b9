// SPDX-License-Identifier: GPL-2.0
/* Counts the results of calls, and fails on results that are not allowed. */
#include <regex.h>
#include <stdarg.h>

#include "errname.h"
#include "fuzz.h"

static regex_t line_form;

void judge_init(void)
{
	if (regcomp(&line_form,
		    "^(click|bang): drew [0-9]+, odds [0-9]+/[0-9]+"
		    "(, held by (armed|times|space|interval)"
		    "|, action (none|warn|oops|bug))?\n$",
		    REG_EXTENDED | REG_NOSUB))
		abort();
}

void doing(struct thread *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(t->doing, sizeof(t->doing), format, args);
	va_end(args);
}

/* The first failure ends the run. */
void fail(struct thread *t, const char *format, ...)
{
	char what[300];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if (!__atomic_fetch_add(&board->failures, 1, __ATOMIC_RELAXED))
		snprintf(board->failure, sizeof(board->failure),
			 "thread %u.%u, operation %llu: %s: %s", t->worker,
			 t->number, (unsigned long long)t->op, t->doing, what);
	__atomic_store_n(&board->stop, 1, __ATOMIC_RELAXED);
}

static const char *const kind_names[] = {
#define K(name, good) #name,
	KIND_TABLE(K)
#undef K
};

void note(struct thread *t, enum kind kind, long ret)
{
	uint64_t *count = &board->good[kind];

	if (ret < 0)
		count = &board->bad[kind][-ret < ERRNOS ? -ret : ERRNOS - 1];
	__atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
	if (!options.verbose)
		return;
	if (ret < 0)
		dprintf(1, "%u.%u %llu %s: %s = %s\n", t->worker, t->number,
			(unsigned long long)t->op, kind_names[kind], t->doing,
			errname(-ret));
	else
		dprintf(1, "%u.%u %llu %s: %s = %ld\n", t->worker, t->number,
			(unsigned long long)t->op, kind_names[kind], t->doing,
			ret);
}

void judge_list(struct thread *t, enum kind kind, long ret,
		const struct grip *g, const int *allowed)
{
	note(t, kind, ret);
	if (ret >= 0)
		return;
	for (; *allowed; allowed++)
		if (ret == -*allowed)
			return;
	if (g) {
		/* The device may be removed at any time. */
		if (ret == -ENODEV)
			return;
		if (ret == -EBADF &&
		    (g->flags & O_PATH || (g->flags & O_ACCMODE) != O_RDWR))
			return;
		/* Another thread has changed the file of the slot. */
		if (!still(g))
			return;
	}
	fail(t, "%s returned %s", kind_names[kind], errname(-ret));
}

/* @text must be one whole line of a roulette. */
void judge_line(struct thread *t, const char *text, size_t len)
{
	char line[200];

	snprintf(line, sizeof(line), "%.*s", (int)len, text);
	if (strlen(line) != len || regexec(&line_form, line, 0, NULL, 0))
		fail(t, "not a line of a roulette: '%s'", line);
}

static bool is_colored(const char *text, const char *end)
{
	while (text < end && (text = memchr(text, '\033', end - text))) {
		text += strlen("\033[");
		text += strspn(text, "0123456789;:");
		if (*text == 'm')
			return true;
	}
	return false;
}

/* The end of a frame whose animation was replaced during the read. */
static const char frame_cut[] = "\033[0m\033[K\n\033[J";

static bool is_cut_next(int fd)
{
	char bytes[sizeof(frame_cut)];
	long ret = result(read(fd, bytes, sizeof(bytes)));

	return ret == -ENODEV || (ret == strlen(frame_cut) &&
				  !memcmp(bytes, frame_cut, ret));
}

/*
 * @text must be a frame of a parrot, whole or cut. It was read from @fd, which
 * is O_NONBLOCK.
 */
void judge_frame(struct thread *t, int fd, const char *text, size_t len)
{
	static const char home[] = "\033[H", reset[] = "\033[0m";
	static const char tail[] = "\n\033[J";
	const char *end = text + len - strlen(tail);

	if (len > strlen(frame_cut) &&
	    !memcmp(text + len - strlen(frame_cut), frame_cut,
		    strlen(frame_cut)))
		return;
	if (len < 10 || memcmp(text, home, strlen(home)) ||
	    memcmp(end, tail, strlen(tail))) {
		if (!is_cut_next(fd))
			fail(t, "not a frame: '%.*s'", len < 40 ? (int)len : 40,
			     text);
		return;
	}
	text += strlen(home);
	if (is_colored(text, end) &&
	    memcmp(end - strlen(reset), reset, strlen(reset)))
		fail(t, "the frame does not reset its colour");
	else if (memmem(text, end - text, home, strlen(home)))
		fail(t, "one read returned two frames");
	else if (memchr(text, '\f', end - text) || memchr(text, '\0', end - text))
		fail(t, "the frame has a form feed or NUL");
}
