/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_SCREEN_H
#define ROULETTECTL_SCREEN_H

#include <stdbool.h>

bool screen_possible(void);
void screen_enter(void);
void screen_leave(void);
bool screen_has_keys(void);
void screen_show(const char *lines);

#endif
