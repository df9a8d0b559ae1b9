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

/* Too many frames for any kernel stack. Without a limit the compiler warns. */
#define ROULETTE_DEPTH_MAX	1000000
#define ROULETTE_FRAME		256

/* LCOV_EXCL_START: the machine stops before coverage data is read */
static noinline unsigned int roulette_recurse(unsigned int depth)
{
	/* Volatile, because otherwise the compiler would remove the frame. */
	volatile u8 frame[ROULETTE_FRAME];

	frame[depth % ROULETTE_FRAME] = depth;
	if (depth < ROULETTE_DEPTH_MAX)
		depth = roulette_recurse(depth + 1);
	return depth + frame[depth % ROULETTE_FRAME];
}

/**
 * roulette_stack_overflow() - recurse until the kernel stack overflows
 * @mark: device and label
 *
 * Only for kernels with a guard page behind the stack. Without a guard page the
 * recursion would overwrite the memory of other code.
 */
noinline void roulette_stack_overflow(const struct roulette_mark *mark)
{
	roulette_recurse(0);
	roulette_log_survived(mark, "a recursion without end");
}

/* LCOV_EXCL_STOP */

#define ROULETTE_FREED_SIZE	64
/* KASAN has metadata at the start of a freed object, SLUB in the middle. */
#define ROULETTE_FREED_BYTE	48

/* A separate cache: damage that SLUB finds in it affects no other code. */
static struct kmem_cache *roulette_freed;

/*
 * With slub_debug=FZPU, SLUB checks and repairs the poison before it returns a
 * slab to the page allocator. So the slab is returned at once. If an allocation
 * found the damage first, SLUB would abandon the slab and warn at module exit.
 */
static void roulette_freed_check(struct work_struct *unused)
{
	kmem_cache_shrink(roulette_freed);
}

static DECLARE_WORK(roulette_freed_work, roulette_freed_check);

/**
 * roulette_memory_init() - create the cache for use_after_free
 *
 * Context: Process context, before any action can run. May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int __init roulette_memory_init(void)
{
	/* SLUB does not merge caches that have a usercopy region. */
	roulette_freed = kmem_cache_create_usercopy("roulette_freed",
						    ROULETTE_FREED_SIZE, 0, 0,
						    0, ROULETTE_FREED_SIZE,
						    NULL);
	return roulette_freed ? 0 : -ENOMEM;
}

/**
 * roulette_memory_exit() - undo roulette_memory_init()
 *
 * Context: Process context, when no action can run any more. May sleep.
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
 * One object is kept until the other, freed one is written, so that the slab
 * stays in the cache. Interrupts are off, so that both come from one slab.
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
 * roulette_use_after_free() - write to freed memory
 * @mark: device and label
 *
 * No other code can get the memory before the write, so a kernel without checks
 * is not harmed. KASAN reports the write, slub_debug the overwritten poison.
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
 * roulette_oom() - allocate all memory until the reader is killed
 * @mark: device and label
 *
 * The OOM killer selects this task first. Finally all pages are freed.
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
		/* Each page points to the previous one. */
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
