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
 * @settled: it is made, or it is known that it will not be; under the
 *	XArray's lock
 * @pub: what the type sees
 * @priv: the type's private data
 */
struct roulette_instance {
	struct hlist_node names;
	struct roulette_type_entry *entry;
	bool inited;
	bool settled;
	struct roulette_device pub;
	u8 priv[] __aligned(ARCH_KMALLOC_MINALIGN);
};

/*
 * Number to device. A number stays taken until the device's memory goes, so
 * none is used again while a file of it is open. And none is used again before
 * all others were: an open that has found a parrot's node, which anybody may,
 * must not get to a roulette whose number it is by the time it looks for it.
 */
static DEFINE_XARRAY_ALLOC(roulette_devices);
static u32 roulette_next_minor;		/* under the XArray's lock */

/* Who opens a node whose device is not settled. */
static DECLARE_WAIT_QUEUE_HEAD(roulette_openers);

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

static void roulette_settle(struct roulette_instance *inst)
{
	xa_lock(&roulette_devices);
	inst->settled = true;
	xa_unlock(&roulette_devices);
	wake_up_all(&roulette_openers);
}

/* Return: false while the device of that number is not settled. */
static bool roulette_look_up(unsigned int minor, struct roulette_device **found)
{
	struct roulette_device *rdev;
	bool settled = true;

	xa_lock(&roulette_devices);
	rdev = xa_load(&roulette_devices, minor);
	if (rdev)
		settled = to_instance(rdev)->settled;
	if (rdev && (!settled || roulette_gone(rdev) ||
		     !kobject_get_unless_zero(&rdev->dev.kobj)))
		rdev = NULL;
	xa_unlock(&roulette_devices);
	*found = rdev;
	return settled;
}

/**
 * roulette_get_by_minor() - find the device of a number
 * @minor: the number
 *
 * The node is there before the device is whole, and one by mknod at any time.
 * Waits for what is missing, and for its module to be loaded: if that fails,
 * the kernel frees the module whoever has pinned it. May sleep, for a moment.
 *
 * Return: the device with a reference for the caller; -ENXIO if there is none
 * or it has been removed; -ERESTARTSYS if the caller was killed.
 */
struct roulette_device *roulette_get_by_minor(unsigned int minor)
{
	struct roulette_device *rdev;
	int ret;

	ret = wait_event_killable(roulette_openers,
				  roulette_look_up(minor, &rdev));
	if (ret)
		return ERR_PTR(ret);
	return rdev ?: ERR_PTR(-ENXIO);
}

static void roulette_log_new(struct roulette_device *rdev)
{
	char values[128] = "";

	if (rdev->type->describe)
		rdev->type->describe(rdev, values, sizeof(values));
	dev_info(&rdev->dev, "%u:%u%s%s\n", MAJOR(rdev->dev.devt),
		 MINOR(rdev->dev.devt), values[0] ? ", " : "", values);
}

/* Under no lock: it is only ever set, and who waits for the device is woken. */
static void roulette_mark_gone(struct roulette_device *rdev)
{
	WRITE_ONCE(rdev->gone, true);
	wake_up_all(&rdev->wait);
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
	ret = xa_alloc_cyclic(&roulette_devices, &minor, &inst->pub,
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
 * Whoever opens it waits for roulette_publish(). May sleep. The caller may hold
 * the configfs subsystem's mutex.
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
	/*
	 * device_add() tells of the removal of what it failed to add, and does
	 * not tell who called it that it could not announce the device.
	 */
	dev_set_uevent_suppress(&rdev->dev, true);
	ret = device_add(&rdev->dev);
	if (ret)
		goto drop_name;
	if (rdev->type->added)
		rdev->type->added(rdev);
	dev_set_uevent_suppress(&rdev->dev, false);
	if (kobject_uevent(&rdev->dev.kobj, KOBJ_ADD)) {
		/* Which says ENOENT if there is no memory for the path. */
		ret = -ENOMEM;
		dev_set_uevent_suppress(&rdev->dev, true);
		/* A knob may be at work that waits for who waits for this. */
		roulette_mark_gone(rdev);
		roulette_settle(inst);
		device_del(&rdev->dev);
		goto drop_name;
	}
	roulette_log_new(rdev);
	return rdev;

drop_name:
	roulette_name_drop(inst);
put:
	roulette_mark_gone(rdev);
	roulette_settle(inst);
	roulette_put(rdev);
	return ERR_PTR(ret);
}

/**
 * roulette_publish() - let a device be opened
 * @rdev: the device, from roulette_create(), of a type that is loaded
 *
 * May sleep.
 */
void roulette_publish(struct roulette_device *rdev)
{
	roulette_settle(to_instance(rdev));
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
	roulette_mark_gone(rdev);
	if (rdev->type->remove)
		rdev->type->remove(rdev);
	device_del(&rdev->dev);
	roulette_name_drop(to_instance(rdev));
	roulette_put(rdev);
}
