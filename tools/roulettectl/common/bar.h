/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_BAR_H
#define ROULETTECTL_BAR_H

#include <stdbool.h>
#include <stdio.h>

/**
 * struct bar - a progress bar, if the standard error is a terminal
 * @start: time of bar_begin()
 * @next: time of the next drawing
 * @enabled: the standard error is a terminal
 * @stream: the standard output if it is a terminal too, else the standard error
 * @drawn: the bar is visible
 */
struct bar {
	double start;
	double next;
	bool enabled;
	FILE *stream;
	bool drawn;
};

void bar_begin(struct bar *bar);
int bar_timeout(const struct bar *bar);
void bar_draw(struct bar *bar, double part, const char *words);
void bar_make_room(struct bar *bar);
void bar_end(struct bar *bar);

#endif
