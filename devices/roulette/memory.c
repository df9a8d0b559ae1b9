// SPDX-License-Identifier: GPL-2.0
/* Actions that misuse memory. */
#include <linux/gfp.h>
#include <linux/irqflags.h>
#include <linux/oom.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "action.h"

/* More than any kernel's stack, so that the compiler sees an end. */
#define ROULETTE_DEPTH_MAX	1000000
#define ROULETTE_FRAME		256

/* LCOV_EXCL_START: nobody is left to say that this has run */
static noinline unsigned int roulette_dig(unsigned int depth)
{
	/* Volatile, else there would be no frame. */
	volatile u8 frame[ROULETTE_FRAME];

	frame[depth % ROULETTE_FRAME] = depth;
	if (depth < ROULETTE_DEPTH_MAX)
		depth = roulette_dig(depth + 1);
	return depth + frame[depth % ROULETTE_FRAME];
}

/**
 * roulette_stack_overflow() - recurse until the kernel's stack is full
 * @mark: whose shot it is
 *
 * Only where a guard page lies behind the stack, else it would write over
 * others' memory.
 */
noinline void roulette_stack_overflow(const struct roulette_mark *mark)
{
	pr_emerg("roulette %s: survived a stack %u frames deep, label \"%s\"\n",
		 mark->device, roulette_dig(0), mark->label);
}

/* LCOV_EXCL_STOP */

#define ROULETTE_FREED_SIZE	64

/**
 * roulette_use_after_free() - write to memory that was freed
 * @mark: whose shot it is
 *
 * With interrupts off, so that nobody else has been given the memory when it is
 * written to, since it is this CPU's: a kernel that does not look for this is not
 * harmed. KASAN tells of the write, and slub_debug of the poison that is gone
 * when the memory is given out again, which is done at once.
 */
noinline void roulette_use_after_free(const struct roulette_mark *mark)
{
	unsigned long flags;
	u8 *bytes, *again;

	local_irq_save(flags);
	bytes = kmalloc(ROULETTE_FREED_SIZE, GFP_ATOMIC);
	kfree(bytes);
	OPTIMIZER_HIDE_VAR(bytes);
	if (bytes)
		WRITE_ONCE(bytes[0], 0);
	again = kmalloc(ROULETTE_FREED_SIZE, GFP_ATOMIC);
	local_irq_restore(flags);
	kfree(again);
	dev_emerg(&mark->rdev->dev, "%s, label \"%s\"\n",
		  bytes ? "wrote to freed memory" : "no memory to free",
		  mark->label);
}

/**
 * roulette_oom() - take all memory, until the reader is killed for it
 * @mark: whose shot it is
 *
 * The kernel is asked to kill this task first. All that was taken is given back.
 */
noinline void roulette_oom(const struct roulette_mark *mark)
{
	unsigned long count = 0;
	void **last = NULL;

	set_current_oom_origin();
	while (!fatal_signal_pending(current)) {
		void **page = (void **)__get_free_page(GFP_KERNEL | __GFP_NOWARN);

		cond_resched();
		if (!page)
			continue;
		/* Each holds the one before it. */
		*page = last;
		last = page;
		count++;
	}
	clear_current_oom_origin();
	while (last) {
		void **page = last;

		last = *page;
		free_page((unsigned long)page);
		cond_resched();
	}
	dev_emerg(&mark->rdev->dev, "gave back %lu pages, label \"%s\"\n",
		  count, mark->label);
}
