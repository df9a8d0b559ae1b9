/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interface of the roulette core for device types. A type may also include
 * compat.h, but no other header of the core. docs/devices.md shows how to write
 * a type.
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

/* Version of all modules. dkms replaces only modules of another version. */
#define ROULETTE_VERSION	"1.0.0"

/* Maximum length of a name, see roulette_name_valid(). */
#define ROULETTE_NAME_MAX	63

/**
 * struct roulette_device - a device, created by mkdir or as the type's default
 * @dev: device in class roulette; roulette_name() returns its name
 * @type: type of the device
 * @is_default: true for the type's default device, whose start values may come
 *	from module parameters
 * @gone: the removal has begun; written by the core only, read with
 *	roulette_gone()
 * @wait: wait queue for readers and pollers; the core wakes it on removal
 * @priv: private data of the type: &roulette_type.priv_size bytes, zeroed
 *	before &roulette_type.init
 *
 * Every open file holds a reference. Dropping the last one frees the device.
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
 * struct roulette_type - a device type; const, one per module
 * @name: name of the type and its configfs directory, see roulette_name_valid()
 * @owner: THIS_MODULE; pinned by each instance and each open file
 * @priv_size: bytes of private data per device
 * @mode: permissions of the nodes
 * @fops: file operations of the nodes, see below; their owner must be @owner
 * @knobs: NULL-terminated array of settings, see ROULETTE_KNOB_RW()
 * @init: optional; initialises the private data before the device is visible.
 *	On an error no device is created and @exit is not called. May sleep
 * @exit: optional; undoes @init after the last reference is dropped. May sleep
 * @added: optional; called when the device is in sysfs, but cannot be opened
 *	yet. May sleep
 * @remove: optional; cancels pending work when the removal has begun. Files may
 *	still be open and sysfs knobs in use, but roulette_gone() is true. May
 *	sleep
 * @describe: optional; writes the start values, without a newline, for the log
 *	line of a new device; returns the length as scnprintf() does
 * @default_name: optional; name of the device that loading the module creates
 * @default_device: required with @default_name; if false, no default device is
 *	created
 *
 * An open file holds a reference to its device. Before the open operation,
 * which is optional, the core sets file->private_data to the
 * &struct roulette_device. The operation may replace the pointer. If it fails,
 * the core drops the reference. The release operation is mandatory and must
 * drop the reference by roulette_put(). Once roulette_gone() is true, all
 * operations must return -ENODEV, and poll EPOLLHUP | EPOLLERR.
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
 * struct roulette_knob - a setting, with a file in sysfs and one in configfs
 * @sysfs: attribute in sysfs
 * @configfs: attribute in configfs
 * @show: writes the value and a newline into @buf by sysfs_emit(); may sleep
 * @store: sets the value; on an error changes nothing and returns a negative
 *	errno. @value is the written text without its final newline. It may be
 *	empty, and @store may modify it. May sleep
 *
 * Define knobs with ROULETTE_KNOB_RW(), ROULETTE_KNOB_RO() or
 * ROULETTE_KNOB_WO() only. @show and @store may run concurrently: the core
 * calls them without a lock. Neither runs after the device has been removed.
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
 * configfs does not pass the attribute to show and store, so each knob needs
 * wrappers that know the knob.
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
 * The unused functions of a read-only or write-only knob are NULL. The mode is
 * not enough, because root may change the mode.
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
 * ROULETTE_KNOB_RW() - define a knob with name_show() and name_store()
 * @_name: name of the file; the macro defines the variable name_knob
 */
#define ROULETTE_KNOB_RW(_name)						\
static struct roulette_knob _name##_knob;				\
ROULETTE_KNOB_SHOW_THUNK(_name)						\
ROULETTE_KNOB_STORE_THUNK(_name)					\
ROULETTE_KNOB(_name, 0644, _name##_show, _name##_store,			\
	      roulette_sysfs_show, roulette_sysfs_store,		\
	      _name##_configfs_show, _name##_configfs_store)

/**
 * ROULETTE_KNOB_RO() - define a read-only knob with name_show()
 * @_name: name of the file; the macro defines the variable name_knob
 */
#define ROULETTE_KNOB_RO(_name)						\
static struct roulette_knob _name##_knob;				\
ROULETTE_KNOB_SHOW_THUNK(_name)						\
ROULETTE_KNOB(_name, 0444, _name##_show, NULL,				\
	      roulette_sysfs_show, NULL,				\
	      _name##_configfs_show, NULL)

/**
 * ROULETTE_KNOB_WO() - define a write-only knob with name_store()
 * @_name: name of the file; the macro defines the variable name_knob
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
 * module_roulette_type() - define module_init() and module_exit() for a type
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
 * roulette_gone() - check whether the removal of a device has begun
 * @rdev: the device
 *
 * The flag is never cleared and has no lock. An operation that tested the flag
 * before the removal began may complete normally after that.
 *
 * Context: Any context.
 *
 * Return: true if the removal has begun.
 */
static inline bool roulette_gone(const struct roulette_device *rdev)
{
	return READ_ONCE(rdev->gone);
}

/**
 * roulette_put() - drop a reference to a device
 * @rdev: the device; may be freed on return
 *
 * Context: Process context. May sleep.
 */
static inline void roulette_put(struct roulette_device *rdev)
{
	put_device(&rdev->dev);
}

/**
 * roulette_name() - get the name of a device
 * @rdev: the device
 *
 * Log messages need no name: dev_info() and similar functions add the name of
 * &roulette_device.dev, and also identify the device to programs that read the
 * log.
 *
 * Context: Any context.
 *
 * Return: the name, valid as long as the device.
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
