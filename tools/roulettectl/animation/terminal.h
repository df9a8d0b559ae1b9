/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_ANIMATION_TERMINAL_H
#define ROULETTECTL_ANIMATION_TERMINAL_H

void terminal_size(unsigned int *columns, unsigned int *rows);

#endif
