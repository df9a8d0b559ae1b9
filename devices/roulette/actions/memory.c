// SPDX-License-Identifier: GPL-2.0
/* Actions that misuse memory. */
#include <linux/gfp.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/preempt.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

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
/* Not where the kernel keeps notes in freed memory: KASAN at its start, SLUB in its middle. */
#define ROULETTE_FREED_BYTE	48

/* A cache of its own: whatever SLUB finds wrong in it concerns nobody else. */
static struct kmem_cache *roulette_freed;

/*
 * With slub_debug=FZPU SLUB checks the poison before it returns a slab to the page
 * allocator, and repairs it. If it first finds the damage when it hands out an
 * object, it abandons the slab, and warns again when the cache is destroyed.
 */
static void roulette_freed_check(struct work_struct *unused)
{
	kmem_cache_shrink(roulette_freed);
}

static DECLARE_WORK(roulette_freed_work, roulette_freed_check);

/**
 * roulette_memory_init() - before any action can come
 *
 * Context: Module init. May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int __init roulette_memory_init(void)
{
	/* SLUB merges no cache that has bytes for usercopy with another. */
	roulette_freed = kmem_cache_create_usercopy("roulette_freed",
						    ROULETTE_FREED_SIZE, 0, 0,
						    0, ROULETTE_FREED_SIZE,
						    NULL);
	return roulette_freed ? 0 : -ENOMEM;
}

/**
 * roulette_memory_exit() - undo roulette_memory_init()
 *
 * Context: Module init or exit, when no action can come any more. May sleep.
 */
void roulette_memory_exit(void)
{
	flush_work(&roulette_freed_work);
	kmem_cache_destroy(roulette_freed);
}

static bool roulette_same_slab(const void *one, const void *other)
{
	return one && other &&
	       virt_to_head_page(one) == virt_to_head_page(other);
}

/*
 * The object that is kept holds the slab in the cache while the other one, which is
 * free, is written to. Interrupts are off so that both come from one slab.
 */
static __always_inline bool roulette_write_freed(void)
{
	unsigned long flags;
	u8 *kept, *freed;
	bool same;

	local_irq_save(flags);
	kept = kmem_cache_alloc(roulette_freed, GFP_ATOMIC);
	freed = kmem_cache_alloc(roulette_freed, GFP_ATOMIC);
	same = roulette_same_slab(kept, freed);
	if (freed)
		kmem_cache_free(roulette_freed, freed);
	OPTIMIZER_HIDE_VAR(freed);
	if (same)
		WRITE_ONCE(freed[ROULETTE_FREED_BYTE], 0);
	if (kept)
		kmem_cache_free(roulette_freed, kept);
	local_irq_restore(flags);
	return same;
}

/**
 * roulette_use_after_free() - write to memory that was freed
 * @mark: whose shot it is
 *
 * Nobody else is given that memory before it is written to, so that a kernel that
 * does not look for this is not harmed. KASAN tells of the write, and slub_debug of
 * the poison that is gone.
 */
noinline void roulette_use_after_free(const struct roulette_mark *mark)
{
	bool wrote = roulette_write_freed();

	if (in_task())
		kmem_cache_shrink(roulette_freed);
	else
		schedule_work(&roulette_freed_work);
	dev_emerg(&mark->rdev->dev, "%s, label \"%s\"\n",
		  wrote ? "wrote to freed memory" : "no memory to free",
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
	dev_emerg(&mark->rdev->dev, "released %lu pages, label \"%s\"\n",
		  count, mark->label);
}
