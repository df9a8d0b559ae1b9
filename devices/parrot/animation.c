// SPDX-License-Identifier: GPL-2.0
/*
 * Animations. Whoever reads the parrot on a terminal trusts it, so what comes
 * from a file may hold text and colours and nothing else that drives one.
 */
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

/*
 * Length of the UTF-8 sequence at @text, which has @len bytes, or 0 if it is
 * none: the table of well-formed sequences in the Unicode Standard, 3.9, less
 * U+0080 to U+009F, which are control characters.
 */
static size_t parrot_utf8(const u8 *text, size_t len)
{
	u8 low = 0x80, high = 0xbf;
	size_t need, i;

	switch (text[0]) {
	case 0xc2 ... 0xdf:
		need = 2;
		if (text[0] == 0xc2)
			low = 0xa0;
		break;
	case 0xe0 ... 0xef:
		need = 3;
		if (text[0] == 0xe0)
			low = 0xa0;
		if (text[0] == 0xed)
			high = 0x9f;
		break;
	case 0xf0 ... 0xf4:
		need = 4;
		if (text[0] == 0xf0)
			low = 0x90;
		if (text[0] == 0xf4)
			high = 0x8f;
		break;
	default:
		return 0;
	}
	if (len < need || text[1] < low || text[1] > high)
		return 0;
	for (i = 2; i < need; i++) {
		if (text[i] < 0x80 || text[i] > 0xbf)
			return 0;
	}
	return need;
}

/* Length of the colour sequence ESC [ ... m at @text, or 0 if it is none. */
static size_t parrot_color_sequence(const u8 *text, size_t len)
{
	size_t i;

	if (len < 3 || text[0] != '\033' || text[1] != '[')
		return 0;
	for (i = 2; i < len; i++) {
		if (text[i] == 'm')
			return i + 1;
		if (!strchr("0123456789;:", text[i]) || !text[i])
			return 0;
	}
	return 0;
}

/* What is wrong with a line, which has no newline; NULL: nothing. */
static const char *parrot_check_line(const u8 *line, size_t len,
				     bool *plain, bool *color)
{
	size_t i = 0, step;

	while (i < len) {
		if (line[i] >= 0x20 && line[i] <= 0x7e) {
			i++;
			continue;
		}
		*plain = false;
		if (line[i] == '\033') {
			step = parrot_color_sequence(line + i, len - i);
			if (!step)
				return "an escape sequence that is no colour (ESC [ numbers m)";
			*color = true;
		} else if (line[i] >= 0x80) {
			step = parrot_utf8(line + i, len - i);
			if (!step)
				return "not UTF-8, or a control character in it";
		} else {
			return "a control character";
		}
		i += step;
	}
	return NULL;
}

/*
 * Walks over @text and checks it. With @anim, which the first walk has shown
 * to be large enough, the frames are set down there.
 */
static int parrot_walk(const char *text, size_t size,
		       struct parrot_animation *anim, u32 *count,
		       struct parrot_fault *fault)
{
	bool color = false, plain = true, empty = true;
	size_t pos = 0, start = 0;
	u32 width = 0, lines = 0;

	*count = 0;
	fault->line = 0;
	for (;;) {
		const char *end = memchr(text + pos, '\n', size - pos);
		size_t len = end ? end - (text + pos) : size - pos;
		bool separator = len == 1 && text[pos] == '\f';

		fault->line++;
		if (separator || pos == size) {
			fault->what = "an empty frame";
			if (empty)
				return -EINVAL;
			fault->what = "more than 1024 frames";
			if (*count == PARROT_FRAMES_MAX)
				return -EFBIG;
			if (anim) {
				anim->frames[*count].start = start;
				anim->frames[*count].len = pos - start;
				anim->frames[*count].color = color;
			}
			++*count;
			if (!separator)
				break;
			color = false;
			empty = true;
			start = min(pos + len + 1, size);
		} else {
			fault->what = parrot_check_line(text + pos, len,
							&plain, &color);
			if (fault->what)
				return -EINVAL;
			width = max_t(u32, width, len);
			lines++;
			if (len)
				empty = false;
		}
		pos = min(pos + len + 1, size);
	}
	if (anim) {
		anim->plain = plain;
		anim->width = width;
		anim->lines = lines;
	}
	return 0;
}

/**
 * parrot_animation_parse() - make an animation of a text
 * @name: its name
 * @text: frames, separated by lines with a form feed alone
 * @size: bytes in @text, at least 1
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
 *
 * Every line is as wide as the widest of the animation, so that the picture
 * stays where it is. May sleep.
 *
 * Return: an animation with one reference; -EINVAL if @anim is not plain, or
 * would grow beyond PARROT_MIRROR_MAX; -ENOMEM.
 */
struct parrot_animation *
parrot_animation_mirror(const struct parrot_animation *anim)
{
	u64 size = (u64)anim->lines * (anim->width + 1);
	struct parrot_animation *mirror;
	char *to;
	u32 i;

	if (!anim->plain || size > PARROT_MIRROR_MAX)
		return ERR_PTR(-EINVAL);
	mirror = parrot_animation_alloc(anim->name, anim->count, size);
	if (!mirror)
		return ERR_PTR(-ENOMEM);
	mirror->plain = true;
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
