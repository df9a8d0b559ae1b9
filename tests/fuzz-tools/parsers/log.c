// SPDX-License-Identifier: GPL-2.0
/* The search of verify in the text of a log. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/printable.h"
#include "fuzz.h"
#include "verify/look.h"
#include "verify/text.h"

#define ID	"drill-0123abcd"

static void search_pieces(struct search *search, const char *bytes, size_t size,
			  size_t piece)
{
	search_begin(search, ID);
	while (size) {
		size_t part = size < piece ? size : piece;

		search_feed(search, bytes, part);
		bytes += part;
		size -= part;
	}
	search_end(search);
}

/* The result must not depend on the pieces in which the text arrives. */
static void compare(const struct sight *a, const struct sight *b)
{
	assert(a->bytes == b->bytes);
	assert(a->mentioned == b->mentioned && a->crash == b->crash);
	assert(a->announced == b->announced && a->hit == b->hit);
	assert(a->report == b->report && a->panicked == b->panicked);
	assert(a->last == b->last && a->cancelled == b->cancelled);
	assert(a->unfired == b->unfired);
}

static void fuzz_printable(const char *bytes, size_t size)
{
	char *string = string_of(bytes, size);
	char *once = printable(string), *twice = printable(once);

	assert(!strcmp(once, twice));
	free(string);
	free(once);
	free(twice);
}

void fuzz(const char *bytes, size_t size)
{
	static struct search whole, pieces;
	struct sight sum = {};
	size_t piece;

	if (!size)
		return;
	piece = (unsigned char)*bytes + 1;
	search_pieces(&whole, bytes + 1, size - 1, size);
	search_pieces(&pieces, bytes + 1, size - 1, piece);
	compare(&whole.sight, &pieces.sight);
	sight_add(&sum, &whole.sight);
	compare(&sum, &whole.sight);
	fuzz_printable(bytes, size);
}
