// SPDX-License-Identifier: GPL-2.0
/* The knobs of type roulette. */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "actions/action.h"
#include "device.h"
#include "shot/shot.h"

static struct roulette_state *to_state(struct roulette_device *rdev)
{
	return rdev->priv;
}

static ssize_t odds_show(struct roulette_device *rdev, char *buf)
{
	struct roulette_state *state = to_state(rdev);
	struct roulette_odds odds;

	spin_lock(&state->lock);
	odds = state->rules.odds;
	spin_unlock(&state->lock);
	if (odds.slots == 100)
		return sysfs_emit(buf, "%u\n", odds.hits);
	return sysfs_emit(buf, "%s\n", odds.text);
}

static int odds_store(struct roulette_device *rdev, char *value)
{
	struct roulette_state *state = to_state(rdev);
	struct roulette_odds odds;
	int ret = roulette_odds_parse(value, &odds);

	if (ret)
		return ret;
	spin_lock(&state->lock);
	state->rules.odds = odds;
	spin_unlock(&state->lock);
	return 0;
}

ROULETTE_KNOB_RW(odds);

static ssize_t action_show(struct roulette_device *rdev, char *buf)
{
	struct roulette_state *state = to_state(rdev);
	const struct roulette_action *action;

	spin_lock(&state->lock);
	action = state->rules.action;
	spin_unlock(&state->lock);
	return sysfs_emit(buf, "%s\n", action->name);
}

/*
 * Sets action, context and delay_ms together, because they depend on each
 * other. NULL keeps the old value.
 */
static int shot_store(struct roulette_device *rdev,
		      const struct roulette_action *new_action,
		      const u8 *new_context, const u32 *new_delay_ms)
{
	struct roulette_state *state = to_state(rdev);
	struct roulette_rules *rules = &state->rules;
	const struct roulette_action *action;
	bool possible;
	u32 delay_ms;
	u8 context;

	spin_lock(&state->lock);
	action = new_action ?: rules->action;
	context = new_context ? *new_context : rules->context;
	delay_ms = new_delay_ms ? *new_delay_ms : rules->delay_ms;
	possible = roulette_shot_possible(action, context, delay_ms);
	if (possible) {
		rules->action = action;
		rules->context = context;
		rules->delay_ms = delay_ms;
	}
	spin_unlock(&state->lock);
	if (possible)
		return 0;
	dev_warn(&rdev->dev, "action %s requires %s\n", action->name,
		 roulette_action_needs(action));
	return -EINVAL;
}

static int action_store(struct roulette_device *rdev, char *value)
{
	const struct roulette_action *action = roulette_action_find(value);

	if (!action)
		return -EINVAL;
	return shot_store(rdev, action, NULL, NULL);
}

ROULETTE_KNOB_RW(action);

static ssize_t available_actions_show(struct roulette_device *rdev, char *buf)
{
	return roulette_action_list(buf);
}

ROULETTE_KNOB_RO(available_actions);

static ssize_t context_show(struct roulette_device *rdev, char *buf)
{
	struct roulette_state *state = to_state(rdev);
	u8 context;

	spin_lock(&state->lock);
	context = state->rules.context;
	spin_unlock(&state->lock);
	return sysfs_emit(buf, "%s\n", roulette_context_name(context));
}

static int context_store(struct roulette_device *rdev, char *value)
{
	int found = roulette_context_find(value);
	u8 context;

	if (found < 0)
		return -EINVAL;
	context = found;
	return shot_store(rdev, NULL, &context, NULL);
}

ROULETTE_KNOB_RW(context);

static ssize_t available_contexts_show(struct roulette_device *rdev, char *buf)
{
	return roulette_context_list(buf);
}

ROULETTE_KNOB_RO(available_contexts);

/*
 * The show and store functions of a knob that is one number of the rules.
 * @_format is the printf format of the number, @_parse its parser.
 */
#define ROULETTE_RULE_SHOW(_name, _rule, _format, _type)		\
static ssize_t _name##_show(struct roulette_device *rdev, char *buf)	\
{									\
	struct roulette_state *state = to_state(rdev);			\
	_type value;							\
									\
	spin_lock(&state->lock);					\
	value = state->rules._rule;					\
	spin_unlock(&state->lock);					\
	return sysfs_emit(buf, _format "\n", value);			\
}

#define ROULETTE_RULE_STORE(_name, _type, _parse)			\
static int _name##_store(struct roulette_device *rdev, char *value)	\
{									\
	struct roulette_state *state = to_state(rdev);			\
	_type number;							\
	int ret = _parse(value, &number);				\
									\
	if (ret)							\
		return ret;						\
	spin_lock(&state->lock);					\
	state->rules._name = number;					\
	spin_unlock(&state->lock);					\
	return 0;							\
}

/* times is the only signed number: -1 means no limit. */
static int times_parse(const char *value, s64 *times)
{
	bool negative = value[0] == '-';
	const char *digits = value + negative;
	u64 number;
	int ret = roulette_parse_u64(digits, strlen(digits), 0,
				     negative ? 1 : S64_MAX, &number);

	if (!ret)
		*times = negative ? -(s64)number : number;
	return ret;
}

static int interval_parse(const char *value, u64 *interval)
{
	return roulette_parse_u64(value, strlen(value), 1, U32_MAX, interval);
}

