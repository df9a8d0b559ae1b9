// SPDX-License-Identifier: GPL-2.0
/* Registry of the device types. */
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "core.h"

/* Guards roulette_types. A leaf lock, not held over calls to configfs. */
static DEFINE_MUTEX(registry_lock);
static LIST_HEAD(roulette_types);

static int roulette_type_check(const struct roulette_type *type)
{
	if (type->name && roulette_name_valid(type->name) && type->owner &&
	    type->fops && type->fops->release && type->knobs &&
	    type->fops->owner == type->owner &&
	    !type->default_name == !type->default_device &&
	    (!type->default_name || roulette_name_valid(type->default_name)))
		return 0;
	pr_err("roulette_core: type %s: a mandatory member is missing or invalid, see struct roulette_type\n",
	       type->name ?: "(none)");
	return -EINVAL;
}

static int roulette_registry_add(struct roulette_type_entry *entry)
{
	struct roulette_type_entry *other;
	int ret = 0;

	mutex_lock(&registry_lock);
	list_for_each_entry(other, &roulette_types, registry) {
		if (!strcmp(other->type->name, entry->type->name)) {
			pr_err("roulette_core: type %s is already registered by module %s\n",
			       entry->type->name, module_name(other->type->owner));
			/* modprobe interprets EEXIST as "already loaded". */
			ret = -EBUSY;
			break;
		}
	}
	if (!ret)
		list_add_tail(&entry->registry, &roulette_types);
	mutex_unlock(&registry_lock);
	return ret;
}

static void roulette_registry_del(struct roulette_type_entry *entry)
{
	mutex_lock(&registry_lock);
	list_del(&entry->registry);
	mutex_unlock(&registry_lock);
}

static struct roulette_type_entry *roulette_entry_alloc(const struct roulette_type *type)
{
	struct roulette_type_entry *entry;
	int ret;

	entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return ERR_PTR(-ENOMEM);
	entry->type = type;
	refcount_set(&entry->devices, 1);
	init_completion(&entry->idle);
	ret = roulette_sysfs_init(entry);
	if (ret)
		goto free_entry;
	ret = roulette_configfs_init(entry);
	if (ret)
		goto exit_sysfs;
	return entry;

exit_sysfs:
	roulette_sysfs_exit(entry);
free_entry:
	kfree(entry);
	return ERR_PTR(ret);
}

static int roulette_make_default(struct roulette_type_entry *entry)
{
	const struct roulette_type *type = entry->type;
	struct roulette_device *rdev;

	if (!type->default_name || !*type->default_device)
		return 0;
	rdev = roulette_create(entry, type->default_name, true);
	if (rdev == ERR_PTR(-EEXIST)) {
		pr_err("roulette %s: a device with this name already exists: remove it or load module %s with default_device=N\n",
		       type->default_name, module_name(type->owner));
		/* modprobe interprets EEXIST as "already loaded". */
		return -EBUSY;
	}
	if (IS_ERR(rdev))
		return PTR_ERR(rdev);
	entry->default_device = rdev;
	return 0;
}

/*
 * Waits until all devices of the type are freed, and until the code that frees
 * them has returned. The task that completed @idle may be preempted before it
 * leaves the modules.
 *
 * free_module() does not wait for such a task, because synchronize_rcu()
 * ignores tasks that are preempted outside an RCU reader.
 */
static void roulette_wait_idle(struct roulette_type_entry *entry)
{
	roulette_entry_put(entry);
	wait_for_completion(&entry->idle);
	synchronize_rcu_tasks();
}

/**
 * roulette_type_register() - register a type and create its default device
 * @type: the type; used until roulette_type_unregister()
 *
 * The type's module_init calls this, see module_roulette_type(). The default
 * device is created last, when nothing else can fail. This call must also be
 * the last step of module_init. If module_init fails later, the kernel frees
 * the module even if a file of the device is open.
 *
 * Context: Process context. May sleep.
 *
 * Return: 0; -EINVAL if @type is incomplete; -EBUSY if the name of the type or
 * of the default device is taken; or another error. On an error nothing is
 * registered.
 */
int roulette_type_register(const struct roulette_type *type)
{
	struct roulette_type_entry *entry;
	int ret;

	ret = roulette_type_check(type);
	if (ret)
		return ret;
	entry = roulette_entry_alloc(type);
	if (IS_ERR(entry))
		return PTR_ERR(entry);
	ret = roulette_registry_add(entry);
	if (ret)
		goto put_group;
	ret = roulette_configfs_add_type(entry);
	if (ret)
		goto del_registry;
	ret = roulette_make_default(entry);
	if (ret)
		goto del_type;

	/* Pairs with smp_load_acquire() in roulette_make_item(). */
	smp_store_release(&entry->ready, true);
	return 0;

del_type:
	roulette_configfs_del_type(entry);
del_registry:
	roulette_registry_del(entry);
put_group:
	roulette_wait_idle(entry);
	config_group_put(&entry->group);
	return ret;
}
EXPORT_SYMBOL_GPL(roulette_type_register);

static struct roulette_type_entry *roulette_entry_find(const struct roulette_type *type)
{
	struct roulette_type_entry *entry, *found = NULL;

	mutex_lock(&registry_lock);
	list_for_each_entry(entry, &roulette_types, registry) {
		if (entry->type == type) {
			found = entry;
			break;
		}
	}
	mutex_unlock(&registry_lock);
	return found;
}

/**
 * roulette_type_unregister() - unregister a type and remove its default device
 * @type: the registered type
 *
 * The type's module_exit calls this. Only the default device can still exist,
 * because all other devices and all open files pin the module. On return all
 * devices of the type are freed.
 *
 * Context: Process context. May sleep.
 */
void roulette_type_unregister(const struct roulette_type *type)
{
	struct roulette_type_entry *entry = roulette_entry_find(type);

	if (WARN_ON_ONCE(!entry))
		return;
	if (entry->default_device)
		roulette_remove(entry->default_device);
	roulette_configfs_del_type(entry);
	roulette_registry_del(entry);
	roulette_wait_idle(entry);
	config_group_put(&entry->group);
}
EXPORT_SYMBOL_GPL(roulette_type_unregister);
