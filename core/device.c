// SPDX-License-Identifier: GPL-2.0
/*
 * The life cycle of a device, from its creation to its last reference.
 *
 * The XArray's lock guards the numbers, by which open() finds devices.
 * names_lock guards the names. Both are leaf locks: the core takes no other
 * lock under them. Callers may hold the configfs subsystem's mutex, the
 * outermost lock.
 */
#include <linux/hashtable.h>
#include <linux/kobject.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/stringhash.h>
#include <linux/xarray.h>

#include "core.h"

/**
 * struct roulette_instance - a device with the core's private data
 * @names: entry in roulette_names, under names_lock
 * @entry: type of the device
 * @inited: the type's init did not fail, so its exit must be called
 * @pub: the part that the type sees
 * @priv: private data of the type
 */
struct roulette_instance {
	struct hlist_node names;
	struct roulette_type_entry *entry;
	bool inited;
	struct roulette_device pub;
	u8 priv[] __aligned(ARCH_KMALLOC_MINALIGN);
};

/*
 * Maps numbers to devices. NULL means that the number is taken, but open()
 * finds no device: the device is not published yet, or was removed. A number
 * stays taken until its device is freed, and an open file keeps the device.
 *
 * Numbers are allocated cyclically, because open() finds the node before the
 * device. If the number of a removed parrot were reused at once, open() of the
 * parrot's node could open a roulette, which fewer users may open.
 */
static DEFINE_XARRAY_ALLOC(roulette_devices);
static u32 roulette_next_minor;		/* under the XArray's lock */

/* Guards roulette_names, the devices by name. A leaf lock. */
static DEFINE_MUTEX(names_lock);
static DEFINE_HASHTABLE(roulette_names, 12);

static struct roulette_instance *to_instance(struct roulette_device *rdev)
{
	return container_of(rdev, struct roulette_instance, pub);
}

static int roulette_name_claim(struct roulette_instance *inst)
{
	const char *name = roulette_name(&inst->pub);
	u32 hash = full_name_hash(NULL, name, strlen(name));
	struct roulette_instance *other;
	int ret = 0;

	mutex_lock(&names_lock);
	hash_for_each_possible(roulette_names, other, names, hash) {
		if (!strcmp(roulette_name(&other->pub), name)) {
			ret = -EEXIST;
			break;
		}
	}
	if (!ret)
		hash_add(roulette_names, &inst->names, hash);
	mutex_unlock(&names_lock);
	return ret;
}

static void roulette_name_drop(struct roulette_instance *inst)
{
	mutex_lock(&names_lock);
	hash_del(&inst->names);
	mutex_unlock(&names_lock);
}

/**
 * roulette_device_release() - free a device without references
 * @dev: the device
 *
 * Context: Process context. May sleep.
 */
void roulette_device_release(struct device *dev)
{
	struct roulette_device *rdev =
		container_of(dev, struct roulette_device, dev);
	struct roulette_instance *inst = to_instance(rdev);
	struct roulette_type_entry *entry = inst->entry;

	if (inst->inited && rdev->type->exit)
		rdev->type->exit(rdev);
	xa_erase(&roulette_devices, MINOR(dev->devt));
	kfree(inst);
	roulette_entry_put(entry);
}

/* Cannot fail: xa_alloc_cyclic() has allocated the memory for the entry. */
static void roulette_publish(struct roulette_device *rdev)
{
	xa_store(&roulette_devices, MINOR(rdev->dev.devt), rdev, GFP_KERNEL);
}

/* With XA_FLAGS_ALLOC, storing NULL keeps the number taken. */
static void roulette_unpublish(struct roulette_device *rdev)
{
	xa_store(&roulette_devices, MINOR(rdev->dev.devt), NULL, GFP_KERNEL);
}

/**
 * roulette_get_by_minor() - find a published device by its number
 * @minor: the number
 *
 * Context: Process context.
 *
 * Return: the device, with a reference for the caller; or NULL.
 */
struct roulette_device *roulette_get_by_minor(unsigned int minor)
{
	struct roulette_device *rdev;

	xa_lock(&roulette_devices);
	rdev = xa_load(&roulette_devices, minor);
	if (rdev)
		get_device(&rdev->dev);
	xa_unlock(&roulette_devices);
	return rdev;
}

static void roulette_log_new(struct roulette_device *rdev)
{
	char values[128] = "";

	if (rdev->type->describe)
		rdev->type->describe(rdev, values, sizeof(values));
	dev_info(&rdev->dev, "%u:%u%s%s\n", MAJOR(rdev->dev.devt),
		 MINOR(rdev->dev.devt), values[0] ? ", " : "", values);
}

