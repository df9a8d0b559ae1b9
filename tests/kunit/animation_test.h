/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the test suites of animations. */
#ifndef ROULETTE_ANIMATION_TEST_H
#define ROULETTE_ANIMATION_TEST_H

#include "../../devices/parrot/animation.h"
#include "kunit.h"

struct parrot_animation *animation_parse(struct kunit *test, const char *text,
					 size_t size,
					 struct parrot_fault *fault, int *ret);

/**
 * animation_next_page() - check what precedes and follows a picture
 * @anim: the animation
 * @frame: the picture
 * @page: offset of the page at which the frame must begin
 *
 * Return: offset of the next frame, or 0 if this one has other bytes there.
 */
u32 animation_next_page(const struct parrot_animation *anim,
			const struct parrot_frame *frame, u32 page);

#endif
