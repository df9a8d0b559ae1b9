// SPDX-License-Identifier: GPL-2.0
/*
 * The rows of a frame. A frame is drawn over the previous frame, so each row
 * erases the rest of its line. Terminals erase with the current background, and
 * some with inverse colours. So both are off during the erase.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/mm.h>
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

/* Length of the first @count parameters at @text, or of all if fewer exist. */
static size_t parrot_params_len(const char *text, size_t len,
				unsigned int count)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] == ';' && --count == 0)
			break;
	}
	return i;
}

/* The number at the start of @text, limited to 1000, which is no code. */
static u32 parrot_param_value(const char *text, size_t len)
{
	u32 value = 0;
	size_t i;

	for (i = 0; i < len && isdigit(text[i]); i++)
		value = min(value * 10 + text[i] - '0', 1000U);
	return value;
}

/* Length of code 38, 48 or 58 with the parameters after it: 5;N or 2;R;G;B. */
static size_t parrot_color_params_len(const char *text, size_t len)
{
	size_t code = min(parrot_params_len(text, len, 1) + 1, len);
	u32 form = parrot_param_value(text + code, len - code);

	return parrot_params_len(text, len, form == 2 ? 5 : form == 5 ? 3 : 2);
}

/* Applies the parameters of a colour sequence to @pen. */
static void parrot_pen_set(struct parrot_pen *pen, const char *text, size_t len)
{
	size_t i, size;

	/* An empty text is one empty parameter, which means 0. */
	for (i = 0; i <= len; i += size + 1) {
		u32 code = parrot_param_value(text + i, len - i);
		bool colons;

		size = parrot_params_len(text + i, len - i, 1);
		/* 48:5:N is one parameter with the whole colour. */
		colons = memchr(text + i, ':', size);
		if (!colons && (code == 38 || code == 48 || code == 58))
			size = parrot_color_params_len(text + i, len - i);
		if (colons && code != 48)
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
 * parrot_begin_frame() - add what precedes the picture of a frame
 * @out: output buffer, at the beginning of a page
 *
 * Adds PARROT_HOME, so that a read of a frame without a colour copies both at
 * once.
 *
 * Context: Any context.
 *
 * Return: offset at which the picture starts.
 */
u64 parrot_begin_frame(struct parrot_out *out)
{
	parrot_put_text(out, PARROT_HOME);
	out->gaps += strlen(PARROT_HOME);
	return out->len;
}

/**
 * parrot_put_row() - add a row to a frame
 * @out: output buffer
 * @pen: attributes at the end of the previous row, or 0 before the first row;
 *	set to the attributes at the end of this row
 * @row: the row, without its newline, as parrot_check_line() allows it
 * @len: bytes in @row
 * @first: the row is the first of the frame
 *
 * A newline is added before each row except the first. The bytes after the last
 * row depend on the reader.
 *
 * Context: Any context.
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

/**
 * parrot_end_frame() - complete a frame, so that the next one begins a page
 * @out: output buffer
 *
 * Adds PARROT_TAIL_COLORED after the picture, so that a read of a coloured frame
 * copies both at once. A further piece would add 9 % to the read.
 *
 * Context: Any context.
 */
void parrot_end_frame(struct parrot_out *out)
{
	u64 end = out->len;

	parrot_put_text(out, PARROT_TAIL_COLORED);
	out->len = PAGE_ALIGN(out->len);
	out->gaps += out->len - end;
}
