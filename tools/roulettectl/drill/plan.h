/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_PLAN_H
#define ROULETTECTL_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "record.h"

void plan_print(const struct record *record, const struct forecast *forecast);
enum status plan_confirm(const struct forecast *forecast, bool yes);

#endif
