// SPDX-License-Identifier: GPL-2.0
/* Allocation of animations, and the parser that creates them from a text. */
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "animation.h"

/**
 * parrot_animation_release() - free an animation without references
 * @ref: &parrot_animation.ref of the animation
 *
 * Context: Process context. May sleep.
 */
void parrot_animation_release(struct kref *ref)
{
	struct parrot_animation *anim =
		container_of(ref, struct parrot_animation, ref);

	parrot_pages_put(anim);
	kvfree(anim);
}

/**
 * parrot_animation_alloc() - allocate an animation for the caller to fill
 * @name: name of the animation
 * @count: number of frames
 * @size: number of bytes of all frames, with the gaps between them
 *
 * Context: Process context. May sleep.
 *
 * Return: an animation with one reference, or NULL.
 */
struct parrot_animation *parrot_animation_alloc(const char *name, u32 count,
						size_t size)
{
	struct parrot_animation *anim;

	anim = kvzalloc(struct_size(anim, frames, count), GFP_KERNEL);
	if (!anim)
		return NULL;
	kref_init(&anim->ref);
	if (!parrot_pages_alloc(anim, size)) {
		parrot_animation_put(anim);
		return NULL;
	}
	strscpy(anim->name, name, sizeof(anim->name));
	return anim;
}

/* Checks a frame that has @lines lines and follows @count other frames. */
static int parrot_check_frame(u32 count, u32 lines, bool blank,
			      struct parrot_fault *fault)
{
	if (blank) {
		parrot_fault_set(fault, lines ? "frame of blank lines before this line" :
						"empty frame before this line");
		return -EINVAL;
	}
	if (count == PARROT_FRAMES_MAX) {
		parrot_fault_set(fault, "more than %d frames before this line",
				 PARROT_FRAMES_MAX);
		return -EFBIG;
	}
	return 0;
}

/* Records the first line that cannot be mirrored. */
static void parrot_note_not_ascii(struct parrot_animation *anim, u32 line,
				  const struct parrot_holds *holds)
{
	if (anim->not_ascii.line || (!holds->color && !holds->other))
		return;
	anim->not_ascii.line = line;
	parrot_fault_set(&anim->not_ascii, "flip 1 requires plain ASCII, found %s",
			 holds->color ? "colours" : "characters that are not ASCII");
}

/*
 * Checks @text and writes its frames to @out. The first pass has no @anim and
 * only counts frames and bytes. The second pass fills an @anim of that size.
 */
static int parrot_walk(const char *text, size_t size,
		       struct parrot_animation *anim, struct parrot_out *out,
		       u32 *count, struct parrot_fault *fault)
{
	struct parrot_holds holds;
	struct parrot_pen pen = {};
	bool color = false, blank = true;
	u32 width = 0, lines = 0, first = 0;
	size_t pos = 0;
	u64 start;
	int ret;

	*count = 0;
	fault->line = 0;
	start = parrot_begin_frame(out);
	for (;;) {
		const char *end = memchr(text + pos, '\n', size - pos);
		size_t len = end ? end - (text + pos) : size - pos;
		bool separator = len == 1 && text[pos] == '\f';

		fault->line++;
		if (separator || pos == size) {
			ret = parrot_check_frame(*count, lines - first, blank,
						 fault);
			if (ret)
				return ret;
			if (anim) {
				anim->frames[*count].start = start;
				anim->frames[*count].len = out->len - start;
				anim->frames[*count].rows = lines - first;
				anim->frames[*count].color = color;
			}
			++*count;
			parrot_end_frame(out);
			if (!separator)
				break;
			color = false;
			blank = true;
			first = lines;
			start = parrot_begin_frame(out);
			memset(&pen, 0, sizeof(pen));
		} else {
			if (!parrot_check_line(text + pos, len, &holds, fault))
				return -EINVAL;
			if (anim)
				parrot_note_not_ascii(anim, fault->line, &holds);
			parrot_put_row(out, &pen, text + pos, len,
				       lines == first);
			color |= holds.color;
			width = max_t(u32, width, len);
			lines++;
			if (len)
				blank = false;
		}
		pos = min(pos + len + 1, size);
	}
	if (anim)
		anim->width = width;
	return 0;
}

/**
 * parrot_animation_parse() - create an animation from a text
 * @name: name of the animation
 * @text: frames, separated by lines that contain a form feed only
 * @size: bytes in @text
 * @fault: the reason for -EINVAL or -EFBIG
 *
 * Context: Process context. May sleep.
 *
 * Return: an animation with one reference; -EINVAL for a line that
 * parrot_check_line() refuses, or a frame without text; -EFBIG for more than
 * PARROT_FRAMES_MAX frames, or more than PARROT_SHOWN_MAX bytes including the
 * row ends; -ENOMEM.
 */
struct parrot_animation *parrot_animation_parse(const char *name,
						const char *text, size_t size,
						struct parrot_fault *fault)
{
	struct parrot_animation *anim;
	struct parrot_out out = {};
	u32 count;
	int ret;

	if (!size) {
		fault->line = 0;
		parrot_fault_set(fault, "empty");
		return ERR_PTR(-EINVAL);
	}
	ret = parrot_walk(text, size, NULL, &out, &count, fault);
	if (ret)
		return ERR_PTR(ret);
	if (out.len - out.gaps > PARROT_SHOWN_MAX) {
		fault->line = 0;
		parrot_fault_set(fault, "larger than 16 MiB with the colours of each row");
		return ERR_PTR(-EFBIG);
	}
	anim = parrot_animation_alloc(name, count, out.len);
	if (!anim)
		return ERR_PTR(-ENOMEM);
	out = (struct parrot_out){ .data = anim->data };
	parrot_walk(text, size, anim, &out, &anim->count, fault);
	return anim;
}
