/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_ACTIONS_H
#define ROULETTECTL_ACTIONS_H

#include "machine/machine.h"

#define HANG_TIME_DEFAULT	30

char **actions_read(struct machine *machine);
bool action_known(const char *action);
bool action_allows(const char *action, const char *context);
bool context_exists(const char *context);

#endif
