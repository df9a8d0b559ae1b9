// SPDX-License-Identifier: GPL-2.0
/*
 * Not a device type: a kprobe that holds each caller of a function of the
 * kernel or a module. The parameter symbol names the function. A caller is held
 * while the parameter hold is Y, and for at most 10 s. The parameter held
 * counts the callers that were held.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/processor.h>
#include <linux/timekeeping.h>

static char *symbol = "";
module_param(symbol, charp, 0444);
static bool hold = true;
module_param(hold, bool, 0644);
static unsigned int held;
module_param(held, uint, 0444);

/*
 * A kprobe handler must not sleep, so this one waits busily. Not with mdelay():
 * a guest on a busy host may measure far too few loops per jiffy.
 */
static int hold_it(struct kprobe *probe, struct pt_regs *regs)
{
	u64 end;

	if (!READ_ONCE(hold))
		return 0;
	WRITE_ONCE(held, held + 1);
	end = ktime_get_mono_fast_ns() + 10ULL * NSEC_PER_SEC;
	while (READ_ONCE(hold) && ktime_get_mono_fast_ns() < end)
		cpu_relax();
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
	WRITE_ONCE(hold, false);
	unregister_kprobe(&probe);
}

module_init(hold_load);
module_exit(hold_unload);

MODULE_DESCRIPTION("Holds the callers of a function, for tests");
MODULE_AUTHOR("The kernel-roulette authors");
MODULE_LICENSE("GPL");
