/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_SERVICE_H
#define ROULETTECTL_SERVICE_H

#include "machine.h"

bool service_installed(struct machine *machine, const char *name);
int service_enabled(struct machine *machine, const char *name);

#endif
