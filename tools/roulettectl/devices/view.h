/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_VIEW_H
#define ROULETTECTL_VIEW_H

#include <stddef.h>

struct look;

/**
 * struct view - the devices, and how their counters change
 * @count: number of names in the command line; 0 means all devices
 * @chosen: the names in the command line
 */
struct view {
	int count;
	char **chosen;
	/* private: */
	struct look *looks;
	size_t looks_count;
	size_t cursor;
};

void view_begin(struct view *view, int count, char **chosen);
void view_update(struct view *view);
char *view_text(const struct view *view);
void view_end(struct view *view);

#endif