static int space_parse(const char *value, u64 *space)
{
	return roulette_parse_u64(value, strlen(value), 0, U64_MAX, space);
}

static int u32_parse(const char *value, u64 *number)
{
	return roulette_parse_u64(value, strlen(value), 0, U32_MAX, number);
}

static int respin_parse(const char *value, u64 *respin)
{
	return roulette_parse_u64(value, strlen(value), 0, 1, respin);
}

ROULETTE_RULE_SHOW(times, times, "%lld", s64)
ROULETTE_RULE_STORE(times, s64, times_parse)
ROULETTE_KNOB_RW(times);

ROULETTE_RULE_SHOW(interval, interval, "%u", u32)
ROULETTE_RULE_STORE(interval, u64, interval_parse)
ROULETTE_KNOB_RW(interval);

ROULETTE_RULE_SHOW(space, space, "%llu", u64)
ROULETTE_RULE_STORE(space, u64, space_parse)
ROULETTE_KNOB_RW(space);

ROULETTE_RULE_SHOW(respin, respin, "%u", u32)
ROULETTE_RULE_STORE(respin, u64, respin_parse)
ROULETTE_KNOB_RW(respin);

ROULETTE_RULE_SHOW(hang_time, hang_time, "%u", u32)
ROULETTE_RULE_STORE(hang_time, u64, u32_parse)
ROULETTE_KNOB_RW(hang_time);

ROULETTE_RULE_SHOW(delay_ms, delay_ms, "%u", u32)

static int delay_ms_store(struct roulette_device *rdev, char *value)
{
	u64 number;
	int ret = u32_parse(value, &number);
	u32 delay_ms;

	if (ret)
		return ret;
	delay_ms = number;
	return shot_store(rdev, NULL, NULL, &delay_ms);
}

ROULETTE_KNOB_RW(delay_ms);

ROULETTE_RULE_SHOW(pulls, pulls, "%llu", u64)
ROULETTE_KNOB_RO(pulls);

ROULETTE_RULE_SHOW(hits, hits, "%llu", u64)
ROULETTE_KNOB_RO(hits);

static ssize_t pending_show(struct roulette_device *rdev, char *buf)
{
	return sysfs_emit(buf, "%u\n", roulette_shots_pending(rdev));
}

ROULETTE_KNOB_RO(pending);

static int seed_parse(const char *value, u64 *seed)
{
	size_t len = strlen(value);

	if (value[0] != '0' || tolower(value[1]) != 'x')
		return roulette_parse_u64(value, len, 0, U64_MAX, seed);
	value += 2;
	/* kstrtoull() accepts a second 0x, and misses junk after overflow. */
	if (!*value || value[strspn(value, "0123456789abcdefABCDEF")])
		return -EINVAL;
	return kstrtoull(value, 16, seed);
}

ROULETTE_RULE_SHOW(seed, seed, "0x%llx", u64)

static int seed_store(struct roulette_device *rdev, char *value)
{
	struct roulette_state *state = to_state(rdev);
	u64 seed;
	int ret = seed_parse(value, &seed);

	if (ret)
		return ret;
	spin_lock(&state->lock);
	roulette_rules_reseed(&state->rules, seed);
	spin_unlock(&state->lock);
	return 0;
}

ROULETTE_KNOB_RW(seed);

static int reset_store(struct roulette_device *rdev, char *value)
{
	struct roulette_state *state = to_state(rdev);
	u64 one;
	int ret = roulette_parse_u64(value, strlen(value), 1, 1, &one);

	if (ret)
		return ret;
	spin_lock(&state->lock);
	state->rules.pulls = 0;
	state->rules.hits = 0;
	state->rules.number = 0;
	spin_unlock(&state->lock);
	roulette_news_report(&state->news, NULL);
	return 0;
}

ROULETTE_KNOB_WO(reset);

static ssize_t label_show(struct roulette_device *rdev, char *buf)
{
	struct roulette_state *state = to_state(rdev);
	char label[ROULETTE_LABEL_MAX + 1];

	spin_lock(&state->lock);
	strscpy(label, state->rules.label, sizeof(label));
	spin_unlock(&state->lock);
	return sysfs_emit(buf, "%s\n", label);
}

/* The log quotes a label, so quotes and backslashes are invalid in it. */
static int label_store(struct roulette_device *rdev, char *value)
{
	struct roulette_state *state = to_state(rdev);
	size_t i;

	for (i = 0; value[i]; i++) {
		if (i == ROULETTE_LABEL_MAX || !isascii(value[i]) ||
		    !isprint(value[i]) || value[i] == '"' || value[i] == '\\')
			return -EINVAL;
	}
	spin_lock(&state->lock);
	strscpy(state->rules.label, value, sizeof(state->rules.label));
	spin_unlock(&state->lock);
	return 0;
}

ROULETTE_KNOB_RW(label);

struct roulette_knob *const roulette_knobs[] = {
	&odds_knob,
	&action_knob,
	&available_actions_knob,
	&context_knob,
	&available_contexts_knob,
	&delay_ms_knob,
	&hang_time_knob,
	&times_knob,
	&interval_knob,
	&space_knob,
	&respin_knob,
	&seed_knob,
	&label_knob,
	&pulls_knob,
	&hits_knob,
	&pending_knob,
	&reset_knob,
	NULL
};
