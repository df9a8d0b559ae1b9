/* SPDX-License-Identifier: GPL-2.0 */
/* Declarations shared by the parts of roulette_core, not for device types. */
#ifndef ROULETTE_CORE_H
#define ROULETTE_CORE_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/sysfs.h>

#include "roulette.h"

/**
 * struct roulette_type_entry - a registered device type
 * @type: the type, as its module passed it
 * @registry: entry in roulette_types, under registry_lock
 * @group: configfs directory; dropping its last reference frees this entry
 * @ready: mkdir may create devices; set once, when registration is complete
 * @default_device: the default device, or NULL
 * @devices: number of devices not yet freed, plus 1 until roulette_wait_idle()
 * @idle: completed when @devices becomes 0
 * @sysfs_group: sysfs attributes of the type's devices
 * @sysfs_groups: @sysfs_group and NULL, for &device.groups
 * @item_type: configfs item type of the type's instances
 */
struct roulette_type_entry {
	const struct roulette_type *type;
	struct list_head registry;
	struct config_group group;
	bool ready;
	struct roulette_device *default_device;
	refcount_t devices;
	struct completion idle;
	struct attribute_group sysfs_group;
	const struct attribute_group *sysfs_groups[2];
	struct config_item_type item_type;
};

/* core/main.c */
extern struct class roulette_class;
extern unsigned int roulette_max_devices;
extern dev_t roulette_devt;

/**
 * roulette_entry_put() - decrement the number of a type's devices
 * @entry: the type; may be freed on return
 *
 * Context: Any context.
 */
static inline void roulette_entry_put(struct roulette_type_entry *entry)
{
	if (refcount_dec_and_test(&entry->devices))
		complete(&entry->idle);
}

/* core/device.c */
struct roulette_device *roulette_create(struct roulette_type_entry *entry,
					const char *name, bool is_default);
void roulette_remove(struct roulette_device *rdev);
struct roulette_device *roulette_get_by_minor(unsigned int minor);
void roulette_device_release(struct device *dev);

/* sysfs/sysfs.c; configfs also calls roulette_knob_*() */
int roulette_sysfs_init(struct roulette_type_entry *entry);
void roulette_sysfs_exit(struct roulette_type_entry *entry);
ssize_t roulette_knob_show(const struct roulette_knob *knob,
			   struct roulette_device *rdev, char *buf);
ssize_t roulette_knob_store(const struct roulette_knob *knob,
			    struct roulette_device *rdev,
			    const char *buf, size_t count);
size_t roulette_knob_count(const struct roulette_type *type);

/* configfs/configfs.c */
int roulette_configfs_register(void);
void roulette_configfs_unregister(void);
int roulette_configfs_init(struct roulette_type_entry *entry);
int roulette_configfs_add_type(struct roulette_type_entry *entry);
void roulette_configfs_del_type(struct roulette_type_entry *entry);

#endif
