// SPDX-License-Identifier: GPL-2.0
/* The actions of type roulette, and the contexts in which they are possible. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "devices/device.h"

static const char *const contexts[] = {
	"process", "kthread", "softirq", "hardirq",
};

enum { PROCESS, KTHREAD, SOFTIRQ, HARDIRQ, CONTEXTS };

/* An action is possible in its last context, and in those before it. */
static const struct {
	const char *name;
	int last;
} actions[] = {
	{ "none", HARDIRQ }, { "warn", HARDIRQ }, { "oops", HARDIRQ },
	{ "bug", HARDIRQ }, { "panic", HARDIRQ }, { "hung_task", KTHREAD },
	{ "soft_lockup", SOFTIRQ }, { "hard_lockup", HARDIRQ },
	{ "hang", HARDIRQ }, { "rcu_stall", SOFTIRQ },
	{ "stack_overflow", KTHREAD }, { "use_after_free", HARDIRQ },
	{ "oom", PROCESS }, { "kill", PROCESS }, { "error", PROCESS },
	{ "reboot", HARDIRQ }, { "null", HARDIRQ }, { "gpf", HARDIRQ },
	{ "divide", HARDIRQ }, { "list_corruption", HARDIRQ },
	{ "double_free", HARDIRQ }, { "refcount", HARDIRQ },
	{ "stack_corruption", HARDIRQ }, { "usercopy", KTHREAD },
	{ "atomic_sleep", KTHREAD }, { "deadlock", HARDIRQ },
};

#define ACTIONS	(sizeof(actions) / sizeof(*actions))

/* Return: available_actions of a loaded device, or NULL. */
static char *available(struct machine *machine)
{
	char **names = machine_names(machine, CLASS_DIR);
	char *list = NULL;
	char **name;

	for (name = names; name && *name && !list; name++) {
		char *path = text(CLASS_DIR "/%s/available_actions", *name);

		list = machine_read(machine, path);
		free(path);
	}
	machine_names_free(names);
	return list;
}

static void append(char ***names, size_t *count, const char *name)
{
	*names = need_memory(reallocarray(*names, *count + 1, sizeof(**names)));
	(*names)[(*count)++] = name ? text("%s", name) : NULL;
}

/**
 * actions_read() - get the actions of a machine's kernel
 * @machine: the machine
 *
 * Return: the actions of a loaded device, else all that exist, with a NULL
 * behind them. The caller must call machine_names_free().
 */
char **actions_read(struct machine *machine)
{
	char *list = available(machine);
	char *word, *rest = list;
	char **names = NULL;
	size_t count = 0, i;

	/* A newer module may have more actions than this program knows. */
	while (rest && (word = strsep(&rest, "\n ")))
		if (*word)
			append(&names, &count, word);
	for (i = 0; !list && i < ACTIONS; i++)
		append(&names, &count, actions[i].name);
	append(&names, &count, NULL);
	free(list);
	return names;
}

/**
 * action_known() - check whether this program knows what an action does
 * @action: name of the action
 *
 * Return: true if it does.
 */
bool action_known(const char *action)
{
	size_t i;

	for (i = 0; i < ACTIONS; i++)
		if (!strcmp(actions[i].name, action))
			return true;
	return false;
}

/**
 * context_exists() - check the name of a context
 * @context: the name
 *
 * Return: true if it is one.
 */
bool context_exists(const char *context)
{
	int i;

	for (i = 0; i < CONTEXTS; i++)
		if (!strcmp(contexts[i], context))
			return true;
	return false;
}

/**
 * action_allows() - check whether an action is possible in a context
 * @action: name of the action
 * @context: name of the context
 *
 * Return: true if it is; true also for an action that this program does not
 * know.
 */
bool action_allows(const char *action, const char *context)
{
	size_t i;
	int last;

	for (i = 0; i < ACTIONS; i++) {
		if (strcmp(actions[i].name, action))
			continue;
		for (last = 0; last <= actions[i].last; last++)
			if (!strcmp(contexts[last], context))
				return true;
		return false;
	}
	return true;
}
