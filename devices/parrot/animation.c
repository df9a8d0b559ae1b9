// SPDX-License-Identifier: GPL-2.0
/* Animations: made of a text, or as the mirror image of another one. */
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "animation.h"

/**
 * parrot_animation_release() - the last reference is gone
 * @ref: the animation's
 */
void parrot_animation_release(struct kref *ref)
{
	struct parrot_animation *anim =
		container_of(ref, struct parrot_animation, ref);

	kvfree(anim->data);
	kvfree(anim);
}

static struct parrot_animation *parrot_animation_alloc(const char *name,
						       u32 count, size_t size)
{
	struct parrot_animation *anim;

	anim = kvzalloc(struct_size(anim, frames, count), GFP_KERNEL);
	if (!anim)
		return NULL;
	anim->data = kvmalloc(size, GFP_KERNEL);
	if (!anim->data) {
		kvfree(anim);
		return NULL;
	}
	kref_init(&anim->ref);
	strscpy(anim->name, name, sizeof(anim->name));
	return anim;
}

/* A frame ends: is it one? @lines: how many it has. */
static int parrot_check_frame(u32 count, u32 lines, bool blank,
			      struct parrot_fault *fault)
{
	if (blank) {
		parrot_fault_set(fault, lines ? "a frame of blank lines" :
						"an empty frame");
		return -EINVAL;
	}
	if (count == PARROT_FRAMES_MAX) {
		parrot_fault_set(fault, "more than %d frames",
				 PARROT_FRAMES_MAX);
		return -EFBIG;
	}
	return 0;
}

/* Notes the first line that cannot be mirrored. */
static void parrot_note_unplain(struct parrot_animation *anim, u32 line,
				const struct parrot_holds *holds)
{
	if (anim->unplain.line || (!holds->color && !holds->other))
		return;
	anim->unplain.line = line;
	parrot_fault_set(&anim->unplain, "flip 1 mirrors plain ASCII only, and here are %s",
			 holds->color ? "colours" : "other characters");
}

/*
 * Walks over @text and checks it. With @anim, which the first walk has shown
 * to be large enough, the frames are set down there.
 */
static int parrot_walk(const char *text, size_t size,
		       struct parrot_animation *anim, u32 *count,
		       struct parrot_fault *fault)
{
	struct parrot_holds holds;
	bool color = false, blank = true;
	size_t pos = 0, start = 0;
	u32 width = 0, lines = 0, first = 0;
	int ret;

	*count = 0;
	fault->line = 0;
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
				anim->frames[*count].len = pos - start;
				anim->frames[*count].color = color;
			}
			++*count;
			if (!separator)
				break;
			color = false;
			blank = true;
			first = lines;
			start = min(pos + len + 1, size);
		} else {
			if (!parrot_check_line(text + pos, len, &holds, fault))
				return -EINVAL;
			if (anim)
				parrot_note_unplain(anim, fault->line, &holds);
			color |= holds.color;
			width = max_t(u32, width, len);
			lines++;
			if (len)
				blank = false;
		}
		pos = min(pos + len + 1, size);
	}
	if (anim) {
		anim->width = width;
		anim->lines = lines;
	}
	return 0;
}

/**
 * parrot_animation_parse() - make an animation of a text
 * @name: its name
 * @text: frames, separated by lines with a form feed alone
 * @size: bytes in @text
 * @fault: filled for -EINVAL and -EFBIG
 *
 * May sleep.
 *
 * Return: an animation with one reference; -EINVAL if @text holds anything but
 * printable ASCII, newlines, UTF-8 and colour sequences, or an empty frame;
 * -EFBIG for more than PARROT_FRAMES_MAX frames; -ENOMEM.
 */
struct parrot_animation *parrot_animation_parse(const char *name,
						const char *text, size_t size,
						struct parrot_fault *fault)
{
	struct parrot_animation *anim;
	u32 count;
	int ret;

	if (!size) {
		fault->line = 0;
		parrot_fault_set(fault, "the file is empty");
		return ERR_PTR(-EINVAL);
	}
	ret = parrot_walk(text, size, NULL, &count, fault);
	if (ret)
		return ERR_PTR(ret);
	anim = parrot_animation_alloc(name, count, size);
	if (!anim)
		return ERR_PTR(-ENOMEM);
	memcpy(anim->data, text, size);
	parrot_walk(text, size, anim, &anim->count, fault);
	return anim;
}

/* Characters that have a mirror image among the others. */
static char parrot_mirror_char(char c)
{
	static const char pairs[] = "/\\()[]{}<>";
	const char *found = strchr(pairs, c);

	return found ? pairs[(found - pairs) ^ 1] : c;
}

/* Returns where the mirrored frame ends. */
static char *parrot_mirror_frame(const struct parrot_animation *anim,
				 const struct parrot_frame *frame, char *to)
{
	const char *line = anim->data + frame->start;
	const char *end = line + frame->len;

	while (line < end) {
		const char *eol = memchr(line, '\n', end - line) ?: end;
		size_t blank = anim->width - (eol - line);
		const char *from;

		memset(to, ' ', blank);
		to += blank;
		for (from = eol; from > line; from--)
			*to++ = parrot_mirror_char(from[-1]);
		if (eol < end)
			*to++ = '\n';
		line = eol + 1;
	}
	return to;
}

/**
 * parrot_animation_mirror() - the same animation seen from behind
 * @anim: the animation
 * @fault: filled for -EINVAL
 *
 * Every line is as wide as the widest of the animation, so that the picture
 * stays where it is. May sleep.
 *
 * Return: an animation with one reference; -EINVAL if @anim is not plain, or
 * would grow beyond PARROT_MIRROR_MAX; -ENOMEM.
 */
struct parrot_animation *
parrot_animation_mirror(const struct parrot_animation *anim,
			struct parrot_fault *fault)
{
	u64 size = (u64)anim->lines * (anim->width + 1);
	struct parrot_animation *mirror;
	char *to;
	u32 i;

	if (anim->unplain.line) {
		*fault = anim->unplain;
		return ERR_PTR(-EINVAL);
	}
	if (size > PARROT_MIRROR_MAX) {
		fault->line = 0;
		parrot_fault_set(fault, "flip 1 would make it larger than 16 MiB");
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
