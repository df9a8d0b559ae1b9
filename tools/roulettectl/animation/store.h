/* SPDX-License-Identifier: GPL-2.0 */
/* The files of animations. */
#ifndef ROULETTECTL_ANIMATION_STORE_H
#define ROULETTECTL_ANIMATION_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/message.h"

#define ANIMATIONS_DIR	"/lib/firmware/roulette"
#define PARTY		"party"

#define ANIMATION_MAX	(4 << 20)	/* bytes of a file */

/* The text of the built-in animation. */
extern const char party_text[];

bool animation_name_valid(const char *name);
char *animation_path(const char *name);
enum status animation_check_name(const char *name);
enum status animation_write(const char *path, const char *bytes, size_t size);

#endif
