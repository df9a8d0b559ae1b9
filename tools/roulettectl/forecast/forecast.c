// SPDX-License-Identifier: GPL-2.0
/* Foresees what a hit does to a machine. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "decision.h"

const char *const outcome_names[] = {
	[OUTCOME_LOGGED] = "logged",
	[OUTCOME_READER_DIES] = "reader-dies",
	[OUTCOME_LOCKUP] = "lockup",
	[OUTCOME_PANIC] = "panic",
	[OUTCOME_RESET] = "reset",
	[OUTCOME_STUCK] = "stuck",
};

/**
 * forecast_with() - foresee what a hit does to a machine whose facts are known
 * @facts: facts about the machine
 * @plan: the hit
 * @forecast: receives the forecast; the caller must call forecast_free()
 */
void forecast_with(const struct facts *facts, const struct plan *plan,
		   struct forecast *forecast)
{
	struct decision decision;

	decide(facts, plan, &decision);
	*forecast = (struct forecast){
		.outcome = decision.outcome,
		.because = decision.because ? text("%s", decision.because) : NULL,
		.panics = decision.outcome == OUTCOME_PANIC,
		.certain = decision.certain,
	};
	foresee_restart(facts, plan, forecast);
	foresee_collectors(facts, plan, &decision, forecast);
	forecast->sentence = foresee_sentence(facts, plan, &decision, forecast);
	free(decision.because);
	free(decision.report);
}

/**
 * forecast_hit() - foresee what a hit does to a machine
 * @machine: the machine
 * @plan: the hit
 * @forecast: receives the forecast; the caller must call forecast_free()
 */
void forecast_hit(struct machine *machine, const struct plan *plan,
		  struct forecast *forecast)
{
	struct facts facts;

	facts_read(machine, &facts);
	forecast_with(&facts, plan, forecast);
	facts_free(&facts);
}

/**
 * forecast_recorded() - check whether any collector has the hit afterwards
 * @forecast: the forecast
 *
 * Return: true if one has.
 */
bool forecast_recorded(const struct forecast *forecast)
{
	enum collector i;

	for (i = 0; i < COLLECTORS; i++)
		if (forecast->expect[i] != EXPECT_NOTHING)
			return true;
	return false;
}

/**
 * forecast_free() - free a forecast
 * @forecast: the forecast
 */
void forecast_free(struct forecast *forecast)
{
	enum collector i;

	for (i = 0; i < COLLECTORS; i++)
		free(forecast->reason[i]);
	free(forecast->because);
	free(forecast->restarted_by);
	free(forecast->sentence);
	*forecast = (struct forecast){};
}
