/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_DRILL_COMMANDS_H
#define ROULETTECTL_DRILL_COMMANDS_H

#include "common/command.h"

extern const struct command drill_command;

#endif
