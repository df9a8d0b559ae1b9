// SPDX-License-Identifier: GPL-2.0
/* Measures the size of an animation in cells, and finds its colours. */
#define _GNU_SOURCE
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "parse.h"

/* In ascending order. */
enum { NO_COLORS, COLORS_16, COLORS_256, COLORS_FULL };

static const char *const names[] = { "none", "16", "256", "full" };

/* Return: the colours that the parameters of a sequence need, up to its m. */
static int sequence_colors(const char *parameter)
{
	int colors = NO_COLORS;

	for (;;) {
		char *end;
		unsigned long code = strtoul(parameter, &end, 10);
		int found = NO_COLORS;

		if ((code >= 30 && code <= 37) || (code >= 40 && code <= 47) ||
		    (code >= 90 && code <= 97) || (code >= 100 && code <= 107))
			found = COLORS_16;
		if ((code == 38 || code == 48) && *end != 'm') {
			/* 5;N or 2;R;G;B, or the same with colons. */
			if (end[1] == '2')
				return COLORS_FULL;
			found = COLORS_256;
			strtoul(end + 1, &end, 10);
			if (*end != 'm')
				strtoul(end + 1, &end, 10);
		}
		if (found > colors)
			colors = found;
		if (*end == 'm')
			return colors;
		parameter = end + 1;
	}
}

/* Return: the columns of a valid line; its colours are added to *@colors. */
static unsigned int line_columns(const char *line, const char *end, int *colors)
{
	unsigned int columns = 0;

	while (line < end) {
		mbstate_t state = {};
		wchar_t character;
		size_t bytes;
		int width;

		if (*line == '\033') {
			int found = sequence_colors(line + strlen("\033["));

			if (found > *colors)
				*colors = found;
			line = (char *)memchr(line, 'm', end - line) + 1;
			continue;
		}
		bytes = mbrtowc(&character, line, end - line, &state);
		if (!bytes || bytes > (size_t)(end - line)) {
			/* Only without a locale for UTF-8. */
			columns++;
			line++;
			continue;
		}
		width = wcwidth(character);
		columns += width < 0 ? 1 : width;
		line += bytes;
	}
	return columns;
}

static void measure_lines(struct measure *measure, const char *bytes,
			  size_t size)
{
	const char *end = bytes + size;
	unsigned int rows = 0;
	int colors = NO_COLORS;

	while (bytes < end) {
		const char *newline = memchr(bytes, '\n', end - bytes);
		const char *stop = newline ? newline : end;

		if (stop - bytes == 1 && *bytes == '\f') {
			rows = 0;
		} else {
			unsigned int columns = line_columns(bytes, stop,
							    &colors);

			if (columns > measure->columns)
				measure->columns = columns;
			if (++rows > measure->rows)
				measure->rows = rows;
		}
		bytes = stop + 1;
	}
	measure->colors = names[colors];
}

/**
 * animation_measure() - find size and colours of a valid animation
 * @measure: receives the result
 * @bytes: content of a file that animation_parse() accepts
 * @size: bytes in @bytes
 */
void animation_measure(struct measure *measure, const char *bytes, size_t size)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	locale_t old = locale ? uselocale(locale) : NULL;

	*measure = (struct measure){};
	measure_lines(measure, bytes, size);
	if (locale) {
		uselocale(old);
		freelocale(locale);
	}
}
