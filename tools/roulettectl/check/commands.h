/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_CHECK_COMMANDS_H
#define ROULETTECTL_CHECK_COMMANDS_H

#include "common/command.h"

extern const struct command check_command;

#endif
