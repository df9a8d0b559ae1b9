// SPDX-License-Identifier: GPL-2.0
/*
 * The pages of an animation. Readers and pipes take references to single pages,
 * so the pages are not from a slab, and not parts of a larger block.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "animation.h"

/**
 * parrot_pages_alloc() - allocate and map the pages of an animation
 * @anim: the animation, without pages
 * @size: number of bytes, at least 1
 *
 * Context: Process context. May sleep.
 *
 * Return: true, or false without memory. In both cases parrot_pages_put() frees
 * the pages.
 */
bool parrot_pages_alloc(struct parrot_animation *anim, size_t size)
{
	unsigned int wanted = DIV_ROUND_UP(size, PAGE_SIZE);

	anim->pages = kvcalloc(wanted, sizeof(*anim->pages), GFP_KERNEL);
	if (!anim->pages)
		return false;
	while (anim->page_count < wanted) {
		/* Pages leave the module, so their gaps must not have old data. */
		struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

		if (!page)
			return false;
		anim->pages[anim->page_count++] = page;
	}
	anim->data = vmap(anim->pages, wanted, VM_MAP, PAGE_KERNEL);
	return anim->data;
}

/**
 * parrot_pages_put() - unmap and put the pages of an animation
 * @anim: the animation
 *
 * A page that is in a pipe is freed when it leaves the pipe.
 *
 * Context: Process context. May sleep.
 */
void parrot_pages_put(struct parrot_animation *anim)
{
	vunmap(anim->data);
	while (anim->page_count)
		put_page(anim->pages[--anim->page_count]);
	kvfree(anim->pages);
}
