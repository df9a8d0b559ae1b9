/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_SIZE_H
#define ROULETTECTL_SIZE_H

char *size_text(long long bytes);

#endif
