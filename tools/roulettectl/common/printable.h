/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_PRINTABLE_H
#define ROULETTECTL_PRINTABLE_H

char *printable(const char *string);

#endif
