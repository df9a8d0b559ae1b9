// SPDX-License-Identifier: GPL-2.0
/*
 * The table of actions: deliberate failures of the kernel. Each action has one
 * line, which gives its contexts, and one function in this directory. Only
 * action none has no function.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "action.h"
#include "compat.h"

#define IN_READER	BIT(ROULETTE_PROCESS)
#define IN_TASKS	(IN_READER | BIT(ROULETTE_KTHREAD))
#define IN_SOFTIRQ	(IN_TASKS | BIT(ROULETTE_SOFTIRQ))
#define ANYWHERE	(IN_SOFTIRQ | BIT(ROULETTE_HARDIRQ))

/*
 * PREEMPT_RT cannot allocate memory with interrupts off. SLOB and SLUB_TINY
 * have no checks.
 */
#define ROULETTE_SLUB_ANYWHERE					\
	(!IS_ENABLED(CONFIG_PREEMPT_RT) && !IS_ENABLED(CONFIG_SLOB) &&	\
	 !IS_ENABLED(CONFIG_SLUB_TINY))

/* Without one of these checks, a double free would corrupt the cache. */
#define ROULETTE_CHECKS_FREES						\
	(roulette_slub_checks_frees && IS_ENABLED(CONFIG_SLUB) &&	\
	 (IS_ENABLED(CONFIG_SLAB_FREELIST_HARDENED) ||			\
	  IS_ENABLED(CONFIG_KASAN_GENERIC) ||				\
	  IS_ENABLED(CONFIG_KASAN_SW_TAGS)))

#define ROULETTE_ACTION(_name, _contexts, ...)				\
	{								\
		.name = __stringify(_name),				\
		.act = roulette_ ## _name,				\
		.contexts = _contexts,					\
		__VA_ARGS__						\
	}

static const struct roulette_action roulette_actions[] = {
	{ .name = "none", .contexts = ANYWHERE },
	ROULETTE_ACTION(warn, ANYWHERE),
	ROULETTE_ACTION(oops, ANYWHERE, .kills = true),
	ROULETTE_ACTION(bug, ANYWHERE, .kills = true),
	ROULETTE_ACTION(panic, ANYWHERE),
	/* Lockups end after hang_time seconds. */
	ROULETTE_ACTION(hung_task, IN_TASKS),
	ROULETTE_ACTION(soft_lockup, IN_SOFTIRQ),
	ROULETTE_ACTION(hard_lockup, ANYWHERE),
	ROULETTE_ACTION(hang, ANYWHERE),
	ROULETTE_ACTION(rcu_stall, IN_SOFTIRQ),
	/* Needs a guard page, see roulette_stack_overflow(). */
	ROULETTE_ACTION(stack_overflow,
			IS_ENABLED(CONFIG_VMAP_STACK) ? IN_TASKS : 0,
			.kills = true),
	ROULETTE_ACTION(use_after_free,
			ROULETTE_SLUB_ANYWHERE ? ANYWHERE : 0),
	ROULETTE_ACTION(oom, IN_READER),
	ROULETTE_ACTION(kill, IN_READER),
	ROULETTE_ACTION(error, IN_READER, .fails = true),
	ROULETTE_ACTION(reboot, ANYWHERE),
	ROULETTE_ACTION(null, ANYWHERE, .kills = true),
	/* Other CPUs report a bad address as an ordinary page fault. */
	ROULETTE_ACTION(gpf, IS_ENABLED(CONFIG_X86_64) ? ANYWHERE : 0,
			.kills = true),
	/* On other CPUs, the quotient is 0 or -1. */
	ROULETTE_ACTION(divide, IS_ENABLED(CONFIG_X86) ? ANYWHERE : 0,
			.kills = true),
	ROULETTE_ACTION(list_corruption,
			IS_ENABLED(CONFIG_DEBUG_LIST) ||
			IS_ENABLED(CONFIG_LIST_HARDENED) ? ANYWHERE : 0,
			.kills = true),
	ROULETTE_ACTION(double_free,
			ROULETTE_SLUB_ANYWHERE && ROULETTE_CHECKS_FREES ?
			ANYWHERE : 0,
			.kills = true),
	ROULETTE_ACTION(refcount, ANYWHERE),
	ROULETTE_ACTION(stack_corruption,
			IS_ENABLED(CONFIG_STACKPROTECTOR) ? ANYWHERE : 0),
	ROULETTE_ACTION(usercopy,
			IS_ENABLED(CONFIG_HARDENED_USERCOPY) ? IN_TASKS : 0,
			.kills = true),
	ROULETTE_ACTION(atomic_sleep, IN_TASKS),
	/* Without SMP, spinlocks have no state. */
	ROULETTE_ACTION(deadlock, IS_ENABLED(CONFIG_SMP) ? ANYWHERE : 0),
};

