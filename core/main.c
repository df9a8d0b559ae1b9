// SPDX-License-Identifier: GPL-2.0
/*
 * The module roulette_core: registers the class, the device numbers and the
 * configfs subsystem. roulette_open() passes each file to the device's type.
 */
#include <linux/cdev.h>
#include <linux/completion.h>
#include <linux/moduleparam.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "compat.h"
#include "core.h"

unsigned int roulette_max_devices = 65536;
dev_t roulette_devt;

static int max_devices_parse(const char *value)
{
	u64 number;
	int ret = roulette_parse_u64(value, strlen(value), 1, MINORMASK + 1,
				     &number);

	if (!ret)
		roulette_max_devices = number;
	return ret;
}

static int max_devices_set(const char *value, const struct kernel_param *kp)
{
	return roulette_param_set(value, kp, "a number from 1 to 1048576",
				  max_devices_parse);
}

static const struct kernel_param_ops max_devices_ops = {
	.set = max_devices_set,
	.get = param_get_uint,
};

module_param_cb(max_devices, &max_devices_ops, &roulette_max_devices, 0444);
MODULE_PARM_DESC(max_devices,
		 "maximum number of devices of all types, 1 to 1048576 (default 65536)");

/* A default device is /dev/NAME, any other is /dev/roulette/NAME. */
static char *roulette_devnode(roulette_devnode_const struct device *dev,
			      umode_t *mode)
{
	const struct roulette_device *rdev =
		container_of(dev, struct roulette_device, dev);

	if (mode)
		*mode = rdev->type->mode;
	if (rdev->is_default)
		return NULL;
	/*
	 * If this returned NULL, devtmpfs would use /dev/NAME. It would create
	 * the wrong node, or on removal not find the right node.
	 */
	return kasprintf(GFP_KERNEL | __GFP_NOFAIL, "roulette/%s",
			 dev_name(dev));
}

/* Module exit waits for the release, because the class is static. */
static DECLARE_COMPLETION(roulette_class_idle);

static void roulette_class_release(roulette_class_const struct class *class)
{
	complete(&roulette_class_idle);
}

struct class roulette_class = {
	.name = "roulette",
	.devnode = roulette_devnode,
	.dev_release = roulette_device_release,
	.class_release = roulette_class_release,
};

static void roulette_class_end(void)
{
	class_unregister(&roulette_class);
	wait_for_completion(&roulette_class_idle);
	/* The release function may still run, see roulette_wait_idle(). */
	synchronize_rcu_tasks();
}

/*
 * One cdev covers all devices, so the device is found by its number. After
 * replace_fops() the file pins the type's module, and still pins this module by
 * its reference to the cdev.
 */
static int roulette_open(struct inode *inode, struct file *file)
{
	struct roulette_device *rdev = roulette_get_by_minor(iminor(inode));
	const struct file_operations *fops;
	int ret;

	if (!rdev)
		return -ENXIO;
	fops = fops_get(rdev->type->fops);
	if (!fops) {
		ret = -ENXIO;
		goto put;
	}
	replace_fops(file, fops);
	file->private_data = rdev;
	if (fops->open) {
		ret = fops->open(inode, file);
		if (ret)
			goto put;
	}
	return 0;

put:
	roulette_put(rdev);
	return ret;
}

/**
 * roulette_release() - release a file of a type without data per open file
 * @inode: inode of the node
 * @file: the file; its private_data is the device
 *
 * Context: Process context. May sleep.
 *
 * Return: 0.
 */
int roulette_release(struct inode *inode, struct file *file)
{
	roulette_put(file->private_data);
	return 0;
}
EXPORT_SYMBOL_GPL(roulette_release);

static const struct file_operations roulette_fops = {
	.owner = THIS_MODULE,
	.open = roulette_open,
};

/* Allocated, because the cdev may be released after the module is unloaded. */
static struct cdev *roulette_cdev;

static int __init roulette_cdev_init(void)
{
	int ret;

	ret = alloc_chrdev_region(&roulette_devt, 0, roulette_max_devices,
				  "roulette");
	if (ret)
		return ret;
	roulette_cdev = cdev_alloc();
	if (!roulette_cdev) {
		ret = -ENOMEM;
		goto unregister_region;
	}
	roulette_cdev->ops = &roulette_fops;
	roulette_cdev->owner = THIS_MODULE;
	ret = cdev_add(roulette_cdev, roulette_devt, roulette_max_devices);
	if (ret)
		goto put_cdev;
	return 0;

put_cdev:
	kobject_put(&roulette_cdev->kobj);
unregister_region:
	unregister_chrdev_region(roulette_devt, roulette_max_devices);
	return ret;
}

static void roulette_cdev_exit(void)
{
	cdev_del(roulette_cdev);
	unregister_chrdev_region(roulette_devt, roulette_max_devices);
}

static int __init roulette_core_init(void)
{
	int ret;

	ret = class_register(&roulette_class);
	if (ret)
		return ret;
	ret = roulette_cdev_init();
	if (ret)
		goto end_class;
	ret = roulette_configfs_register();
	if (ret)
		goto exit_cdev;
	return 0;

exit_cdev:
	roulette_cdev_exit();
end_class:
	roulette_class_end();
	return ret;
}

static void __exit roulette_core_exit(void)
{
	roulette_configfs_unregister();
	roulette_cdev_exit();
	roulette_class_end();
}

module_init(roulette_core_init);
module_exit(roulette_core_exit);

MODULE_DESCRIPTION("Core of the roulette devices: class, life cycle, configfs");
MODULE_AUTHOR("The kernel-roulette authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(ROULETTE_VERSION);
