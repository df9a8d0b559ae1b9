/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Animations: checks of their text, their frames, and mirror images.
 *
 * A frame consists of: cursor home; the reader's colour; rows of the picture,
 * each with PARROT_ROW_END; colour reset, if needed; newline; erase below.
 * The screen is not cleared first, because that would flicker. It would also
 * fill the history of terminals that save cleared screens.
 */
#ifndef PARROT_ANIMATION_H
#define PARROT_ANIMATION_H

#include <linux/kref.h>
#include <linux/types.h>

#include "roulette.h"

struct page;

#define PARROT_FRAMES_MAX	1024
#define PARROT_SIZE_MAX		(4 << 20)	/* bytes of an animation file */
#define PARROT_SHOWN_MAX	(16 << 20)	/* bytes of all its frames */
#define PARROT_FAULT_MAX	80		/* bytes of an error text */

#define PARROT_HOME		"\033[H"		/* before the picture: cursor home */
#define PARROT_ROW_END		"\033[K"		/* erase to the end of line */
#define PARROT_TAIL		"\n\033[J"	/* after the last row: erase below */
#define PARROT_TAIL_COLORED	"\033[0m" PARROT_TAIL

/**
 * struct parrot_fault - why a text is invalid or cannot be mirrored
 * @line: line number from 1, or 0 for the whole text
 * @what: error text
 */
struct parrot_fault {
	u32 line;
	char what[PARROT_FAULT_MAX];
};

/**
 * struct parrot_holds - contents of a line other than printable ASCII
 * @color: the line contains colour sequences
 * @other: the line contains non-ASCII characters
 */
struct parrot_holds {
	bool color;
	bool other;
};

/**
 * struct parrot_out - output buffer for frames
 * @data: the buffer, with enough room; NULL to count the bytes only
 * @len: number of bytes so far
 * @gaps: how many of them belong to no picture: what parrot_begin_frame() and
 *	parrot_end_frame() added
 */
struct parrot_out {
	char *data;
	u64 len;
	u64 gaps;
};

/**
 * struct parrot_pen - current attributes that may colour the cells of an erase
 * @background: parameters that set the background; part of the parsed text
 * @background_len: bytes in @background; 0 if no background is set
 * @inverse: foreground and background are swapped
 */
struct parrot_pen {
	const char *background;
	size_t background_len;
	bool inverse;
};

/**
 * struct parrot_frame - the picture of a frame
 * @start: offset in &parrot_animation.data, after the PARROT_HOME at the
 *	beginning of a page
 * @len: length in bytes, without a newline after the last row
 * @rows: number of rows
 * @color: the picture contains colour sequences
 */
struct parrot_frame {
	u32 start;
	u32 len;
	u32 rows;
	bool color;
};

/**
 * struct parrot_animation - an animation; immutable when complete
 * @ref: reference count
 * @name: name of the animation
 * @not_ascii: the first line that cannot be mirrored, because it is not
 *	printable ASCII; line 0 if all lines can be mirrored
 * @width: bytes in the widest row, without the row end
 * @pages: the pages of all frames, which are read and spliced one by one
 * @page_count: number of pages
 * @data: the same bytes, mapped to write and mirror them
 * @count: number of frames, at least 1
 * @frames: the frames
 */
struct parrot_animation {
	struct kref ref;
	char name[ROULETTE_NAME_MAX + 1];
	struct parrot_fault not_ascii;
	u32 width;
	struct page **pages;
	unsigned int page_count;
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
u64 parrot_begin_frame(struct parrot_out *out);
void parrot_put_row(struct parrot_out *out, struct parrot_pen *pen,
		    const char *row, size_t len, bool first);
void parrot_end_frame(struct parrot_out *out);

/* pages.c */
bool parrot_pages_alloc(struct parrot_animation *anim, size_t size);
void parrot_pages_put(struct parrot_animation *anim);

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
 * Context: Any context.
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
 * Context: Process context. May sleep.
 */
static inline void parrot_animation_put(struct parrot_animation *anim)
{
	if (anim)
		kref_put(&anim->ref, parrot_animation_release);
}

#endif
