/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a device type sees of the roulette core: the one header that a type
 * includes. docs/devices.md shows how to write a type with it.
 */
#ifndef ROULETTE_H
#define ROULETTE_H

#include <linux/configfs.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/stat.h>
#include <linux/types.h>
#include <linux/wait.h>

struct roulette_knob;
struct roulette_type;

/* The version of all modules. dkms replaces a module only if this differs. */
#define ROULETTE_VERSION	"1.0.0"

/* A name is 1 to this many characters, see roulette_name_valid(). */
#define ROULETTE_NAME_MAX	63

/**
 * struct roulette_device - one device of a type, default or made by mkdir
 * @dev: the device in class roulette; its name is the device's name
 * @type: what the device is
 * @is_default: made by loading the type's module; its init may then take its
 *	start values from module parameters
 * @gone: removed, read it with roulette_gone(); only the core writes it
 * @wait: where readers and pollers of the device sleep; the core wakes all of
 *	them when it removes the device
 * @priv: &roulette_type.priv_size bytes, zeroed before &roulette_type.init
 *
 * Lives until its last reference is dropped. Every open file holds one.
 */
struct roulette_device {
	struct device dev;
	const struct roulette_type *type;
	bool is_default;
	bool gone;
	wait_queue_head_t wait;
	void *priv;
};

/**
 * struct roulette_type - a type of device; const, one per module
 * @name: the type's directory in configfs, formed as a device's name
 * @owner: THIS_MODULE; pinned by each instance and each open file
 * @priv_size: bytes of private data that each device carries
 * @mode: permissions of the device nodes
 * @fops: operations of the node. @fops->owner must be @owner and
 *	@fops->release is mandatory: it ends in roulette_put(). At @fops->open
 *	(optional) and from then on, unless open sets it otherwise,
 *	file->private_data is the &struct roulette_device, with a reference
 *	that belongs to the file. An error of open drops that reference.
 *	Every operation returns -ENODEV (poll: EPOLLHUP | EPOLLERR) once
 *	roulette_gone() says so
 * @knobs: the settings, ended by NULL, see ROULETTE_KNOB_RW()
 * @init: optional; fills @priv before anybody can see the device. May sleep;
 *	an error fails the creation, and @exit is not called
 * @exit: optional; undoes @init when the last reference is gone. May sleep
 * @added: optional; sysfs has the device, and nobody can open it yet. May sleep
 * @remove: optional; the device is being removed: ends what is still to come of
 *	it. Files of it may be open, but roulette_gone() is true from here on.
 *	May sleep
 * @describe: optional; writes the start values as the log line of a new
 *	device has them (no newline), returns the length as scnprintf() does
 * @default_name: optional; name of the device that loading the module makes
 * @default_device: with @default_name: false means make none
 */
struct roulette_type {
	const char *name;
	struct module *owner;
	size_t priv_size;
	umode_t mode;
	const struct file_operations *fops;
	struct roulette_knob *const *knobs;

	int (*init)(struct roulette_device *rdev);
	void (*exit)(struct roulette_device *rdev);
	void (*added)(struct roulette_device *rdev);
	void (*remove)(struct roulette_device *rdev);
	int (*describe)(struct roulette_device *rdev, char *buf, size_t size);
	const char *default_name;
	const bool *default_device;
};

/**
 * struct roulette_knob - one setting, mounted in sysfs and in configfs
 * @sysfs: how sysfs sees it
 * @configfs: how configfs sees it
 * @show: sysfs_emit()s the value and a newline into @buf; may sleep
 * @store: sets the value or changes nothing and returns a negative errno.
 *	@value is a string without the newline that ends a write; it may be
 *	empty, and @store may write into it. May sleep
 *
 * Made by ROULETTE_KNOB_RW(), ROULETTE_KNOB_RO() or ROULETTE_KNOB_WO() only.
 * The core calls @show and @store without a lock of its own, also at the same
 * time, and never once the device's removal has returned.
 */
struct roulette_knob {
	struct device_attribute sysfs;
	struct configfs_attribute configfs;
	ssize_t (*show)(struct roulette_device *rdev, char *buf);
	int (*store)(struct roulette_device *rdev, char *value);
};

ssize_t roulette_sysfs_show(struct device *dev, struct device_attribute *attr,
			    char *buf);
ssize_t roulette_sysfs_store(struct device *dev, struct device_attribute *attr,
			     const char *buf, size_t count);
ssize_t roulette_configfs_show(struct config_item *item,
			       const struct roulette_knob *knob, char *page);
ssize_t roulette_configfs_store(struct config_item *item,
				const struct roulette_knob *knob,
				const char *page, size_t count);

/*
 * configfs passes its handlers no attribute, so each knob needs thunks of its
 * own that know the knob. They are named as CONFIGFS_ATTR() wants them.
 */
