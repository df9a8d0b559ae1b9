// SPDX-License-Identifier: GPL-2.0
/*
 * The subsystem /sys/kernel/config/roulette has a directory per registered
 * type. There, mkdir creates an instance and rmdir removes an instance. The
 * directory of an instance contains the knobs.
 *
 * An instance consists of two objects: the config item here, and the device.
 * The item points to the device from make_item to drop_item. configfs calls
 * these functions under the subsystem's su_mutex, the outermost lock.
 */
#include <linux/slab.h>

#include "core.h"

/**
 * struct roulette_item - the directory of an instance
 * @item: config item of the directory
 * @entry: the type; the item holds a reference to its group
 * @rdev: the device, or NULL after drop_item. The type's module is pinned until
 *	then
 */
struct roulette_item {
	struct config_item item;
	struct roulette_type_entry *entry;
	struct roulette_device *rdev;
};

static struct roulette_item *to_roulette_item(struct config_item *item)
{
	return container_of(item, struct roulette_item, item);
}

/**
 * roulette_configfs_show() - read a knob in configfs
 * @item: the instance
 * @knob: the knob
 * @page: a page
 *
 * Context: Process context. May sleep.
 *
 * Return: the number of bytes in @page, or a negative errno.
 */
ssize_t roulette_configfs_show(struct config_item *item,
			       const struct roulette_knob *knob, char *page)
{
	return roulette_knob_show(knob, to_roulette_item(item)->rdev, page);
}
EXPORT_SYMBOL_GPL(roulette_configfs_show);

/**
 * roulette_configfs_store() - write a knob in configfs
 * @item: the instance
 * @knob: the knob
 * @page: the written text
 * @count: length of @page
 *
 * Context: Process context. May sleep.
 *
 * Return: @count, or a negative errno.
 */
ssize_t roulette_configfs_store(struct config_item *item,
				const struct roulette_knob *knob,
				const char *page, size_t count)
{
	return roulette_knob_store(knob, to_roulette_item(item)->rdev, page,
				   count);
}
EXPORT_SYMBOL_GPL(roulette_configfs_store);

static ssize_t roulette_item_dev_name_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%s\n",
			  roulette_name(to_roulette_item(item)->rdev));
}
CONFIGFS_ATTR_RO(roulette_item_, dev_name);

static ssize_t roulette_item_dev_show(struct config_item *item, char *page)
{
	dev_t devt = to_roulette_item(item)->rdev->dev.devt;

	return sysfs_emit(page, "%u:%u\n", MAJOR(devt), MINOR(devt));
}
CONFIGFS_ATTR_RO(roulette_item_, dev);

/* Attributes of all instances, independent of the type. */
static struct configfs_attribute *roulette_item_attrs[] = {
	&roulette_item_attr_dev_name,
	&roulette_item_attr_dev,
};

static void roulette_item_release(struct config_item *item)
{
	struct roulette_item *ritem = to_roulette_item(item);
	struct roulette_type_entry *entry = ritem->entry;

	kfree(ritem);
	config_group_put(&entry->group);
}

static struct configfs_item_operations roulette_item_ops = {
	.release = roulette_item_release,
};

static struct roulette_type_entry *to_entry(struct config_group *group)
{
	return container_of(group, struct roulette_type_entry, group);
}

static struct config_item *roulette_make_item(struct config_group *group,
					      const char *name)
{
	struct roulette_type_entry *entry = to_entry(group);
	struct roulette_item *ritem;
	int ret;

	if (!roulette_name_valid(name))
		return ERR_PTR(-EINVAL);
	/* Refuse mkdir while the type's module is being loaded or unloaded. */
	if (!smp_load_acquire(&entry->ready) ||
	    !try_module_get(entry->type->owner))
		return ERR_PTR(-EAGAIN);
	ritem = kzalloc(sizeof(*ritem), GFP_KERNEL);
	if (!ritem) {
		ret = -ENOMEM;
		goto put_module;
	}
	ritem->rdev = roulette_create(entry, name, false);
	if (IS_ERR(ritem->rdev)) {
		ret = PTR_ERR(ritem->rdev);
		goto free_item;
	}
	config_group_get(group);
	ritem->entry = entry;
	config_item_init_type_name(&ritem->item, name, &entry->item_type);
	return &ritem->item;

free_item:
	kfree(ritem);
put_module:
	module_put(entry->type->owner);
	return ERR_PTR(ret);
}

