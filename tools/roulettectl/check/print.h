/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_PRINT_H
#define ROULETTECTL_PRINT_H

#include <stddef.h>

#include "finding.h"
#include "forecast/forecast.h"

/**
 * struct foreseen - an action, and the forecast for it
 * @plan: the hit
 * @forecast: its effect
 */
struct foreseen {
	struct plan plan;
	struct forecast forecast;
};

void print_findings(const struct findings *findings, unsigned int about);
void print_actions(const struct foreseen *foreseen, size_t count);
void print_action(const struct foreseen *foreseen);
void print_summary(const struct findings *findings);
void print_json(const struct findings *findings, unsigned int about,
		const struct foreseen *foreseen, size_t count);

#endif