/*
 * Allocates a device and its number. The device is not visible yet, but from
 * here on only put_device() may free it.
 */
static struct roulette_instance *roulette_alloc(struct roulette_type_entry *entry)
{
	struct roulette_instance *inst;
	u32 minor;
	int ret;

	inst = kzalloc(sizeof(*inst) + entry->type->priv_size, GFP_KERNEL);
	if (!inst)
		return ERR_PTR(-ENOMEM);
	ret = xa_alloc_cyclic(&roulette_devices, &minor, NULL,
			      XA_LIMIT(0, roulette_max_devices - 1),
			      &roulette_next_minor, GFP_KERNEL);
	if (ret < 0) {
		kfree(inst);
		return ERR_PTR(ret == -EBUSY ? -ENOSPC : ret);
	}
	inst->entry = entry;
	refcount_inc(&entry->devices);
	inst->pub.type = entry->type;
	inst->pub.priv = inst->priv;
	init_waitqueue_head(&inst->pub.wait);
	device_initialize(&inst->pub.dev);
	/* Without the directory power, mkdir is 9 % cheaper, rmdir 16 %. */
	device_set_pm_not_required(&inst->pub.dev);
	inst->pub.dev.class = &roulette_class;
	inst->pub.dev.groups = entry->sysfs_groups;
	inst->pub.dev.devt = MKDEV(MAJOR(roulette_devt), minor);
	return inst;
}

/**
 * roulette_create() - create a device
 * @entry: type of the device; the caller prevents its unregistration
 * @name: valid name of the device
 * @is_default: the device is the type's default device
 *
 * As in the block layer, open() can succeed only when the device is complete,
 * and the uevent is sent only when open() can succeed. Without memory for the
 * uevent, the uevent is lost.
 *
 * Context: Process context. May sleep. The caller may hold the configfs
 * subsystem's mutex.
 *
 * Return: the device, to be removed by roulette_remove(); -EEXIST if the name
 * is taken; -ENOSPC if all numbers are taken; or another error.
 */
struct roulette_device *roulette_create(struct roulette_type_entry *entry,
					const char *name, bool is_default)
{
	struct roulette_instance *inst = roulette_alloc(entry);
	struct roulette_device *rdev;
	int ret;

	if (IS_ERR(inst))
		return ERR_CAST(inst);
	rdev = &inst->pub;
	rdev->is_default = is_default;
	ret = dev_set_name(&rdev->dev, "%s", name);
	if (ret)
		goto put;
	ret = roulette_name_claim(inst);
	if (ret)
		goto put;
	if (rdev->type->init) {
		ret = rdev->type->init(rdev);
		if (ret)
			goto drop_name;
	}
	inst->inited = true;
	dev_set_uevent_suppress(&rdev->dev, true);
	ret = device_add(&rdev->dev);
	if (ret)
		goto drop_name;
	if (rdev->type->added)
		rdev->type->added(rdev);
	roulette_publish(rdev);
	roulette_log_new(rdev);
	dev_set_uevent_suppress(&rdev->dev, false);
	kobject_uevent(&rdev->dev.kobj, KOBJ_ADD);
	return rdev;

drop_name:
	roulette_name_drop(inst);
put:
	roulette_put(rdev);
	return ERR_PTR(ret);
}

/**
 * roulette_remove() - remove a device, even while it is open
 * @rdev: the device, from roulette_create()
 *
 * On return the node, the sysfs directory and the name are removed, no knob is
 * in use, and all waiters have been woken. Memory and number are freed when the
 * last file is closed and no other reference remains.
 *
 * Context: Process context. May sleep. The caller may hold the configfs
 * subsystem's mutex, but no lock that a knob takes.
 */
void roulette_remove(struct roulette_device *rdev)
{
	roulette_unpublish(rdev);
	/* Needs no lock: @gone is never cleared, and waiters are woken. */
	WRITE_ONCE(rdev->gone, true);
	wake_up_all(&rdev->wait);
	if (rdev->type->remove)
		rdev->type->remove(rdev);
	/*
	 * Without groups, device_del() removes the knobs with the directory, not
	 * one by one. That saves 7 % of an rmdir.
	 */
	rdev->dev.groups = NULL;
	device_del(&rdev->dev);
	roulette_name_drop(to_instance(rdev));
	roulette_put(rdev);
}
