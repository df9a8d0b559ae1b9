// SPDX-License-Identifier: GPL-2.0
/*
 * gif: write an animated GIF to the standard output.
 *
 *	gif WIDTH HEIGHT DELAY RRGGBB|noise...
 *
 * Each colour gives a frame of WIDTH x HEIGHT pixels, shown for DELAY/100 s. A
 * white bar at the left grows: in the last frame it has half the width. noise
 * gives a frame of random black and white pixels.
 *
 * The image data are not compressed. Codes of 8 bits are bytes. A clear code
 * before the table has 256 entries keeps the codes at 8 bits.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE_BITS	7
#define CLEAR		128
#define END		129
#define RUN		120	/* pixels after a clear code */

static unsigned char block[256];

static void put_short(unsigned int value)
{
	putchar(value & 0xff);
	putchar(value >> 8);
}

static void flush_block(void)
{
	if (block[0])
		fwrite(block, 1, block[0] + 1, stdout);
	block[0] = 0;
}

static void put_code(unsigned char code)
{
	block[++block[0]] = code;
	if (block[0] == 255)
		flush_block();
}

static void put_frame(unsigned int width, unsigned int height,
		      unsigned int delay, const char *name, unsigned int bar)
{
	bool noise = !strcmp(name, "noise");
	unsigned long color = noise ? 0 : strtoul(name, NULL, 16);
	unsigned int pixel;

	/* Graphic control extension. */
	fwrite("\x21\xf9\x04\x04", 1, 4, stdout);
	put_short(delay);
	put_short(0);
	/* Image with a colour table of 2 entries. */
	putchar(0x2c);
	put_short(0);
	put_short(0);
	put_short(width);
	put_short(height);
	putchar(0x80);
	printf("%c%c%c\xff\xff\xff", (int)(color >> 16),
	       (int)(color >> 8 & 0xff), (int)(color & 0xff));
	putchar(CODE_BITS);
	for (pixel = 0; pixel < width * height; pixel++) {
		if (pixel % RUN == 0)
			put_code(CLEAR);
		put_code(noise ? random() & 1 : pixel % width < bar);
	}
	put_code(END);
	flush_block();
	putchar(0);
}

int main(int argc, char **argv)
{
	unsigned int width, height, delay;
	int i;

	if (argc < 5) {
		fputs("Usage: gif WIDTH HEIGHT DELAY RRGGBB|noise...\n", stderr);
		return 2;
	}
	width = atoi(argv[1]);
	height = atoi(argv[2]);
	delay = atoi(argv[3]);
	fputs("GIF89a", stdout);
	put_short(width);
	put_short(height);
	fwrite("\x00\x00\x00", 1, 3, stdout);
	for (i = 4; i < argc; i++)
		put_frame(width, height, delay, argv[i],
			  width * (i - 3) / (argc - 4) / 2);
	putchar(0x3b);
	return fflush(stdout) || ferror(stdout);
}
