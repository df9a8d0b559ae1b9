/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_TIMES_H
#define ROULETTECTL_TIMES_H

char *time_text(double time);
char *duration_text(double seconds);

#endif
