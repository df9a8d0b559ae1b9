/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_SIGNALS_H
#define ROULETTECTL_SIGNALS_H

int signals_open(const int *wanted);
int signals_read(int fd);
void signals_deliver(int number);

#endif
