/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_MODULE_H
#define ROULETTECTL_MODULE_H

#include <stdbool.h>

#include "common/message.h"

enum status module_load(const char *type, bool with_default, bool *loaded);
void module_unload(const char *type);

#endif
