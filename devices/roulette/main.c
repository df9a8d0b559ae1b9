// SPDX-License-Identifier: GPL-2.0
/* The module roulette: module parameters and device type. */
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/moduleparam.h>
#include <linux/random.h>

#include "actions/action.h"
#include "device.h"
#include "shot/shot.h"

/* Default of hang_time in seconds. Most lockup detectors need about 20 s. */
#define ROULETTE_HANG_TIME	30

/* Initial values of the default device. */
static struct roulette_odds default_odds;
static const struct roulette_action *default_action;

static bool default_device = true;

static int odds_param_parse(const char *value)
{
	return roulette_odds_parse(value, &default_odds);
}

static int odds_param_set(const char *value, const struct kernel_param *kp)
{
	return roulette_param_set(value, kp,
				  "N (in 100) or N/M, 0 <= N <= M, 1 <= M < 2^32",
				  odds_param_parse);
}

static int odds_param_get(char *buf, const struct kernel_param *kp)
{
	if (default_odds.slots == 100)
		return sysfs_emit(buf, "%u\n", default_odds.hits);
	return sysfs_emit(buf, "%s\n", default_odds.text);
}

static const struct kernel_param_ops odds_param_ops = {
	.set = odds_param_set,
	.get = odds_param_get,
};

static int action_param_parse(const char *value)
{
	const struct roulette_action *action = roulette_action_find(value);

	if (!action)
		return -EINVAL;
	default_action = action;
	return 0;
}

static int action_param_set(const char *value, const struct kernel_param *kp)
{
	return roulette_param_set(value, kp,
				  "one of none, warn, oops, bug, panic or another of available_actions",
				  action_param_parse);
}

static int action_param_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n", default_action->name);
}

static const struct kernel_param_ops action_param_ops = {
	.set = action_param_set,
	.get = action_param_get,
};

static int armed_param_set(const char *value, const struct kernel_param *kp)
{
	bool armed = true;
	int ret = value ? kstrtobool(value, &armed) : 0;

	if (!ret)
		roulette_arm(armed);
	return ret;
}

static int armed_param_get(char *buf, const struct kernel_param *kp)
{
	bool armed = roulette_is_armed(READ_ONCE(roulette_arming));

	return sysfs_emit(buf, "%c\n", armed ? 'Y' : 'N');
}

static const struct kernel_param_ops armed_param_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = armed_param_set,
	.get = armed_param_get,
};

module_param_cb(odds, &odds_param_ops, NULL, 0444);
MODULE_PARM_DESC(odds, "odds of the default device, N (in 100) or N/M (default 10)");
module_param_cb(action, &action_param_ops, NULL, 0444);
MODULE_PARM_DESC(action, "action of the default device (default bug)");
module_param(default_device, bool, 0444);
MODULE_PARM_DESC(default_device, "create the device kernel-roulette (default Y)");
module_param_cb(armed, &armed_param_ops, NULL, 0644);
__MODULE_PARM_TYPE(armed, "bool");
MODULE_PARM_DESC(armed, "N disarms all devices: no pull hits (default Y)");

static int roulette_init(struct roulette_device *rdev)
{
	struct roulette_state *state = rdev->priv;
	struct roulette_rules *rules = &state->rules;

	spin_lock_init(&state->lock);
	roulette_news_init(&state->news, rdev);
	if (rdev->is_default)
		rules->odds = default_odds;
	else
		roulette_odds_set(&rules->odds, 0, 100);
	rules->action = rdev->is_default ? default_action :
					   roulette_action_find("bug");
	rules->hang_time = ROULETTE_HANG_TIME;
	rules->times = -1;
	rules->interval = 1;
	rules->respin = true;
	roulette_rules_reseed(rules, get_random_u64());
	return 0;
}

static void roulette_exit(struct roulette_device *rdev)
{
	struct roulette_state *state = rdev->priv;

	roulette_news_free(&state->news);
}

static void roulette_added(struct roulette_device *rdev)
{
	struct roulette_state *state = rdev->priv;

	roulette_news_begin(&state->news);
}

static void roulette_removed(struct roulette_device *rdev)
{
	struct roulette_state *state = rdev->priv;

	roulette_cancel_all(rdev);
	roulette_news_end(&state->news);
}

static int roulette_describe(struct roulette_device *rdev, char *buf,
			     size_t size)
{
	struct roulette_state *state = rdev->priv;
	struct roulette_rules rules;

	spin_lock(&state->lock);
	rules = state->rules;
	spin_unlock(&state->lock);
	return scnprintf(buf, size, "odds %s, action %s, seed 0x%llx",
			 rules.odds.text, rules.action->name, rules.seed);
}

static const struct roulette_type roulette_type = {
	.name = "roulette",
	.owner = THIS_MODULE,
	.priv_size = sizeof(struct roulette_state),
	.mode = 0400,
	.fops = &roulette_file_ops,
	.knobs = roulette_knobs,
	.init = roulette_init,
	.exit = roulette_exit,
	.added = roulette_added,
	.remove = roulette_removed,
	.describe = roulette_describe,
	.default_name = "kernel-roulette",
	.default_device = &default_device,
};

static int __init roulette_load(void)
{
	int ret;

	/* Defaults of parameters that were not set at load. */
	if (!default_odds.slots)
		roulette_odds_set(&default_odds, 10, 100);
	if (!default_action)
		default_action = roulette_action_find("bug");
	ret = roulette_memory_init();
	if (ret)
		return ret;
	ret = roulette_corruption_init();
	if (ret)
		goto exit_memory;
	ret = roulette_last_init();
	if (ret)
		goto exit_corruption;
	ret = roulette_type_register(&roulette_type);
	if (ret)
		goto exit_last;
	return 0;

exit_last:
	roulette_last_exit();
exit_corruption:
	roulette_corruption_exit();
exit_memory:
	roulette_memory_exit();
	return ret;
}

static void __exit roulette_unload(void)
{
	roulette_type_unregister(&roulette_type);
	roulette_tasks_wait();
	roulette_hangs_wait();
	roulette_last_exit();
	roulette_corruption_exit();
	roulette_memory_exit();
}

module_init(roulette_load);
module_exit(roulette_unload);

MODULE_DESCRIPTION("Kernel roulette: a read may crash the kernel");
MODULE_AUTHOR("The kernel-roulette authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(ROULETTE_VERSION);
