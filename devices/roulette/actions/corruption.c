// SPDX-License-Identifier: GPL-2.0
/*
 * Actions that corrupt the module's own data, so that a check of the kernel
 * finds it. No data of other code is affected, even if the check is missing.
 */
#include <linux/irqflags.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "action.h"

/*
 * A slab has at most 8 pages, so it has one object of this size. The second
 * free loses all objects behind the freed one in the slab's list.
 */
#define ROULETTE_DOUBLE_FREE_SIZE	(5 * PAGE_SIZE)

#define ROULETTE_USERCOPY_SIZE		64

static struct kmem_cache *roulette_double_free_cache;
static struct kmem_cache *roulette_usercopy_cache;
/* Allocated early, because a killed task could not free it. */
static void *roulette_usercopy_object;

/* SLUB does not merge caches that have a constructor. */
static void roulette_object_init(void *object)
{
}

static struct kmem_cache *roulette_cache_create(const char *name, size_t size)
{
	return kmem_cache_create(name, size, 0, 0, roulette_object_init);
}

/**
 * roulette_corruption_init() - create the caches for double_free and usercopy
 *
 * Context: Process context, before any action can run. May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int __init roulette_corruption_init(void)
{
	roulette_double_free_cache =
		roulette_cache_create("roulette_double_free",
				      ROULETTE_DOUBLE_FREE_SIZE);
	roulette_usercopy_cache = roulette_cache_create("roulette_usercopy",
							ROULETTE_USERCOPY_SIZE);
	if (roulette_usercopy_cache)
		roulette_usercopy_object = kmem_cache_alloc(roulette_usercopy_cache,
							    GFP_KERNEL);
	if (roulette_double_free_cache && roulette_usercopy_object)
		return 0;
	roulette_corruption_exit();
	return -ENOMEM;
}

/**
 * roulette_corruption_exit() - undo roulette_corruption_init()
 *
 * Context: Process context, when no action can run any more. May sleep.
 */
void roulette_corruption_exit(void)
{
	if (roulette_usercopy_object)
		kmem_cache_free(roulette_usercopy_cache,
				roulette_usercopy_object);
	kmem_cache_destroy(roulette_usercopy_cache);
	kmem_cache_destroy(roulette_double_free_cache);
}

/**
 * roulette_list_corruption() - insert into a list with a wrong link
 * @mark: device and label
 *
 * Only for kernels that check lists. The list is on the stack.
 */
noinline void roulette_list_corruption(const struct roulette_mark *mark)
{
	LIST_HEAD(list);
	LIST_HEAD(other);
	struct list_head entry;

	list.next = &other;
	list_add(&entry, &list);
	roulette_log_survived(mark, "an insertion into a corrupt list");
}

/**
 * roulette_double_free() - free an object twice in a row
 * @mark: device and label
 *
 * Interrupts are off, so that both frees occur on one CPU, and no allocation in
 * between. Only then SLUB finds the second one.
 */
noinline void roulette_double_free(const struct roulette_mark *mark)
{
	unsigned long flags;
	void *object;

	local_irq_save(flags);
	object = kmem_cache_alloc(roulette_double_free_cache, GFP_ATOMIC);
	if (object) {
		kmem_cache_free(roulette_double_free_cache, object);
		OPTIMIZER_HIDE_VAR(object);
		kmem_cache_free(roulette_double_free_cache, object);
	}
	local_irq_restore(flags);
	roulette_log_survived(mark, object ? "a double free" :
					     "because no memory could be freed");
}

/**
 * roulette_refcount() - decrement a reference count of 0
 * @mark: device and label
 */
noinline void roulette_refcount(const struct roulette_mark *mark)
{
	refcount_t count = REFCOUNT_INIT(0);

	if (!refcount_dec_and_test(&count))
		dev_emerg(&mark->rdev->dev,
			  "reference count below 0, of which the kernel reports only the first since boot, label \"%s\"\n",
			  mark->label);
}

/* LCOV_EXCL_START: the machine stops before coverage data is read */
#define ROULETTE_BUFFER_SIZE	16
/* The stack protector's canary is at most this far behind a buffer. */
#define ROULETTE_OVERRUN	32

/**
 * roulette_stack_corruption() - write past the end of a buffer on the stack
 * @mark: device and label
 *
 * Only for kernels with a stack protector. It panics before the function
 * returns through what was overwritten. KASAN would put more bytes between the
 * buffer and the canary.
 */
noinline __no_sanitize_address void
roulette_stack_corruption(const struct roulette_mark *mark)
{
	u8 buffer[ROULETTE_BUFFER_SIZE];
	u8 *byte = buffer;
	int i;

	OPTIMIZER_HIDE_VAR(byte);
	for (i = 0; i < ROULETTE_BUFFER_SIZE; i++)
		WRITE_ONCE(byte[i], 0);
	for (; i < ROULETTE_BUFFER_SIZE + ROULETTE_OVERRUN; i++)
		WRITE_ONCE(byte[i], ~READ_ONCE(byte[i]));
}

/* LCOV_EXCL_STOP */

/**
 * roulette_usercopy() - copy more than an object to user memory
 * @mark: device and label
 *
 * The check for the copy's size comes first. No process can have the address to
 * which the copy would go, so nothing is copied if the check is missing.
 */
noinline void roulette_usercopy(const struct roulette_mark *mark)
{
	void __user *to = (void __user *)-PAGE_SIZE;
	size_t size = 2 * ROULETTE_USERCOPY_SIZE;

	/* The check is skipped for sizes that the compiler knows. */
	OPTIMIZER_HIDE_VAR(size);
	if (copy_to_user(to, roulette_usercopy_object, size))
		roulette_log_survived(mark, "a copy of more than an object");
}
