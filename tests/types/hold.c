// SPDX-License-Identifier: GPL-2.0
/*
 * No type of device: holds whoever comes to a function of the kernel or a module,
 * named by the parameter symbol, while the parameter hold is Y, or for 10 s. held
 * counts them.
 */
#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

static char *symbol = "";
module_param(symbol, charp, 0444);
static bool hold = true;
module_param(hold, bool, 0644);
static unsigned int held;
module_param(held, uint, 0444);

/* Cannot sleep, so it waits on its CPU. */
static int hold_it(struct kprobe *probe, struct pt_regs *regs)
{
	int ms;

	if (!READ_ONCE(hold))
		return 0;
	WRITE_ONCE(held, held + 1);
	for (ms = 0; ms < 10000 && READ_ONCE(hold); ms++)
		mdelay(1);
	return 0;
}

static struct kprobe probe = { .pre_handler = hold_it };

static int __init hold_load(void)
{
	probe.symbol_name = symbol;
	return register_kprobe(&probe);
}

static void __exit hold_unload(void)
{
	unregister_kprobe(&probe);
}

module_init(hold_load);
module_exit(hold_unload);

MODULE_DESCRIPTION("Holds whoever comes to a function");
MODULE_AUTHOR("The kernel-roulette authors");
MODULE_LICENSE("GPL");
