/* SPDX-License-Identifier: GPL-2.0 */
/* Animations: what they are made of, checked and mirrored. */
#ifndef PARROT_ANIMATION_H
#define PARROT_ANIMATION_H

#include <linux/kref.h>
#include <linux/types.h>

#include "roulette.h"

#define PARROT_FRAMES_MAX	1024
#define PARROT_SIZE_MAX		(4 << 20)	/* bytes of an animation file */
#define PARROT_MIRROR_MAX	(16 << 20)	/* bytes of a mirrored one */

/**
 * struct parrot_frame - a picture
 * @start: its first byte in the animation's data
 * @len: its length in bytes, at least 1
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
 * @plain: printable ASCII and newlines only, so it can be mirrored
 * @width: of its widest line, in bytes
 * @lines: in all frames together
 * @data: the frames' bytes
 * @count: number of frames, at least 1
 * @frames: the frames
 */
struct parrot_animation {
	struct kref ref;
	char name[ROULETTE_NAME_MAX + 1];
	bool plain;
	u32 width;
	u32 lines;
	char *data;
	u32 count;
	struct parrot_frame frames[];
};

/**
 * struct parrot_fault - why a text is no animation
 * @line: where, from 1
 * @what: what is wrong there
 */
struct parrot_fault {
	u32 line;
	const char *what;
};

struct parrot_animation *parrot_animation_parse(const char *name,
						const char *text, size_t size,
						struct parrot_fault *fault);
struct parrot_animation *
parrot_animation_mirror(const struct parrot_animation *anim);
void parrot_animation_release(struct kref *ref);

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
