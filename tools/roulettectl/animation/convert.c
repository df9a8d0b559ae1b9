// SPDX-License-Identifier: GPL-2.0
/* Converts text files, and the output of chafa, to the format of animations. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/message.h"
#include "parse.h"

/**
 * text_convert() - convert a text file to frames
 * @bytes: content of the file
 * @size: bytes in @bytes
 * @length: receives the bytes of the result
 *
 * Removes a byte-order mark of UTF-8, and each CR before LF. Adds the last LF.
 * Lines keep their numbers.
 *
 * Return: the frames, which the caller must free. They are not checked.
 */
char *text_convert(const char *bytes, size_t size, size_t *length)
{
	char *frames = need_memory(malloc(size + 2));
	size_t i = 0, to = 0;

	if (size >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
		i = 3;
	for (; i < size; i++)
		if (bytes[i] != '\r' || i + 1 == size || bytes[i + 1] != '\n')
			frames[to++] = bytes[i];
	if (to && frames[to - 1] != '\n')
		frames[to++] = '\n';
	frames[to] = '\0';
	*length = to;
	return frames;
}

/**
 * gif_size() - get the size of a GIF
 * @bytes: content of the file
 * @size: bytes in @bytes
 * @width: receives the width in pixels, at least 1
 * @height: receives the height in pixels, at least 1
 *
 * Return: false if the file is not a GIF.
 */
bool gif_size(const char *bytes, size_t size, unsigned int *width,
	      unsigned int *height)
{
	const unsigned char *gif = (const unsigned char *)bytes;

	if (size < 10 || (memcmp(bytes, "GIF87a", 6) &&
			  memcmp(bytes, "GIF89a", 6)))
		return false;
	*width = gif[6] | gif[7] << 8;
	*height = gif[8] | gif[9] << 8;
	if (!*width)
		*width = 1;
	if (!*height)
		*height = 1;
	return true;
}

/**
 * struct splitter - the frames that were found in the output of chafa
 * @frames: all frames
 * @to: end of the frames
 * @start: start of the last frame
 * @drawn: the last frame contains characters
 */
struct splitter {
	char *frames;
	char *to;
	char *start;
	bool drawn;
};

static void put(struct splitter *splitter, const char *bytes, size_t size)
{
	memcpy(splitter->to, bytes, size);
	splitter->to += size;
}

/* Ends the last frame with one newline. Drops it if nothing is drawn. */
static void end_frame(struct splitter *splitter)
{
	if (!splitter->drawn) {
		splitter->to = splitter->start;
		return;
	}
	while (splitter->to[-1] == '\n')
		splitter->to--;
	put(splitter, "\n\f\n", 3);
	splitter->start = splitter->to;
	splitter->drawn = false;
}

/*
 * Return: the length of the escape sequence, or 0 if chafa should not print
 * this one.
 */
static size_t take_escape(struct splitter *splitter, const char *escape)
{
	size_t length = strlen("\033[");

	if (escape[1] == 'D')
		return strlen("\033D");
	if (escape[1] != '[')
		return 0;
	length += strspn(escape + length, "0123456789;:?");
	switch (escape[length]) {
	case 'm':
		put(splitter, escape, length + 1);
		break;
	case 'A':
	case 'H':
	case 'u':
		end_frame(splitter);
		break;
	case 'J':
	case 'h':
	case 'l':
	case 's':
		break;
	default:
		return 0;
	}
	return length + 1;
}

/**
 * chafa_convert() - convert the output of chafa to frames
 * @output: the output, with a NUL at its end
 * @length: receives the bytes of the result, 0 if there is no frame
 *
 * chafa has no mark between the frames of a GIF. It only moves the cursor back,
 * with option --clear by ESC [ 0 H. Without it, 1.6 and 1.12 print CR and
 * ESC [ rows A. 1.14 and 1.18 save the cursor (ESC [ s) and restore it
 * (ESC [ u). Before the first frame, these two make room by ESC D and ESC [ A.
 * 1.18 prints no newline after the last row of a frame. Versions from 1.14 also
 * hide the cursor (ESC [ ? 25 l). So any of A, H and u begins a frame if
 * characters were drawn before it.
 *
 * Return: the frames, which the caller must free; NULL if the output contains
 * another escape sequence.
 */
char *chafa_convert(const char *output, size_t *length)
{
	struct splitter splitter = {};

	/* A frame grows by 3 bytes, and has an ESC [ A and a character. */
	splitter.frames = need_memory(malloc(strlen(output) + 4));
	splitter.to = splitter.frames;
	splitter.start = splitter.frames;
	while (*output) {
		size_t step = 1;

		if (*output == '\033') {
			step = take_escape(&splitter, output);
			if (!step) {
				free(splitter.frames);
				return NULL;
			}
		} else if (*output != '\r') {
			put(&splitter, output, 1);
			splitter.drawn |= *output != '\n';
		}
		output += step;
	}
	end_frame(&splitter);
	/* No separator follows the last frame. */
	if (splitter.to > splitter.frames)
		splitter.to -= 2;
	*splitter.to = '\0';
	*length = splitter.to - splitter.frames;
	return splitter.frames;
}
