// SPDX-License-Identifier: GPL-2.0
/*
 * Knobs in /sys/class/roulette. sysfs and configfs access each knob through
 * roulette_knob_show() and roulette_knob_store(), so both accept and return the
 * same values.
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

/**
 * roulette_knob_count() - count the knobs of a type
 * @type: the type
 *
 * Context: Any context.
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
 * roulette_knob_show() - read a knob, for sysfs and configfs
 * @knob: the knob
 * @rdev: the device
 * @buf: an aligned page
 *
 * Context: Process context. May sleep.
 *
 * Return: the number of bytes in @buf, or a negative errno.
 */
ssize_t roulette_knob_show(const struct roulette_knob *knob,
			   struct roulette_device *rdev, char *buf)
{
	return knob->show(rdev, buf);
}

/*
 * configfs passes at most this many bytes of a write (SIMPLE_ATTR_SIZE - 1 in
 * fs/configfs/file.c), sysfs at most one page. So a write of this length may be
 * truncated.
 */
#define ROULETTE_WRITE_CUT	4095

/**
 * roulette_knob_store() - write a knob, for sysfs and configfs
 * @knob: the knob
 * @rdev: the device
 * @buf: the written text
 * @count: length of @buf
 *
 * Removes one final newline. Refuses a NUL, and a write of
 * ROULETTE_WRITE_CUT bytes or more. On an error nothing is changed.
 *
 * Context: Process context. May sleep.
 *
 * Return: @count, or a negative errno.
 */
ssize_t roulette_knob_store(const struct roulette_knob *knob,
			    struct roulette_device *rdev,
			    const char *buf, size_t count)
{
	size_t len = count;
	char *value;
	int ret;

	if (count >= ROULETTE_WRITE_CUT || memchr(buf, '\0', count))
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
 * @attr: &roulette_knob.sysfs of the knob
 * @buf: a page
 *
 * Context: Process context. May sleep.
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
 * @attr: &roulette_knob.sysfs of the knob
 * @buf: the written text
 * @count: length of @buf
 *
 * Context: Process context. May sleep.
 *
 * Return: @count, or a negative errno.
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
 * roulette_sysfs_init() - prepare the sysfs attributes of a type's devices
 * @entry: the type
 *
 * Context: Process context. May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int roulette_sysfs_init(struct roulette_type_entry *entry)
{
	size_t count = roulette_knob_count(entry->type);
	struct attribute **attrs;
	size_t i;

	attrs = kcalloc(1 + count + 1, sizeof(*attrs), GFP_KERNEL);
	if (!attrs)
		return -ENOMEM;
	/* Independent of the type, each device has the file type. */
	attrs[0] = &dev_attr_type.attr;
	for (i = 0; i < count; i++)
		attrs[1 + i] = &entry->type->knobs[i]->sysfs.attr;
	entry->sysfs_group.attrs = attrs;
	entry->sysfs_groups[0] = &entry->sysfs_group;
	return 0;
}

/**
 * roulette_sysfs_exit() - undo roulette_sysfs_init()
 * @entry: the type
 *
 * Context: Any context.
 */
void roulette_sysfs_exit(struct roulette_type_entry *entry)
{
	kfree(entry->sysfs_group.attrs);
}