static void roulette_drop_item(struct config_group *group,
			       struct config_item *item)
{
	struct roulette_item *ritem = to_roulette_item(item);

	roulette_remove(ritem->rdev);
	ritem->rdev = NULL;
	module_put(ritem->entry->type->owner);
	config_item_put(item);
}

static struct configfs_group_operations roulette_type_group_ops = {
	.make_item = roulette_make_item,
	.drop_item = roulette_drop_item,
};

/* Frees a type when the last reference to its group is dropped. */
static void roulette_group_release(struct config_item *item)
{
	struct roulette_type_entry *entry = to_entry(to_config_group(item));

	kfree(entry->item_type.ct_attrs);
	roulette_sysfs_exit(entry);
	kfree(entry);
}

static struct configfs_item_operations roulette_type_item_ops = {
	.release = roulette_group_release,
};

static const struct config_item_type roulette_type_dir_type = {
	.ct_item_ops = &roulette_type_item_ops,
	.ct_group_ops = &roulette_type_group_ops,
	.ct_owner = THIS_MODULE,
};

/* Only modules add types. Without make_group, mkdir fails with EPERM. */
static const struct config_item_type roulette_root_type = {
	.ct_owner = THIS_MODULE,
};

static struct configfs_subsystem roulette_subsys = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = "roulette",
			.ci_type = &roulette_root_type,
		},
	},
};

/**
 * roulette_configfs_init() - prepare the directories of a type and its
 * instances
 * @entry: the type
 *
 * On success the last config_group_put() frees @entry.
 *
 * Context: Process context. May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int roulette_configfs_init(struct roulette_type_entry *entry)
{
	size_t knobs = roulette_knob_count(entry->type);
	size_t common = ARRAY_SIZE(roulette_item_attrs);
	struct configfs_attribute **attrs;
	size_t i;

	attrs = kcalloc(common + knobs + 1, sizeof(*attrs), GFP_KERNEL);
	if (!attrs)
		return -ENOMEM;
	memcpy(attrs, roulette_item_attrs, sizeof(roulette_item_attrs));
	for (i = 0; i < knobs; i++)
		attrs[common + i] = &entry->type->knobs[i]->configfs;
	entry->item_type.ct_owner = THIS_MODULE;
	entry->item_type.ct_item_ops = &roulette_item_ops;
	entry->item_type.ct_attrs = attrs;
	config_group_init_type_name(&entry->group, entry->type->name,
				    &roulette_type_dir_type);
	return 0;
}

/**
 * roulette_configfs_add_type() - create the directory of a type
 * @entry: the type
 *
 * Context: Process context. May sleep. Takes su_mutex.
 *
 * Return: 0 or a negative errno.
 */
int roulette_configfs_add_type(struct roulette_type_entry *entry)
{
	return configfs_register_group(&roulette_subsys.su_group, &entry->group);
}

/**
 * roulette_configfs_del_type() - remove the empty directory of a type
 * @entry: the type
 *
 * Context: Process context. May sleep. Takes su_mutex.
 */
void roulette_configfs_del_type(struct roulette_type_entry *entry)
{
	struct inode *dir = d_inode(entry->group.cg_item.ci_dentry);

	/*
	 * mkdir(2) in the directory holds the inode's lock, and uses the group
	 * even after make_item has failed. configfs_unregister_group() does not
	 * take that lock. So take the lock to wait for such a call, and set
	 * S_DEAD to refuse later calls, as vfs_rmdir() does.
	 */
	inode_lock(dir);
	dir->i_flags |= S_DEAD;
	inode_unlock(dir);
	configfs_unregister_group(&entry->group);
}

/**
 * roulette_configfs_register() - create /sys/kernel/config/roulette
 *
 * Context: Process context. May sleep.
 *
 * Return: 0 or a negative errno.
 */
int roulette_configfs_register(void)
{
	config_group_init(&roulette_subsys.su_group);
	mutex_init(&roulette_subsys.su_mutex);
	return configfs_register_subsystem(&roulette_subsys);
}

/**
 * roulette_configfs_unregister() - undo roulette_configfs_register()
 *
 * Context: Process context. May sleep. No type is registered any more.
 */
void roulette_configfs_unregister(void)
{
	configfs_unregister_subsystem(&roulette_subsys);
}
