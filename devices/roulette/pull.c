// SPDX-License-Identifier: GPL-2.0
/*
 * What a pull does to the rules, and the line that tells of it. Every read of
 * the device comes through here, so there is no printf and no allocation.
 */
#include <linux/build_bug.h>
#include <linux/math64.h>
#include <linux/string.h>

#include "action.h"
#include "pull.h"

static enum roulette_outcome roulette_outcome(const struct roulette_rules *rules,
					      bool armed, u32 drawn)
{
	u32 phase;

	if (drawn >= rules->odds.hits)
		return ROULETTE_CLICK;
	if (!armed)
		return ROULETTE_HELD_BY_ARMED;
	if (!rules->times)
		return ROULETTE_HELD_BY_TIMES;
	if (rules->space)
		return ROULETTE_HELD_BY_SPACE;
	if (rules->interval > 1) {
		div_u64_rem(rules->number + 1, rules->interval, &phase);
		if (phase)
			return ROULETTE_HELD_BY_INTERVAL;
	}
	return ROULETTE_BANG;
}

/**
 * roulette_rules_pull() - pull the trigger once
 * @rules: the rules, which the pull counts in; the caller holds their lock
 * @armed: whether any pull may hit
 * @pull: what happened
 *
 * Any context. Return: whether it is a hit.
 */
bool roulette_rules_pull(struct roulette_rules *rules, bool armed,
			 struct roulette_pull *pull)
{
	enum roulette_outcome outcome;
	u64 number;
	u32 drawn;

	if (rules->respin)
		drawn = roulette_draw_spun(rules->key, rules->number,
					   &rules->odds);
	else
		drawn = roulette_draw_unspun(rules->key, rules->number,
					     &rules->odds);
	outcome = roulette_outcome(rules, armed, drawn);
	pull->drawn = drawn;
	pull->outcome = outcome;
	pull->odds_len = rules->odds.text_len;
	memcpy(pull->odds, rules->odds.text, sizeof(pull->odds));
	number = rules->number++;
	rules->pulls++;
	if (rules->space)
		rules->space--;
	if (outcome != ROULETTE_BANG)
		return false;

	pull->number = number;
	pull->action = rules->action;
	rules->hits++;
	if (rules->times > 0)
		rules->times--;
	return true;
}

/* Append a constant; the compiler turns the memcpy() into a few moves. */
#define roulette_append(_to, _text) ({					\
	memcpy(_to, _text, sizeof(_text) - 1);				\
	(_to) + sizeof(_text) - 1;					\
})

/* Two digits at most are the usual case, and three times as quick. */
static inline char *roulette_append_u32(char *to, u32 number)
{
	u64 power;
	char *end;

	if (number < 100) {
		u32 tens = number / 10;

		if (tens)
			*to++ = '0' + tens;
		*to++ = '0' + number - 10 * tens;
		return to;
	}
	to++;
	for (power = 10; number >= power; power *= 10)
		to++;
	end = to;
	do {
		*--to = '0' + number % 10;
		number /= 10;
	} while (number);
	return end;
}

static char *roulette_append_string(char *to, const char *string)
{
	while (*string)
		*to++ = *string++;
	return to;
}

static char *roulette_append_outcome(char *to, const struct roulette_pull *pull)
{
	switch (pull->outcome) {
	case ROULETTE_HELD_BY_ARMED:
		return roulette_append(to, ", held by armed");
	case ROULETTE_HELD_BY_TIMES:
		return roulette_append(to, ", held by times");
	case ROULETTE_HELD_BY_SPACE:
		return roulette_append(to, ", held by space");
	case ROULETTE_HELD_BY_INTERVAL:
		return roulette_append(to, ", held by interval");
	default:
		to = roulette_append(to, ", action ");
		return roulette_append_string(to, pull->action->name);
	}
}

/**
 * roulette_pull_line() - the line that tells of a pull
 * @pull: the pull
 * @line: room for ROULETTE_LINE_MAX bytes; not ended by NUL
 *
 * Any context. Return: its length, 0 for a &struct roulette_pull that is zero.
 */
size_t roulette_pull_line(const struct roulette_pull *pull, char *line)
{
	static const char longest[] = "click: drew 4294967295, odds "
		"4294967295/4294967295, held by interval\n";
	char *to = line;

	BUILD_BUG_ON(sizeof(longest) + ROULETTE_ODDS_TEXT > ROULETTE_LINE_MAX);

	if (unlikely(!pull->odds_len))
		return 0;
	if (pull->outcome == ROULETTE_BANG)
		to = roulette_append(to, "bang: drew ");
	else
		to = roulette_append(to, "click: drew ");
	to = roulette_append_u32(to, pull->drawn);
	to = roulette_append(to, ", odds ");
	memcpy(to, pull->odds, sizeof(pull->odds));
	to += pull->odds_len;
	if (pull->outcome != ROULETTE_CLICK)
		to = roulette_append_outcome(to, pull);
	*to++ = '\n';
	return to - line;
}
