/* SPDX-License-Identifier: GPL-2.0 */
/* Actions of a hit, and the contexts in which they run. */
#ifndef ROULETTE_ACTION_H
#define ROULETTE_ACTION_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/types.h>

#include "pull/rules.h"
#include "roulette.h"

/**
 * enum roulette_context - values of the knob context: where an action runs
 * @ROULETTE_PROCESS: in the reader's own task
 * @ROULETTE_KTHREAD: in a kernel thread named after the reader
 * @ROULETTE_SOFTIRQ: in a softirq of the reader's CPU
 * @ROULETTE_HARDIRQ: in an interrupt of the reader's CPU
 * @ROULETTE_CONTEXTS: number of contexts
 */
enum roulette_context {
	ROULETTE_PROCESS,
	ROULETTE_KTHREAD,
	ROULETTE_SOFTIRQ,
	ROULETTE_HARDIRQ,
	ROULETTE_CONTEXTS
};

/**
 * struct roulette_mark - arguments of an action
 * @rdev: the device, to which the caller holds a reference; NULL if the caller
 *	has dropped this reference because the action may kill the task
 * @device: the device's name
 * @label: the device's label at the time of the pull
 * @hang_time: seconds after which a lockup ends, 0 for never
 */
struct roulette_mark {
	struct roulette_device *rdev;
	char device[ROULETTE_NAME_MAX + 1];
	char label[ROULETTE_LABEL_MAX + 1];
	u32 hang_time;
};

/**
 * struct roulette_action - an action
 * @name: name of at most ROULETTE_ACTION_MAX characters
 * @act: makes the kernel fail, see roulette_act(); NULL for action none
 * @contexts: BIT(roulette_context) of each context in which the action can run;
 *	0 if this kernel does not support the action
 * @kills: the action may kill the task that runs it, so it must not run inside
 *	the reader's system call, see shot/place.c
 * @fails: the read returns -EIO instead of the line
 */
struct roulette_action {
	const char *name;
	void (*act)(const struct roulette_mark *mark);
	u8 contexts;
	bool kills;
	bool fails;
};

#define ROULETTE_ACTION_MAX	16

/* table.c */
void roulette_act(const struct roulette_action *action,
		  const struct roulette_mark *mark);
const struct roulette_action *roulette_action_find(const char *name);
ssize_t roulette_action_list(char *buf);
int roulette_context_find(const char *name);
const char *roulette_context_name(enum roulette_context context);
ssize_t roulette_context_list(char *buf);
const char *roulette_action_needs(const struct roulette_action *action);

/* crash.c */
void roulette_log_survived(const struct roulette_mark *mark, const char *what);
void roulette_warn(const struct roulette_mark *mark);
void roulette_oops(const struct roulette_mark *mark);
void roulette_null(const struct roulette_mark *mark);
void roulette_gpf(const struct roulette_mark *mark);
void roulette_divide(const struct roulette_mark *mark);
void roulette_bug(const struct roulette_mark *mark);
void roulette_panic(const struct roulette_mark *mark);
void roulette_reboot(const struct roulette_mark *mark);

/* reader.c */
void roulette_kill(const struct roulette_mark *mark);
void roulette_error(const struct roulette_mark *mark);

/* lockup.c */
void roulette_log_over(const struct roulette_mark *mark, const char *action);
void roulette_hung_task(const struct roulette_mark *mark);
void roulette_soft_lockup(const struct roulette_mark *mark);
void roulette_hard_lockup(const struct roulette_mark *mark);
void roulette_hang(const struct roulette_mark *mark);
void roulette_hangs_wait(void);
void roulette_rcu_stall(const struct roulette_mark *mark);

/* locking.c */
void roulette_atomic_sleep(const struct roulette_mark *mark);
void roulette_deadlock(const struct roulette_mark *mark);

/* memory.c */
int roulette_memory_init(void);
void roulette_memory_exit(void);
void roulette_stack_overflow(const struct roulette_mark *mark);
void roulette_use_after_free(const struct roulette_mark *mark);
void roulette_oom(const struct roulette_mark *mark);

/* corruption.c */
int roulette_corruption_init(void);
void roulette_corruption_exit(void);
void roulette_list_corruption(const struct roulette_mark *mark);
void roulette_double_free(const struct roulette_mark *mark);
void roulette_refcount(const struct roulette_mark *mark);
void roulette_stack_corruption(const struct roulette_mark *mark);
void roulette_usercopy(const struct roulette_mark *mark);

/**
 * roulette_shot_possible() - check whether settings allow an action
 * @action: the action
 * @context: value of the knob context
 * @delay_ms: value of the knob delay_ms; unless 0, a thread replaces the reader
 *
 * Context: Any context.
 *
 * Return: true if the action can run.
 */
static inline bool
roulette_shot_possible(const struct roulette_action *action,
		       enum roulette_context context, u32 delay_ms)
{
	if (delay_ms && context == ROULETTE_PROCESS)
		context = ROULETTE_KTHREAD;
	return action->contexts & BIT(context);
}

#endif
