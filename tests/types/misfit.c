// SPDX-License-Identifier: GPL-2.0
/*
 * The type misfit, which misbehaves on request, to test the core: its
 * registration fails, its init fails or is slow, or its knob is slow.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/string.h>

#include "roulette.h"

static char *fault = "";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault,
		 "why loading fails: name, owner, fops, release, knobs, pair, taken or init");

static int init_error;
module_param(init_error, int, 0644);
MODULE_PARM_DESC(init_error, "return value of init, 0 or a negative errno");

static unsigned int init_ms;
module_param(init_ms, uint, 0644);
MODULE_PARM_DESC(init_ms,
		 "time that init takes, in milliseconds; a lower value also shortens a running init");

/* Not atomic: tests create and remove one device at a time. */
static int inits;
module_param(inits, int, 0444);
MODULE_PARM_DESC(inits, "devices whose init succeeded");

static int exits;
module_param(exits, int, 0444);
MODULE_PARM_DESC(exits, "devices whose exit was called");

static int naps;
module_param(naps, int, 0444);
MODULE_PARM_DESC(naps, "reads and writes of knob nap, of the device whose exit ran last");

/* Uses the device after the sleep, when it must still exist. */
static ssize_t nap_show(struct roulette_device *rdev, char *buf)
{
	msleep(300);
	atomic_inc(rdev->priv);
	return sysfs_emit(buf, "%s\n", roulette_name(rdev));
}

static int nap_store(struct roulette_device *rdev, char *value)
{
	msleep(300);
	atomic_inc(rdev->priv);
	return 0;
}

ROULETTE_KNOB_RW(nap);

static struct roulette_knob *const misfit_knobs[] = { &nap_knob, NULL };

static const struct file_operations misfit_fops = {
	.owner = THIS_MODULE,
	.release = roulette_release,
};

static const struct file_operations misfit_fops_no_release = {
	.owner = THIS_MODULE,
};

static int misfit_init(struct roulette_device *rdev)
{
	unsigned int waited;

	for (waited = 0; waited < READ_ONCE(init_ms); waited += 20)
		msleep(20);
	if (!init_error)
		inits++;
	return init_error;
}

static void misfit_exit(struct roulette_device *rdev)
{
	naps = atomic_read((atomic_t *)rdev->priv);
	exits++;
}

static const bool misfit_default = true;

/* Real types are const. This one is not, because misfit_load() changes it. */
static struct roulette_type misfit_type = {
	.name = "misfit",
	.owner = THIS_MODULE,
	.priv_size = sizeof(atomic_t),
	.mode = 0444,
	.fops = &misfit_fops,
	.knobs = misfit_knobs,
	.init = misfit_init,
	.exit = misfit_exit,
};

static int __init misfit_load(void)
{
	if (!strcmp(fault, "name")) {
		misfit_type.name = "-misfit";
	} else if (!strcmp(fault, "owner")) {
		misfit_type.owner = NULL;
	} else if (!strcmp(fault, "fops")) {
		misfit_type.fops = NULL;
	} else if (!strcmp(fault, "release")) {
		misfit_type.fops = &misfit_fops_no_release;
	} else if (!strcmp(fault, "knobs")) {
		misfit_type.knobs = NULL;
	} else if (!strcmp(fault, "pair")) {
		misfit_type.default_name = "misfit";
	} else if (!strcmp(fault, "taken")) {
		misfit_type.name = "coin";
	} else if (!strcmp(fault, "init")) {
		misfit_type.default_name = "misfit";
		misfit_type.default_device = &misfit_default;
		init_error = -EIO;
		init_ms = 300;
	}
	return roulette_type_register(&misfit_type);
}
module_init(misfit_load);

static void __exit misfit_unload(void)
{
	roulette_type_unregister(&misfit_type);
}
module_exit(misfit_unload);

MODULE_DESCRIPTION("A device type that misbehaves, for tests");
MODULE_AUTHOR("The kernel-roulette authors");
MODULE_LICENSE("GPL");
