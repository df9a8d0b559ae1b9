// SPDX-License-Identifier: GPL-2.0
/* The type bell: a read waits for a ring, and takes it. See docs/devices.md. */
#include <linux/atomic.h>
#include <linux/poll.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "roulette.h"

struct bell {
	atomic_t rings;		/* not yet read */
};

static ssize_t rings_show(struct roulette_device *rdev, char *buf)
{
	struct bell *bell = rdev->priv;

	return sysfs_emit(buf, "%d\n", atomic_read(&bell->rings));
}

static int rings_store(struct roulette_device *rdev, char *value)
{
	struct bell *bell = rdev->priv;
	u64 rings;
	int ret = roulette_parse_u64(value, strlen(value), 0, 1000, &rings);

	if (ret)
		return ret;
	atomic_set(&bell->rings, rings);
	wake_up_all(&rdev->wait);
	return 0;
}

ROULETTE_KNOB_RW(rings);

static struct roulette_knob *const bell_knobs[] = { &rings_knob, NULL };

static ssize_t bell_read(struct file *file, char __user *buf, size_t count,
			 loff_t *ppos)
{
	static const char ding[] = "ding\n";
	struct roulette_device *rdev = file->private_data;
	struct bell *bell = rdev->priv;
	size_t len = strlen(ding);
	int ret;

	if (roulette_gone(rdev))
		return -ENODEV;
	if (count < len)
		return -EINVAL;
	/* Another reader may take the ring that woke this one. */
	while (atomic_dec_if_positive(&bell->rings) < 0) {
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		ret = wait_event_interruptible(rdev->wait,
					       roulette_gone(rdev) ||
					       atomic_read(&bell->rings));
		if (ret)
			return ret;
		if (roulette_gone(rdev))
			return -ENODEV;
	}
	if (copy_to_user(buf, ding, len)) {
		/* Nobody has read this ring. */
		atomic_inc(&bell->rings);
		wake_up_all(&rdev->wait);
		return -EFAULT;
	}
	return len;
}

static __poll_t bell_poll(struct file *file, poll_table *wait)
{
	struct roulette_device *rdev = file->private_data;
	struct bell *bell = rdev->priv;

	poll_wait(file, &rdev->wait, wait);
	if (roulette_gone(rdev))
		return EPOLLHUP | EPOLLERR;
	return atomic_read(&bell->rings) ? EPOLLIN | EPOLLRDNORM : 0;
}

static const struct file_operations bell_fops = {
	.owner = THIS_MODULE,
	.open = stream_open,
	.release = roulette_release,
	.read = bell_read,
	.poll = bell_poll,
};

static const struct roulette_type bell_type = {
	.name = "bell", .owner = THIS_MODULE, .priv_size = sizeof(struct bell),
	.mode = 0444, .fops = &bell_fops, .knobs = bell_knobs,
};
module_roulette_type(bell_type);

MODULE_DESCRIPTION("Wait for a bell: an example of a device type that blocks");
MODULE_AUTHOR("The kernel-roulette authors");
MODULE_LICENSE("GPL");
