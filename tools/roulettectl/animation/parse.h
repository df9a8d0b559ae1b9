/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The contents of animations. All functions here work on memory only, so that a
 * fuzzer can call them.
 */
#ifndef ROULETTECTL_ANIMATION_PARSE_H
#define ROULETTECTL_ANIMATION_PARSE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct frame - a frame as a parrot sends it, between cursor home and tail
 * @rows: rows, each with an erase to the end of the line
 * @length: bytes in @rows
 * @color: @rows change the colour
 */
struct frame {
	const char *rows;
	size_t length;
	bool color;
};

/**
 * struct animation - the frames of an animation
 * @count: number of frames
 * @frames: the frames
 */
struct animation {
	size_t count;
	struct frame *frames;
	/* private: */
	struct parrot_animation *parsed;
};

/**
 * struct measure - size and colours of an animation
 * @columns: columns of the widest row
 * @rows: rows of the highest frame
 * @colors: the colours that it uses: none, 16, 256 or full
 */
struct measure {
	unsigned int columns;
	unsigned int rows;
	const char *colors;
};

/* parse.c */
char *animation_parse(struct animation *animation, const char *bytes,
		      size_t size);
void animation_free(struct animation *animation);

/* measure.c */
void animation_measure(struct measure *measure, const char *bytes,
		       size_t size);

/* convert.c */
char *text_convert(const char *bytes, size_t size, size_t *length);
bool gif_size(const char *bytes, size_t size, unsigned int *width,
	      unsigned int *height);
char *chafa_convert(const char *output, size_t *length);

#endif
