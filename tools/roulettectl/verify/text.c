// SPDX-License-Identifier: GPL-2.0
/*
 * Searches the text of a log for a drill. These functions read only memory, and
 * accept any bytes.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <string.h>

#include "text.h"

/* A line that is too long is searched in pieces, which overlap by this. */
#define OVERLAP		512

static bool has(const char *line, size_t length, const char *word)
{
	return memmem(line, length, word, strlen(word));
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_';
}

/* Finds the id as a whole word, with the text @before in front of it. */
static bool has_id(const char *line, size_t length, const char *before,
		   const char *id)
{
	const char *end = line + length, *at = line;
	size_t size = strlen(id);

	while ((at = memmem(at, end - at, id, size))) {
		size_t lead = strlen(before);

		if ((at + size == end || !is_word(at[size])) &&
		    (size_t)(at - line) >= lead &&
		    !memcmp(at - lead, before, lead) &&
		    (lead || at == line || !is_word(at[-1])))
			return true;
		at++;
	}
	return false;
}

static void search_line(struct search *search, const char *line, size_t length)
{
	struct sight *sight = &search->sight;

	if (has(line, length, "Kernel panic") || has(line, length, "Oops") ||
	    has(line, length, "BUG:") || has(line, length, "kernel BUG at") ||
	    has(line, length, "Panic#"))
		sight->crash = true;
	if (!has_id(line, length, "", search->id))
		return;
	sight->mentioned = true;
	/* The command line of a program may have the id; a label has this form. */
	if (!has_id(line, length, "label \"", search->id))
		return;
	if (has(line, length, " is cancelled, "))
		sight->cancelled = true;
	else if (has(line, length, "could not fire"))
		sight->unfired = true;
	else if (has(line, length, " fires in "))
		sight->announced = true;
	else if (has(line, length, "last hit "))
		sight->last = true;
	else if (has(line, length, "Kernel panic"))
		sight->panicked = true;
	else if (has(line, length, "bang: "))
		sight->hit = true;
	else
		sight->report = true;
}

/**
 * search_begin() - begin to search a text
 * @search: the search
 * @id: id of the drill
 */
void search_begin(struct search *search, const char *id)
{
	search->id = id;
	search->sight = (struct sight){};
	search->length = 0;
}

/**
 * search_feed() - search the next piece of the text
 * @search: the search
 * @bytes: the piece, of any content
 * @length: its length
 */
void search_feed(struct search *search, const char *bytes, size_t length)
{
	search->sight.bytes += length;
	while (length) {
		size_t room = SEARCH_LINE - search->length;
		size_t part = length < room ? length : room;
		const char *newline = memchr(bytes, '\n', part);

		if (newline)
			part = newline - bytes;
		memcpy(search->line + search->length, bytes, part);
		search->length += part;
		bytes += part;
		length -= part;
		if (newline) {
			search_line(search, search->line, search->length);
			search->length = 0;
			bytes++;
			length--;
		} else if (search->length == SEARCH_LINE) {
			search_line(search, search->line, search->length);
			memmove(search->line,
				search->line + SEARCH_LINE - OVERLAP, OVERLAP);
			search->length = OVERLAP;
		}
	}
}

/**
 * search_end() - end a search; its sight is then complete
 * @search: the search
 */
void search_end(struct search *search)
{
	search_line(search, search->line, search->length);
	search->length = 0;
}

/**
 * sight_fired() - check whether a text has a line of a hit that fired
 * @sight: what was seen in the text
 *
 * Return: true if it has one.
 */
bool sight_fired(const struct sight *sight)
{
	return sight->hit || sight->report || sight->panicked || sight->last;
}
