/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_CREATE_H
#define ROULETTECTL_CREATE_H

#include "device.h"
#include "settings.h"

enum status create_device(const char *type, const char *name,
			  struct settings *settings, struct device *device);

#endif
