/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_TEXT_H
#define ROULETTECTL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct sight - the lines of a drill in a text
 * @mentioned: the id is anywhere in it
 * @announced: the line "fires in", of a hit with a delay
 * @hit: the line of the hit
 * @report: another line with the label, written by the action
 * @panicked: the message of a panic, with the label
 * @last: the line "last hit", at the end of a panic
 * @cancelled: the hit was cancelled
 * @unfired: the hit could not fire
 * @crash: a panic, an oops or a BUG, of any cause
 * @bytes: length of the text
 *
 * All but @mentioned, @crash and @bytes are lines of a device whose label begins
 * with the id.
 */
struct sight {
	bool mentioned;
	bool announced;
	bool hit;
	bool report;
	bool panicked;
	bool last;
	bool cancelled;
	bool unfired;
	bool crash;
	unsigned long long bytes;
};

#define SEARCH_LINE	4096

/**
 * struct search - a search in a text that arrives in pieces
 * @id: id of the drill
 * @sight: what was seen
 * @length: bytes in @line
 * @line: the line that is not complete
 */
struct search {
	const char *id;
	struct sight sight;
	size_t length;
	char line[SEARCH_LINE];
};

void search_begin(struct search *search, const char *id);
void search_feed(struct search *search, const char *bytes, size_t length);
void search_end(struct search *search);
bool sight_fired(const struct sight *sight);

#endif
