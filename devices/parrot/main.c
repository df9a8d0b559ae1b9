// SPDX-License-Identifier: GPL-2.0
/* The module parrot: module parameters and device type. */
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/moduleparam.h>

#include "parrot.h"

static u32 default_rate = 20000;
static bool default_device = true;

static int rate_param_parse(const char *value)
{
	return parrot_rate_parse(value, &default_rate);
}

static int rate_param_set(const char *value, const struct kernel_param *kp)
{
	return roulette_param_set(value, kp,
				  "0.001 to 1000 with up to three decimals, 0 for paused, or max",
				  rate_param_parse);
}

static int rate_param_get(char *buf, const struct kernel_param *kp)
{
	char text[PARROT_RATE_TEXT];

	return sysfs_emit(buf, "%s\n", parrot_rate_text(default_rate, text));
}

static const struct kernel_param_ops rate_param_ops = {
	.set = rate_param_set,
	.get = rate_param_get,
};

module_param_cb(frame_rate, &rate_param_ops, NULL, 0444);
MODULE_PARM_DESC(frame_rate, "frames per second of the default device, 0 (paused), 0.001 to 1000, or max (default 20)");
module_param(default_device, bool, 0444);
MODULE_PARM_DESC(default_device, "create the device parrot (default Y)");

struct parrot_animation *parrot_party;

static int parrot_init(struct roulette_device *rdev)
{
	struct parrot *parrot = to_parrot(rdev);

	mutex_init(&parrot->setup);
	spin_lock_init(&parrot->lock);
	parrot->rdev = rdev;
	parrot_clock_init(&parrot->clock, rdev->is_default ? default_rate : 20000,
			  ktime_get_ns());
	parrot->color = PARROT_COLOR_CYCLE;
	parrot->base = parrot_animation_get(parrot_party);
	parrot->shown = parrot_animation_get(parrot_party);
	return 0;
}

static void parrot_exit(struct roulette_device *rdev)
{
	struct parrot *parrot = to_parrot(rdev);

	parrot_animation_put(parrot->base);
	parrot_animation_put(parrot->shown);
}

static int parrot_describe(struct roulette_device *rdev, char *buf, size_t size)
{
	struct parrot *parrot = to_parrot(rdev);
	char text[PARROT_RATE_TEXT];
	u32 rate;

	spin_lock(&parrot->lock);
	rate = parrot->clock.rate;
	spin_unlock(&parrot->lock);
	return scnprintf(buf, size, "frame rate %s",
			 parrot_rate_text(rate, text));
}

static const struct roulette_type parrot_type = {
	.name = "parrot",
	.owner = THIS_MODULE,
	.priv_size = sizeof(struct parrot),
	.mode = 0444,
	.fops = &parrot_file_ops,
	.knobs = parrot_knobs,
	.init = parrot_init,
	.exit = parrot_exit,
	.describe = parrot_describe,
	.default_name = "parrot",
	.default_device = &default_device,
};

static int __init parrot_load_module(void)
{
	int ret;

	ret = parrot_edges_make();
	if (ret)
		return ret;
	parrot_party = parrot_party_make();
	if (IS_ERR(parrot_party)) {
		ret = PTR_ERR(parrot_party);
		goto free_edges;
	}
	ret = roulette_type_register(&parrot_type);
	if (ret)
		goto put_party;
	return 0;

put_party:
	parrot_animation_put(parrot_party);
free_edges:
	parrot_edges_free();
	return ret;
}

static void __exit parrot_unload_module(void)
{
	roulette_type_unregister(&parrot_type);
	parrot_animation_put(parrot_party);
	parrot_edges_free();
}

module_init(parrot_load_module);
module_exit(parrot_unload_module);

MODULE_DESCRIPTION("A party parrot that plays at a live frame rate");
MODULE_AUTHOR("The kernel-roulette authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(ROULETTE_VERSION);