/**
 * roulette_act() - make the kernel fail
 * @action: the action, not "none"
 * @mark: arguments of the action
 *
 * Does not return if the action kills the task.
 *
 * Context: One of @action's contexts. The caller holds no lock, reference or
 * preempt count that a dying task would never release.
 */
noinline void roulette_act(const struct roulette_action *action,
			   const struct roulette_mark *mark)
{
	action->act(mark);
}

/**
 * roulette_action_find() - find an action by its name
 * @name: the name
 *
 * Context: Any context.
 *
 * Return: the action, or NULL if unknown or not supported by this kernel.
 */
const struct roulette_action *roulette_action_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(roulette_actions); i++) {
		if (roulette_actions[i].contexts &&
		    !strcmp(roulette_actions[i].name, name))
			return &roulette_actions[i];
	}
	return NULL;
}

/**
 * roulette_action_list() - write the names of all supported actions as a line
 * @buf: a page
 *
 * Context: Any context.
 *
 * Return: the number of bytes in @buf.
 */
ssize_t roulette_action_list(char *buf)
{
	ssize_t len = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(roulette_actions); i++) {
		if (roulette_actions[i].contexts)
			len += sysfs_emit_at(buf, len, "%s%s", len ? " " : "",
					     roulette_actions[i].name);
	}
	return len + sysfs_emit_at(buf, len, "\n");
}

static const char *const roulette_contexts[] = {
	[ROULETTE_PROCESS] = "process",
	[ROULETTE_KTHREAD] = "kthread",
	[ROULETTE_SOFTIRQ] = "softirq",
	[ROULETTE_HARDIRQ] = "hardirq",
};

/**
 * roulette_context_find() - find a context by its name
 * @name: the name
 *
 * Context: Any context.
 *
 * Return: the &enum roulette_context, or -EINVAL.
 */
int roulette_context_find(const char *name)
{
	return match_string(roulette_contexts, ROULETTE_CONTEXTS, name);
}

/**
 * roulette_context_name() - get the name of a context
 * @context: the context
 *
 * Context: Any context.
 *
 * Return: the name.
 */
const char *roulette_context_name(enum roulette_context context)
{
	return roulette_contexts[context];
}

/**
 * roulette_context_list() - write the names of all contexts as a line
 * @buf: a page
 *
 * Context: Any context.
 *
 * Return: the number of bytes in @buf.
 */
ssize_t roulette_context_list(char *buf)
{
	ssize_t len = 0;
	size_t i;

	for (i = 0; i < ROULETTE_CONTEXTS; i++)
		len += sysfs_emit_at(buf, len, "%s%s", len ? " " : "",
				     roulette_contexts[i]);
	return len + sysfs_emit_at(buf, len, "\n");
}

/**
 * roulette_action_needs() - describe the settings that an action requires
 * @action: the action
 *
 * Context: Any context.
 *
 * Return: text for a log message.
 */
const char *roulette_action_needs(const struct roulette_action *action)
{
	switch (action->contexts) {
	case IN_READER:
		return "context process and delay_ms 0";
	case IN_TASKS:
		return "context process or kthread";
	case IN_SOFTIRQ:
		return "context process, kthread or softirq";
	default:
		return "nothing";
	}
}
