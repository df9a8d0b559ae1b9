// SPDX-License-Identifier: GPL-2.0
/*
 * Mounts a type's knobs below /sys/class/roulette, and is where both mounts
 * meet: each read and write of a knob goes through roulette_knob_show() or
 * roulette_knob_store(), so that both take and say the same.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "core.h"

static ssize_t type_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct roulette_device *rdev =
		container_of(dev, struct roulette_device, dev);

	return sysfs_emit(buf, "%s\n", rdev->type->name);
}
static DEVICE_ATTR_RO(type);

static struct attribute *roulette_class_attrs[] = {
	&dev_attr_type.attr,
	NULL
};

static const struct attribute_group roulette_class_group = {
	.attrs = roulette_class_attrs,
};

/* What every device has, whatever its type. */
const struct attribute_group *roulette_class_groups[] = {
	&roulette_class_group,
	NULL
};

/**
 * roulette_knob_count() - how many knobs does a type have?
 * @type: the type
 *
 * Return: the number of knobs.
 */
size_t roulette_knob_count(const struct roulette_type *type)
{
	size_t count = 0;

	while (type->knobs[count])
		count++;
	return count;
}

/**
 * roulette_knob_show() - read a knob, from either mount
 * @knob: the knob
 * @rdev: the device
 * @buf: a page, aligned
 *
 * May sleep.
 *
 * Return: the number of bytes in @buf, or a negative errno.
 */
ssize_t roulette_knob_show(const struct roulette_knob *knob,
			   struct roulette_device *rdev, char *buf)
{
	return knob->show(rdev, buf);
}

/**
 * roulette_knob_store() - write a knob, from either mount
 * @knob: the knob
 * @rdev: the device
 * @buf: what was written
 * @count: its length
 *
 * Takes off one newline and refuses what no knob takes: a NUL, and a write
 * that fills the page, since sysfs and configfs then keep the rest of it for
 * another call. May sleep.
 *
 * Return: @count, or a negative errno and nothing has changed.
 */
ssize_t roulette_knob_store(const struct roulette_knob *knob,
			    struct roulette_device *rdev,
			    const char *buf, size_t count)
{
	size_t len = count;
	char *value;
	int ret;

	if (count >= PAGE_SIZE - 1 || memchr(buf, '\0', count))
		return -EINVAL;
	if (len && buf[len - 1] == '\n')
		len--;
	value = kmemdup_nul(buf, len, GFP_KERNEL);
	if (!value)
		return -ENOMEM;
	ret = knob->store(rdev, value);
	kfree(value);
	return ret ?: count;
}

/**
 * roulette_sysfs_show() - read a knob in sysfs
 * @dev: the device
 * @attr: the knob's sysfs side
 * @buf: a page
 *
 * Return: the number of bytes in @buf, or a negative errno.
 */
ssize_t roulette_sysfs_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	return roulette_knob_show(container_of(attr, struct roulette_knob, sysfs),
				  container_of(dev, struct roulette_device, dev),
				  buf);
}
EXPORT_SYMBOL_GPL(roulette_sysfs_show);

/**
 * roulette_sysfs_store() - write a knob in sysfs
 * @dev: the device
 * @attr: the knob's sysfs side
 * @buf: what was written
 * @count: its length
 *
 * Return: @count, or a negative errno and nothing has changed.
 */
ssize_t roulette_sysfs_store(struct device *dev, struct device_attribute *attr,
			     const char *buf, size_t count)
{
	return roulette_knob_store(container_of(attr, struct roulette_knob, sysfs),
				   container_of(dev, struct roulette_device, dev),
				   buf, count);
}
EXPORT_SYMBOL_GPL(roulette_sysfs_store);

/**
 * roulette_sysfs_init() - prepare what each device of a type mounts in sysfs
 * @entry: the type
 *
 * May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int roulette_sysfs_init(struct roulette_type_entry *entry)
{
	size_t count = roulette_knob_count(entry->type);
	struct attribute **attrs;
	size_t i;

	attrs = kcalloc(count + 1, sizeof(*attrs), GFP_KERNEL);
	if (!attrs)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		attrs[i] = &entry->type->knobs[i]->sysfs.attr;
	entry->sysfs_group.attrs = attrs;
	entry->sysfs_groups[0] = &entry->sysfs_group;
	return 0;
}

/**
 * roulette_sysfs_exit() - undo roulette_sysfs_init()
 * @entry: the type
 */
void roulette_sysfs_exit(struct roulette_type_entry *entry)
{
	kfree(entry->sysfs_group.attrs);
}
