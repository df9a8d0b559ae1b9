/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_KNOBS_H
#define ROULETTECTL_KNOBS_H

#include <stdbool.h>

#include "device.h"

const char *knob_meaning(const struct device *device, const char *knob);
int knob_order(const struct device *device, const char *knob);
bool knob_is_name(const char *name);
enum status no_knob(const struct device *device, const char *knob);

#endif
