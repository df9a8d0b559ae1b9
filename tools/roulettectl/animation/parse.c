// SPDX-License-Identifier: GPL-2.0
/* Parses animations by the parser of the kernel module. */
#include <linux/err.h>
#include <stdlib.h>

/* The kernel's, of devices/parrot. */
#include "animation.h"
#include "common/message.h"
#include "parse.h"

/* The kernel's pages.c. Here nobody refers to single pages. */
bool parrot_pages_alloc(struct parrot_animation *anim, size_t size)
{
	anim->data = malloc(size);
	return anim->data;
}

void parrot_pages_put(struct parrot_animation *anim)
{
	free(anim->data);
}

/**
 * animation_parse() - parse an animation file
 * @animation: receives the frames; the caller must call animation_free(). It is
 *	unchanged if the file is invalid
 * @bytes: content of the file
 * @size: bytes in @bytes
 *
 * Return: NULL; or the reason why the kernel refuses this file, which the
 * caller must free.
 */
char *animation_parse(struct animation *animation, const char *bytes,
		      size_t size)
{
	struct parrot_animation *parsed;
	struct parrot_fault fault;
	size_t i;

	if (size > PARROT_SIZE_MAX)
		return text("larger than 4 MiB");
	parsed = parrot_animation_parse("", bytes, size, &fault);
	if (IS_ERR(parsed) && PTR_ERR(parsed) == -ENOMEM)
		need_memory(NULL);
	if (IS_ERR(parsed))
		return fault.line ? text("line %u: %s", fault.line, fault.what) :
				    text("%s", fault.what);
	animation->parsed = parsed;
	animation->count = parsed->count;
	animation->frames = need_memory(calloc(parsed->count,
					       sizeof(*animation->frames)));
	for (i = 0; i < parsed->count; i++) {
		const struct parrot_frame *frame = parsed->frames + i;

		animation->frames[i].rows = parsed->data + frame->start;
		animation->frames[i].length = frame->len;
		animation->frames[i].color = frame->color;
	}
	return NULL;
}

/**
 * animation_free() - free the frames of an animation
 * @animation: the animation
 */
void animation_free(struct animation *animation)
{
	free(animation->frames);
	parrot_animation_put(animation->parsed);
}