#define ROULETTE_KNOB_SHOW_THUNK(_name)					\
static ssize_t _name##_configfs_show(struct config_item *item, char *page) \
{									\
	return roulette_configfs_show(item, &_name##_knob, page);	\
}

#define ROULETTE_KNOB_STORE_THUNK(_name)				\
static ssize_t _name##_configfs_store(struct config_item *item,		\
				      const char *page, size_t count)	\
{									\
	return roulette_configfs_store(item, &_name##_knob, page, count); \
}

/*
 * A direction that the knob lacks is NULL everywhere: root may chmod the file,
 * and the mode is then no guard.
 */
#define ROULETTE_KNOB(_name, _mode, _show, _store, _sshow, _sstore,	\
		      _cshow, _cstore)					\
static struct roulette_knob _name##_knob = {				\
	.sysfs = __ATTR(_name, _mode, _sshow, _sstore),			\
	.configfs = {							\
		.ca_name = __stringify(_name),				\
		.ca_owner = THIS_MODULE,				\
		.ca_mode = _mode,					\
		.show = _cshow,						\
		.store = _cstore,					\
	},								\
	.show = _show,							\
	.store = _store,						\
}

/**
 * ROULETTE_KNOB_RW() - declare a knob over name_show() and name_store()
 * @_name: name of the file; the knob's variable is name_knob
 */
#define ROULETTE_KNOB_RW(_name)						\
static struct roulette_knob _name##_knob;				\
ROULETTE_KNOB_SHOW_THUNK(_name)						\
ROULETTE_KNOB_STORE_THUNK(_name)					\
ROULETTE_KNOB(_name, 0644, _name##_show, _name##_store,			\
	      roulette_sysfs_show, roulette_sysfs_store,		\
	      _name##_configfs_show, _name##_configfs_store)

/**
 * ROULETTE_KNOB_RO() - declare a knob that is only read, over name_show()
 * @_name: name of the file; the knob's variable is name_knob
 */
#define ROULETTE_KNOB_RO(_name)						\
static struct roulette_knob _name##_knob;				\
ROULETTE_KNOB_SHOW_THUNK(_name)						\
ROULETTE_KNOB(_name, 0444, _name##_show, NULL,				\
	      roulette_sysfs_show, NULL,				\
	      _name##_configfs_show, NULL)

/**
 * ROULETTE_KNOB_WO() - declare a knob that is only written, over name_store()
 * @_name: name of the file; the knob's variable is name_knob
 */
#define ROULETTE_KNOB_WO(_name)						\
static struct roulette_knob _name##_knob;				\
ROULETTE_KNOB_STORE_THUNK(_name)					\
ROULETTE_KNOB(_name, 0200, NULL, _name##_store,				\
	      NULL, roulette_sysfs_store,				\
	      NULL, _name##_configfs_store)

int roulette_type_register(const struct roulette_type *type);
void roulette_type_unregister(const struct roulette_type *type);

/**
 * module_roulette_type() - all that the module of a type needs to load
 * @_type: the &struct roulette_type
 */
#define module_roulette_type(_type)					\
static int __init _type##_load(void)					\
{									\
	return roulette_type_register(&(_type));			\
}									\
module_init(_type##_load);						\
static void __exit _type##_unload(void)					\
{									\
	roulette_type_unregister(&(_type));				\
}									\
module_exit(_type##_unload)

/**
 * roulette_gone() - has the device been removed?
 * @rdev: the device
 *
 * Any context. It is only ever set, and under no lock: a call that is under way
 * meanwhile may end as if it had come first.
 *
 * Return: true from the moment its removal began.
 */
static inline bool roulette_gone(const struct roulette_device *rdev)
{
	return READ_ONCE(rdev->gone);
}

/**
 * roulette_put() - drop a reference to a device
 * @rdev: the device, whose memory may be gone on return
 *
 * Process context, may sleep.
 */
static inline void roulette_put(struct roulette_device *rdev)
{
	put_device(&rdev->dev);
}

/**
 * roulette_name() - the device's name
 * @rdev: the device
 *
 * A message names the device itself, and says to programs which it is, by
 * dev_info(&rdev->dev, ...) and its kin.
 *
 * Return: the name, which lives as long as the device.
 */
static inline const char *roulette_name(const struct roulette_device *rdev)
{
	return dev_name(&rdev->dev);
}

int roulette_release(struct inode *inode, struct file *file);
bool roulette_name_valid(const char *name);
int roulette_parse_u64(const char *digits, size_t len, u64 min, u64 max,
		       u64 *val);
int roulette_param_set(const char *value, const struct kernel_param *kp,
		       const char *takes, int (*parse)(const char *value));

#endif
