// SPDX-License-Identifier: GPL-2.0
/*
 * The edges of a frame: bytes before and after its picture that a reader does not
 * get from the animation. They lie in a page, so that a pipe can take them without
 * a copy.
 */
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "parrot.h"

/* Distance between edges in their page. */
#define PARROT_EDGE_SIZE	16

static const char parrot_edge_texts[PARROT_EDGES][PARROT_EDGE_SIZE] __initconst = {
	[PARROT_COLOR_BLACK] = PARROT_HOME "\033[30m",
	[PARROT_COLOR_RED] = PARROT_HOME "\033[31m",
	[PARROT_COLOR_GREEN] = PARROT_HOME "\033[32m",
	[PARROT_COLOR_YELLOW] = PARROT_HOME "\033[33m",
	[PARROT_COLOR_BLUE] = PARROT_HOME "\033[34m",
	[PARROT_COLOR_MAGENTA] = PARROT_HOME "\033[35m",
	[PARROT_COLOR_CYAN] = PARROT_HOME "\033[36m",
	[PARROT_COLOR_WHITE] = PARROT_HOME "\033[37m",
	[PARROT_EDGE_TAIL] = PARROT_TAIL,
	[PARROT_EDGE_TAIL_COLORED] = PARROT_TAIL_COLORED,
	[PARROT_EDGE_TAIL_CUT] = "\033[0m" PARROT_ROW_END PARROT_TAIL,
};

struct bio_vec parrot_edges[PARROT_EDGES] __ro_after_init;

/**
 * parrot_edges_make() - allocate the edges; called when the module is loaded
 *
 * Context: Process context. May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int __init parrot_edges_make(void)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	unsigned int i;

	if (!page)
		return -ENOMEM;
	memcpy(page_address(page), parrot_edge_texts, sizeof(parrot_edge_texts));
	for (i = 0; i < PARROT_EDGES; i++) {
		parrot_edges[i].bv_page = page;
		parrot_edges[i].bv_offset = i * PARROT_EDGE_SIZE;
		parrot_edges[i].bv_len = strlen(parrot_edge_texts[i]);
	}
	return 0;
}

/**
 * parrot_edges_free() - undo parrot_edges_make()
 *
 * Context: Any context. Pipes may still have references to the page.
 */
void parrot_edges_free(void)
{
	put_page(parrot_edges[0].bv_page);
}
