// SPDX-License-Identifier: GPL-2.0
/*
 * The actions: real failures of the kernel, on purpose. This is the only file
 * that has any. An action is one function and one line of the table.
 */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "action.h"

static noinline void roulette_warn(const struct roulette_mark *mark)
{
	WARN(1, "%s: shot, action warn, label \"%s\"\n", mark->device,
	     mark->label);
}

/*
 * The last page of the address space, where ERR_PTR() values lie, is mapped
 * by no architecture, and no process can map it, unlike page 0.
 */
static noinline void roulette_oops(const struct roulette_mark *mark)
{
	unsigned long address = -PAGE_SIZE;

	/* The compiler would see the fault coming and drop the access. */
	OPTIMIZER_HIDE_VAR(address);
	WRITE_ONCE(*(char *)address, 0);
	pr_emerg("%s: survived a write to %#lx\n", mark->device, address);
}

static noinline void roulette_bug(const struct roulette_mark *mark)
{
	BUG();
}

/* LCOV_EXCL_START: nobody is left to say that this has run */
static noinline void roulette_panic(const struct roulette_mark *mark)
{
	panic("%s: shot, action panic, label \"%s\"", mark->device,
	      mark->label);
}

/* LCOV_EXCL_STOP */

#define ROULETTE_ACTION(_name, _kills)					\
	{								\
		.name = __stringify(_name),				\
		.act = roulette_ ## _name,				\
		.kills = _kills,					\
	}

static const struct roulette_action roulette_actions[] = {
	{ .name = "none" },
	ROULETTE_ACTION(warn, false),
	ROULETTE_ACTION(oops, true),
	ROULETTE_ACTION(bug, true),
	ROULETTE_ACTION(panic, false),
};

/**
 * roulette_action_find() - look an action up
 * @name: its word
 *
 * Return: the action or NULL.
 */
const struct roulette_action *roulette_action_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(roulette_actions); i++) {
		if (!strcmp(roulette_actions[i].name, name))
			return &roulette_actions[i];
	}
	return NULL;
}

/**
 * roulette_action_list() - the words of all actions on a line
 * @buf: a page
 *
 * Return: the number of bytes in @buf.
 */
ssize_t roulette_action_list(char *buf)
{
	ssize_t len = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(roulette_actions); i++)
		len += sysfs_emit_at(buf, len, "%s%s", i ? " " : "",
				     roulette_actions[i].name);
	return len + sysfs_emit_at(buf, len, "\n");
}
