// SPDX-License-Identifier: GPL-2.0
/*
 * The life of one device, from its number and name to its last reference.
 *
 * Two things look devices up, and each has its own lock: a number is looked up
 * by open under the XArray's lock; a name is claimed under names_lock. Both
 * are leaves: nothing else is taken under them. Callers may hold the configfs
 * subsystem's mutex, which is the outermost lock.
 */
#include <linux/hashtable.h>
#include <linux/kobject.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/stringhash.h>
#include <linux/xarray.h>

#include "core.h"

/**
 * struct roulette_instance - a device with what only the core knows of it
 * @names: place in roulette_names, under names_lock
 * @entry: its type
 * @inited: the type's init has succeeded, so its exit is due
 * @pub: what the type sees
 * @priv: the type's private data
 */
struct roulette_instance {
	struct hlist_node names;
	struct roulette_type_entry *entry;
	bool inited;
	struct roulette_device pub;
	u8 priv[] __aligned(ARCH_KMALLOC_MINALIGN);
};

/*
 * Number to device, or to NULL: the number is taken, and open() finds no device,
 * because the device is not published yet, or was removed. The number is free
 * again when the device's memory is freed, so none is used again while a file of
 * it is open. And none is used again before all others were: an open that has
 * found a parrot's node, which anybody may, must not get to a roulette whose
 * number it is by the time it looks for it.
 */
static DEFINE_XARRAY_ALLOC(roulette_devices);
static u32 roulette_next_minor;		/* under the XArray's lock */

/* Guards roulette_names: which names of the class are taken. A leaf. */
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
 * roulette_device_release() - the last reference to a device is gone
 * @dev: the device
 *
 * The class' dev_release. May sleep.
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

/* Allocates nothing: the number has had its place since it was taken. */
static void roulette_publish(struct roulette_device *rdev)
{
	xa_store(&roulette_devices, MINOR(rdev->dev.devt), rdev, GFP_KERNEL);
}

static void roulette_unpublish(struct roulette_device *rdev)
{
	xa_store(&roulette_devices, MINOR(rdev->dev.devt), NULL, GFP_KERNEL);
}

/**
 * roulette_get_by_minor() - find the device of a number
 * @minor: the number
 *
 * Any context but an interrupt.
 *
 * Return: the device with a reference for the caller, or NULL unless there is one
 * that is published and was not removed.
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
 * Gives a device that nobody sees yet its number, and makes sure that from
 * now on only put_device() frees it.
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
	inst->pub.dev.class = &roulette_class;
	inst->pub.dev.groups = entry->sysfs_groups;
	inst->pub.dev.devt = MKDEV(MAJOR(roulette_devt), minor);
	return inst;
}

/**
 * roulette_create() - make a device
 * @entry: its type, which the caller keeps from being unregistered
 * @name: its name, valid
 * @is_default: whether loading the type's module makes it
 *
 * In the block layer's order: nobody can open the device before it is complete, and
 * its uevent is sent when it can be opened. The uevent is lost if there is no memory
 * for it. May sleep. The caller may hold the configfs subsystem's mutex.
 *
 * Return: the device, to be ended by roulette_remove(); -EEXIST if the name is
 * taken, -ENOSPC if there are too many devices, or another error.
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
 * roulette_remove() - take a device away, also while it is open
 * @rdev: the device, from roulette_create()
 *
 * When this returns the node, the sysfs directory and the name are gone, no
 * knob is being read or written, and everybody who waited has been woken.
 * Memory and number go with the last open file. May sleep; the caller may hold
 * the configfs subsystem's mutex, and no lock that a knob takes.
 */
void roulette_remove(struct roulette_device *rdev)
{
	roulette_unpublish(rdev);
	/* Under no lock: it is only ever set, and waiters are woken. */
	WRITE_ONCE(rdev->gone, true);
	wake_up_all(&rdev->wait);
	if (rdev->type->remove)
		rdev->type->remove(rdev);
	device_del(&rdev->dev);
	roulette_name_drop(to_instance(rdev));
	roulette_put(rdev);
}
