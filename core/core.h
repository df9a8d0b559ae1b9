/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of roulette_core share. Never included by a device type. */
#ifndef ROULETTE_CORE_H
#define ROULETTE_CORE_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/sysfs.h>

#include "roulette.h"

/**
 * struct roulette_type_entry - a registered type
 * @type: what the module registered
 * @registry: place in the list of types, under the registry lock
 * @group: its directory in configfs; its reference count is the entry's
 * @ready: its devices may be made; set once, when it is loaded
 * @default_device: made by loading the module, or NULL
 * @devices: how many of its devices have memory, plus one until unregistered
 * @idle: @devices is 0
 * @sysfs_group: the knobs as sysfs wants them
 * @sysfs_groups: the same for struct device
 * @item_type: the instances as configfs wants them
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
 * roulette_entry_put() - one device less has memory
 * @entry: its type; may be gone on return
 *
 * Any context but an interrupt.
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

/* sysfs/sysfs.c: also what both mounts of a knob do */
extern const struct attribute_group *roulette_class_groups[];
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
