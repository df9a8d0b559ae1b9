/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_VERSION_H
#define ROULETTECTL_VERSION_H

#include "common/message.h"

enum status version_print(void);

#endif
