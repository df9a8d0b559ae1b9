// SPDX-License-Identifier: GPL-2.0
/* The type coin: each read tosses it, "heads" or "tails". See docs/devices.md. */
#include <linux/atomic.h>
#include <linux/poll.h>
#include <linux/random.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "roulette.h"

/* Private data of a coin, type->priv_size bytes. */
struct coin {
	unsigned int bias;	/* how many tosses of 100 give heads */
	atomic64_t flips;
};

static ssize_t bias_show(struct roulette_device *rdev, char *buf)
{
	struct coin *coin = rdev->priv;

	return sysfs_emit(buf, "%u\n", READ_ONCE(coin->bias));
}

static int bias_store(struct roulette_device *rdev, char *value)
{
	struct coin *coin = rdev->priv;
	u64 bias;
	int ret = roulette_parse_u64(value, strlen(value), 0, 100, &bias);

	if (!ret)
		WRITE_ONCE(coin->bias, bias);
	return ret;
}

ROULETTE_KNOB_RW(bias);

static ssize_t flips_show(struct roulette_device *rdev, char *buf)
{
	struct coin *coin = rdev->priv;

	return sysfs_emit(buf, "%lld\n", atomic64_read(&coin->flips));
}

ROULETTE_KNOB_RO(flips);

static struct roulette_knob *const coin_knobs[] = {
	&bias_knob, &flips_knob, NULL
};

static ssize_t coin_read(struct file *file, char __user *buf, size_t count,
			 loff_t *ppos)
{
	struct roulette_device *rdev = file->private_data;
	struct coin *coin = rdev->priv;
	u64 slot = (u64)get_random_u32() * 100 >> 32;
	const char *side = slot < READ_ONCE(coin->bias) ? "heads\n" : "tails\n";
	size_t len = strlen(side);

	if (roulette_gone(rdev))
		return -ENODEV;
	if (count < len)
		return -EINVAL;
	atomic64_inc(&coin->flips);
	return copy_to_user(buf, side, len) ? -EFAULT : len;
}

static __poll_t coin_poll(struct file *file, poll_table *wait)
{
	struct roulette_device *rdev = file->private_data;

	poll_wait(file, &rdev->wait, wait);
	return roulette_gone(rdev) ? EPOLLHUP | EPOLLERR : EPOLLIN | EPOLLRDNORM;
}

static const struct file_operations coin_fops = {
	.owner = THIS_MODULE,
	.open = stream_open,
	.release = roulette_release,
	.read = coin_read,
	.poll = coin_poll,
};

static int coin_init(struct roulette_device *rdev)
{
	struct coin *coin = rdev->priv;

	coin->bias = 50;
	return 0;
}

static const struct roulette_type coin_type = {
	.name = "coin", .owner = THIS_MODULE, .priv_size = sizeof(struct coin),
	.mode = 0444, .fops = &coin_fops, .knobs = coin_knobs, .init = coin_init,
};
module_roulette_type(coin_type);

MODULE_DESCRIPTION("Toss a coin: an example of a device type");
MODULE_AUTHOR("The kernel-roulette authors");
MODULE_LICENSE("GPL");
