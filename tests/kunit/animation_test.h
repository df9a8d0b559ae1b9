/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the test suites of animations. */
#ifndef ROULETTE_ANIMATION_TEST_H
#define ROULETTE_ANIMATION_TEST_H

#include "../../devices/parrot/animation.h"
#include "kunit.h"

struct parrot_animation *animation_parse(struct kunit *test, const char *text,
					 size_t size,
					 struct parrot_fault *fault, int *ret);

#endif
