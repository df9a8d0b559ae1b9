/* SPDX-License-Identifier: GPL-2.0 */
/* The interface of blocker.c, for the type brief. */
#ifndef BLOCKER_H
#define BLOCKER_H

void blocker_start(void);

#endif
