/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_FIRE_H
#define ROULETTECTL_FIRE_H

#include <stdio.h>

#include "chamber.h"

void interrupts_catch(void);
bool interrupted(void);
bool fire(const struct chamber *chamber, const struct record *record,
	  FILE *lines);

#endif
