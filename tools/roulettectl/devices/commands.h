/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_DEVICES_COMMANDS_H
#define ROULETTECTL_DEVICES_COMMANDS_H

#include "common/command.h"

extern const struct command list_command, show_command, get_command,
	set_command, create_command, delete_command, pull_command,
	watch_command, arm_command, disarm_command, reset_command, save_command,
	restore_command;

#endif
