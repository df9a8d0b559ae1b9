/* SPDX-License-Identifier: GPL-2.0 */
/* Odds, N in M. */
#ifndef ROULETTE_ODDS_H
#define ROULETTE_ODDS_H

#include <linux/types.h>

/* Room for "4294967295/4294967295" and NUL; whole words, to copy faster. */
#define ROULETTE_ODDS_TEXT	24

/**
 * struct roulette_odds - N in M
 * @hits: N, 0 to @slots
 * @slots: M, 1 to 2^32 - 1
 * @columns: columns of the table of at least @slots places in which
 *	roulette_draw_unspun() draws
 * @rows: rows of that table
 * @text_len: length of @text
 * @text: "N/M" and NUL
 *
 * Filled by roulette_odds_set().
 */
struct roulette_odds {
	u32 hits;
	u32 slots;
	u32 columns;
	u32 rows;
	u32 text_len;
	char text[ROULETTE_ODDS_TEXT];
};

void roulette_odds_set(struct roulette_odds *odds, u32 hits, u32 slots);
int roulette_odds_parse(const char *value, struct roulette_odds *odds);

#endif
