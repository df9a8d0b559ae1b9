// SPDX-License-Identifier: GPL-2.0
/* Parses odds, and computes the values that depend on them. */
#include <linux/kernel.h>
#include <linux/string.h>

#include "odds.h"
#include "roulette.h"

/**
 * roulette_odds_set() - set odds, and the values that depend on them
 * @odds: the odds to set
 * @hits: N, at most @slots
 * @slots: M, at least 1
 *
 * Context: Any context.
 */
void roulette_odds_set(struct roulette_odds *odds, u32 hits, u32 slots)
{
	odds->hits = hits;
	odds->slots = slots;
	odds->columns = int_sqrt(slots - 1) + 1;
	/* DIV_ROUND_UP() would overflow near 2^32. */
	odds->rows = (slots - 1) / odds->columns + 1;
	/* Pulls copy the whole array, so no byte may be uninitialized. */
	memset(odds->text, 0, sizeof(odds->text));
	odds->text_len = scnprintf(odds->text, sizeof(odds->text), "%u/%u",
				   hits, slots);
}

/**
 * roulette_odds_parse() - parse odds in the form N (in 100) or N/M
 * @value: the text
 * @odds: the result; unchanged on an error
 *
 * Context: Any context.
 *
 * Return: 0; -EINVAL for another form; -ERANGE unless 0 <= N <= M and
 * 1 <= M < 2^32.
 */
int roulette_odds_parse(const char *value, struct roulette_odds *odds)
{
	const char *slash = strchr(value, '/');
	size_t len = slash ? slash - value : strlen(value);
	int hits_err, slots_err = 0;
	u64 hits, slots = 100;

	/* The form is checked before the range: 4294967296/x is -EINVAL. */
	hits_err = roulette_parse_u64(value, len, 0, U32_MAX, &hits);
	if (slash)
		slots_err = roulette_parse_u64(slash + 1, strlen(slash + 1), 1,
					       U32_MAX, &slots);
	if (hits_err == -EINVAL || slots_err == -EINVAL)
		return -EINVAL;
	if (hits_err || slots_err || hits > slots)
		return -ERANGE;
	roulette_odds_set(odds, hits, slots);
	return 0;
}
