/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_ANIMATION_COMMANDS_H
#define ROULETTECTL_ANIMATION_COMMANDS_H

#include "common/command.h"

extern const struct command animation_command;

/* The commands after the word animation. */
extern const struct command animation_import_command, animation_list_command,
	animation_preview_command;

#endif
