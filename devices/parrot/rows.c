// SPDX-License-Identifier: GPL-2.0
/*
 * The rows of a frame. A frame is drawn over the one before it, so each row
 * erases what is right of it. A terminal erases with the background that is
 * set, some also inverse, so both are off meanwhile.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "animation.h"

static void parrot_put(struct parrot_out *out, const char *bytes, size_t len)
{
	if (out->data)
		memcpy(out->data + out->len, bytes, len);
	out->len += len;
}

static void parrot_put_text(struct parrot_out *out, const char *text)
{
	parrot_put(out, text, strlen(text));
}

/* Length of the first @count parameters at @text, or of all if fewer. */
static size_t parrot_params(const char *text, size_t len, unsigned int count)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] == ';' && --count == 0)
			break;
	}
	return i;
}

/* The number that @text begins with; above all codes if it is large. */
static u32 parrot_param(const char *text, size_t len)
{
	u32 value = 0;
	size_t i;

	for (i = 0; i < len && isdigit(text[i]); i++)
		value = min(value * 10 + text[i] - '0', 1000U);
	return value;
}

/* 38, 48 and 58 take more parameters: 5;N or 2;R;G;B. */
static size_t parrot_color_params(const char *text, size_t len)
{
	size_t code = min(parrot_params(text, len, 1) + 1, len);
	u32 form = parrot_param(text + code, len - code);

	return parrot_params(text, len, form == 2 ? 5 : form == 5 ? 3 : 2);
}

/* Follows a colour sequence, by its parameters. */
static void parrot_pen_set(struct parrot_pen *pen, const char *text, size_t len)
{
	size_t i, size;

	/* No parameter at all is one that is empty, a 0. */
	for (i = 0; i <= len; i += size + 1) {
		u32 code = parrot_param(text + i, len - i);
		bool whole;

		size = parrot_params(text + i, len - i, 1);
		/* As in 48:5:N, in one parameter. */
		whole = memchr(text + i, ':', size);
		if (!whole && (code == 38 || code == 48 || code == 58))
			size = parrot_color_params(text + i, len - i);
		if (whole && code != 48)
			continue;
		switch (code) {
		case 0:
			memset(pen, 0, sizeof(*pen));
			break;
		case 7:
			pen->inverse = true;
			break;
		case 27:
			pen->inverse = false;
			break;
		case 40 ... 48:
		case 100 ... 107:
			pen->background = text + i;
			pen->background_len = size;
			break;
		case 49:
			pen->background_len = 0;
			break;
		}
	}
}

/**
 * parrot_put_row() - add a row to a frame
 * @out: where to
 * @pen: what is set at the end of the row before, all 0 at a frame's begin;
 *	changed to what is set at the end of this one
 * @row: the row, without its newline, as parrot_check_line() allows it
 * @len: bytes in @row
 * @first: it is the frame's first row
 *
 * A row begins with the newline of the one before, so a frame ends without
 * one: what follows its last row depends on the reader. Any context.
 */
void parrot_put_row(struct parrot_out *out, struct parrot_pen *pen,
		    const char *row, size_t len, bool first)
{
	const char *escape = row, *end = row + len;

	if (!first) {
		parrot_put_text(out, "\n");
		if (pen->background_len) {
			parrot_put_text(out, "\033[");
			parrot_put(out, pen->background, pen->background_len);
			parrot_put_text(out, "m");
		}
		if (pen->inverse)
			parrot_put_text(out, "\033[7m");
	}
	parrot_put(out, row, len);
	while ((escape = memchr(escape, '\033', end - escape))) {
		size_t size = parrot_color_sequence((const u8 *)escape,
						    end - escape);

		parrot_pen_set(pen, escape + strlen("\033["),
			       size - strlen("\033[m"));
		escape += size;
	}
	if (pen->inverse)
		parrot_put_text(out, "\033[27m");
	if (pen->background_len)
		parrot_put_text(out, "\033[49m");
	parrot_put_text(out, PARROT_ROW_END);
}
