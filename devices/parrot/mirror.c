// SPDX-License-Identifier: GPL-2.0
/* Mirror images of animations. */
#include <linux/err.h>
#include <linux/string.h>

#include "animation.h"

/* Returns the mirror image of @c, or @c if ASCII has no mirror image. */
static char parrot_mirror_char(char c)
{
	static const char pairs[] = "/\\()[]{}<>";
	const char *found = strchr(pairs, c);

	return found ? pairs[(found - pairs) ^ 1] : c;
}

/* Writes the mirror image of @frame at @to. Return: the end of the output. */
static char *parrot_mirror_frame(const struct parrot_animation *anim,
				 const struct parrot_frame *frame, char *to)
{
	const char *row = anim->data + frame->start;
	const char *end = row + frame->len;

	for (;;) {
		/* In plain ASCII the first ESC is that of PARROT_ROW_END. */
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
 * parrot_animation_mirror() - create the mirror image of an animation
 * @anim: the animation
 * @fault: the reason for -EINVAL
 *
 * Every row is padded to the width of the widest row of the animation, so that
 * the picture does not move.
 *
 * Context: Process context. May sleep.
 *
 * Return: an animation with one reference; -EINVAL if @anim is not plain ASCII,
 * or its mirror image is larger than PARROT_SHOWN_MAX; -ENOMEM.
 */
struct parrot_animation *
parrot_animation_mirror(const struct parrot_animation *anim,
			struct parrot_fault *fault)
{
	const u64 row = anim->width + strlen(PARROT_ROW_END "\n");
	struct parrot_animation *mirror;
	struct parrot_out out = {};
	u32 i;

	if (anim->not_ascii.line) {
		*fault = anim->not_ascii;
		return ERR_PTR(-EINVAL);
	}
	for (i = 0; i < anim->count; i++) {
		parrot_begin_frame(&out);
		/* There is no newline after the last row. */
		out.len += row * anim->frames[i].rows - strlen("\n");
		parrot_end_frame(&out);
	}
	if (out.len - out.gaps > PARROT_SHOWN_MAX) {
		fault->line = 0;
		parrot_fault_set(fault, "larger than 16 MiB with flip 1");
		return ERR_PTR(-EINVAL);
	}
	mirror = parrot_animation_alloc(anim->name, anim->count, out.len);
	if (!mirror)
		return ERR_PTR(-ENOMEM);
	mirror->width = anim->width;
	mirror->count = anim->count;
	out = (struct parrot_out){ .data = mirror->data };
	for (i = 0; i < anim->count; i++) {
		struct parrot_frame *frame = &mirror->frames[i];
		char *from, *end;

		frame->start = parrot_begin_frame(&out);
		from = out.data + frame->start;
		end = parrot_mirror_frame(anim, &anim->frames[i], from);
		frame->len = end - from;
		frame->rows = anim->frames[i].rows;
		out.len += frame->len;
		parrot_end_frame(&out);
	}
	return mirror;
}
