// SPDX-License-Identifier: GPL-2.0
/* Animations, text files, and the output of chafa. */
#include <assert.h>
#include <stdlib.h>

#include "animation/parse.h"
#include "fuzz.h"

static void parse(const char *bytes, size_t size)
{
	struct animation animation;
	struct measure measure;
	char *fault = animation_parse(&animation, bytes, size);

	if (!fault) {
		animation_measure(&measure, bytes, size);
		assert(animation.count && measure.rows);
		animation_free(&animation);
	}
	free(fault);
}

void fuzz(const char *bytes, size_t size)
{
	unsigned int width, height;
	char *output, *converted;
	size_t length;

	if (gif_size(bytes, size, &width, &height))
		assert(width && height);
	parse(bytes, size);
	converted = text_convert(bytes, size, &length);
	parse(converted, length);
	free(converted);
	output = string_of(bytes, size);
	converted = chafa_convert(output, &length);
	if (converted)
		parse(converted, length);
	free(converted);
	free(output);
}
