/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Animations: what a file may hold, what they are made of, mirror images.
 *
 * A reader gets, in this order: cursor home; the reader's colour; the rows of
 * the picture, each with PARROT_ROW_END; colour reset, if there is any colour;
 * a newline; erase below. Nothing is cleared first, which would flicker, and
 * fill the history of a terminal that keeps what is cleared.
 */
#ifndef PARROT_ANIMATION_H
#define PARROT_ANIMATION_H

#include <linux/kref.h>
#include <linux/types.h>

#include "roulette.h"

#define PARROT_FRAMES_MAX	1024
#define PARROT_SIZE_MAX		(4 << 20)	/* bytes of an animation file */
#define PARROT_SHOWN_MAX	(16 << 20)	/* bytes of all its frames */
#define PARROT_FAULT_MAX	80		/* room for what is wrong */

#define PARROT_ROW_END		"\033[K"		/* erase to the end of line */

/**
 * struct parrot_fault - why a text is no animation, or has no mirror image
 * @line: where, from 1; 0: in no line, but as a whole
 * @what: what is wrong there
 */
struct parrot_fault {
	u32 line;
	char what[PARROT_FAULT_MAX];
};

/**
 * struct parrot_holds - what a line holds beside printable ASCII
 * @color: colour sequences
 * @other: other characters
 */
struct parrot_holds {
	bool color;
	bool other;
};

/**
 * struct parrot_out - where frames are put
 * @data: room for them; NULL: they are only measured
 * @len: bytes so far
 */
struct parrot_out {
	char *data;
	u64 len;
};

/**
 * struct parrot_pen - what is set that erasing would spread
 * @background: the parameters that set the background, in the text
 * @background_len: bytes in @background; 0: none is set
 * @inverse: foreground and background are swapped
 */
struct parrot_pen {
	const char *background;
	size_t background_len;
	bool inverse;
};

/**
 * struct parrot_frame - a picture
 * @start: its first byte in the animation's data
 * @len: its length in bytes, without the newline of its last row
 * @color: it has colour sequences of its own
 */
struct parrot_frame {
	u32 start;
	u32 len;
	bool color;
};

/**
 * struct parrot_animation - pictures; never changed once it is made
 * @ref: references
 * @name: its name
 * @unplain: the first line that is not printable ASCII, and what it holds;
 *	line 0: there is none, so it can be mirrored
 * @width: of its widest row, in bytes, without the row's end
 * @lines: rows in all frames together
 * @data: the frames' bytes
 * @count: number of frames, at least 1
 * @frames: the frames
 */
struct parrot_animation {
	struct kref ref;
	char name[ROULETTE_NAME_MAX + 1];
	struct parrot_fault unplain;
	u32 width;
	u32 lines;
	char *data;
	u32 count;
	struct parrot_frame frames[];
};

/* check.c */
__printf(2, 3)
void parrot_fault_set(struct parrot_fault *fault, const char *format, ...);
bool parrot_check_line(const u8 *line, size_t len, struct parrot_holds *holds,
		       struct parrot_fault *fault);
size_t parrot_color_sequence(const u8 *text, size_t len);

/* rows.c */
void parrot_put_row(struct parrot_out *out, struct parrot_pen *pen,
		    const char *row, size_t len, bool first);

/* animation.c */
struct parrot_animation *parrot_animation_alloc(const char *name, u32 count,
						size_t size);
struct parrot_animation *parrot_animation_parse(const char *name,
						const char *text, size_t size,
						struct parrot_fault *fault);
void parrot_animation_release(struct kref *ref);

/* mirror.c */
struct parrot_animation *
parrot_animation_mirror(const struct parrot_animation *anim,
			struct parrot_fault *fault);

/**
 * parrot_animation_get() - take a reference
 * @anim: the animation
 *
 * Any context.
 *
 * Return: @anim.
 */
static inline struct parrot_animation *
parrot_animation_get(struct parrot_animation *anim)
{
	kref_get(&anim->ref);
	return anim;
}

/**
 * parrot_animation_put() - drop a reference
 * @anim: the animation or NULL
 *
 * May sleep.
 */
static inline void parrot_animation_put(struct parrot_animation *anim)
{
	if (anim)
		kref_put(&anim->ref, parrot_animation_release);
}

#endif
