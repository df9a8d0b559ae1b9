// SPDX-License-Identifier: GPL-2.0
/* Animations seen from behind. */
#include <linux/err.h>
#include <linux/string.h>

#include "animation.h"

/* Characters that have a mirror image among the others. */
static char parrot_mirror_char(char c)
{
	static const char pairs[] = "/\\()[]{}<>";
	const char *found = strchr(pairs, c);

	return found ? pairs[(found - pairs) ^ 1] : c;
}

/* Return: where the mirrored frame ends. */
static char *parrot_mirror_frame(const struct parrot_animation *anim,
				 const struct parrot_frame *frame, char *to)
{
	const char *row = anim->data + frame->start;
	const char *end = row + frame->len;

	for (;;) {
		/* Where all is plain, this is the row's end. */
		const char *eol = memchr(row, '\033', end - row);
		size_t blank = anim->width - (eol - row);
		const char *from;

		memset(to, ' ', blank);
		to += blank;
		for (from = eol; from > row; from--)
			*to++ = parrot_mirror_char(from[-1]);
		memcpy(to, PARROT_ROW_END, strlen(PARROT_ROW_END));
		to += strlen(PARROT_ROW_END);
		row = eol + strlen(PARROT_ROW_END);
		if (row == end)
			return to;
		*to++ = *row++;
	}
}

/**
 * parrot_animation_mirror() - the same animation seen from behind
 * @anim: the animation
 * @fault: filled for -EINVAL
 *
 * Every row is as wide as the widest of the animation, so that the picture
 * stays where it is. May sleep.
 *
 * Return: an animation with one reference; -EINVAL if @anim is not plain, or
 * would grow beyond PARROT_SHOWN_MAX; -ENOMEM.
 */
struct parrot_animation *
parrot_animation_mirror(const struct parrot_animation *anim,
			struct parrot_fault *fault)
{
	const u64 row = anim->width + strlen(PARROT_ROW_END "\n");
	/* The last newline of a frame is none of the animation's. */
	const u64 size = row * anim->lines - anim->count;
	struct parrot_animation *mirror;
	char *to;
	u32 i;

	if (anim->unplain.line) {
		*fault = anim->unplain;
		return ERR_PTR(-EINVAL);
	}
	if (size > PARROT_SHOWN_MAX) {
		fault->line = 0;
		parrot_fault_set(fault, "larger than 16 MiB with flip 1");
		return ERR_PTR(-EINVAL);
	}
	mirror = parrot_animation_alloc(anim->name, anim->count, size);
	if (!mirror)
		return ERR_PTR(-ENOMEM);
	mirror->width = anim->width;
	mirror->lines = anim->lines;
	mirror->count = anim->count;
	to = mirror->data;
	for (i = 0; i < anim->count; i++) {
		char *start = to;

		to = parrot_mirror_frame(anim, &anim->frames[i], to);
		mirror->frames[i].start = start - mirror->data;
		mirror->frames[i].len = to - start;
	}
	return mirror;
}
