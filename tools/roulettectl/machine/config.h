/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_CONFIG_H
#define ROULETTECTL_CONFIG_H

#include "machine.h"

char *config_shell(struct machine *machine, const char *path, const char *key);
char *config_word(struct machine *machine, const char *path, const char *key);
char *config_systemd(struct machine *machine, const char *file,
		     const char *section, const char *key);

#endif
