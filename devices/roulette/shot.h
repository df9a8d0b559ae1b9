/* SPDX-License-Identifier: GPL-2.0 */
/* From a hit to the action. */
#ifndef ROULETTE_SHOT_H
#define ROULETTE_SHOT_H

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "action.h"

struct roulette_state;

/**
 * struct roulette_hit - a pull that is to act
 * @action: what it does
 * @context: where
 * @delay_ms: how many milliseconds after the pull
 * @disarms: what roulette_disarms was before the pull
 * @cpu: on which CPU the reader is
 * @number: its number since the seed was set or reset, from 0
 * @hits: its number among the hits, from 1
 * @seed: what it was drawn with
 * @drawn: the number drawn
 * @odds: the odds
 * @mark: what the action is told
 * @pid: the reader's thread
 * @comm: its name
 */
struct roulette_hit {
	const struct roulette_action *action;
	enum roulette_context context;
	u32 delay_ms;
	unsigned int disarms;
	unsigned int cpu;
	u64 number;
	u64 hits;
	u64 seed;
	u32 drawn;
	char odds[ROULETTE_ODDS_TEXT];
	struct roulette_mark mark;
	pid_t pid;
	char comm[TASK_COMM_LEN];
};

/**
 * struct roulette_victim - a task that may be in the module without pinning it
 * @list: for roulette_victims_add()
 * @task: the task
 * @free: frees what this is part of, when the task is dead
 */
struct roulette_victim {
	struct list_head list;
	struct task_struct *task;
	void (*free)(struct roulette_victim *victim);
};

/* victims.c */
void roulette_victims_add(struct roulette_victim *victim);
bool roulette_victims_prune(void);
void roulette_victims_wait(void);

/* death.c */
int roulette_die(const struct roulette_hit *hit, struct roulette_device *rdev);

/* launch.c */
int roulette_launch(struct roulette_hit *hit, struct roulette_device *rdev);
void roulette_cancel(struct roulette_state *state);
void roulette_disarmed(void);

/* shot.c */
void roulette_shot_log(const struct roulette_hit *hit,
		       struct roulette_device *rdev, int err);
void roulette_shot_tell(const struct roulette_hit *hit,
			struct roulette_device *rdev);
int roulette_shoot(struct roulette_hit *hit, struct roulette_device *rdev,
		   bool sync);

#endif
