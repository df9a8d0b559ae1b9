/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a hit to the action. A shot waits, takes off, acts, and is over. Where it acts
 * is decided by roulette_shot_place(), and roulette_shoot() brings it there.
 */
#ifndef ROULETTE_SHOT_H
#define ROULETTE_SHOT_H

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "actions/action.h"

/* Most shots of a device that wait for their delay to pass. */
#define ROULETTE_WAITING_MAX	100

/**
 * enum roulette_place - where a shot acts
 * @ROULETTE_IN_READ: in the reader's system call
 * @ROULETTE_ON_RETURN: in the reader's task, on its return to user mode
 * @ROULETTE_IN_THREAD: in a kernel thread, or in an interrupt on top of it
 */
enum roulette_place {
	ROULETTE_IN_READ,
	ROULETTE_ON_RETURN,
	ROULETTE_IN_THREAD,
};

/**
 * enum roulette_shot_state - how far a shot is
 * @ROULETTE_WAITING: it has not taken off, and can be cancelled
 * @ROULETTE_CANCELLED: it will not act: it is not wanted any more, or could not be prepared
 * @ROULETTE_ACTING: it has taken off
 * @ROULETTE_OVER: likewise, and it was in a thread that is done with it
 */
enum roulette_shot_state {
	ROULETTE_WAITING,
	ROULETTE_CANCELLED,
	ROULETTE_ACTING,
	ROULETTE_OVER,
};

/**
 * struct roulette_shot - what follows a hit
 * @state: how far it is; written under roulette_shots_lock
 * @err: 0, or why it was cancelled: -ENODEV, -ECANCELED, -EINTR, or what failed
 * @rdev: the device
 * @action: what it does
 * @context: where
 * @delay_ms: how many milliseconds after the pull
 * @arming: roulette_arming when it was pulled
 * @cpu: the reader's CPU
 * @number: the pull's number since the seed was set or reset, from 0
 * @hit: its number among the hits, from 1
 * @seed: what it was drawn with
 * @drawn: the number drawn
 * @odds: the odds
 * @mark: what the action is told
 * @pid: the reader's thread
 * @comm: its name
 */
struct roulette_shot {
	enum roulette_shot_state state;
	int err;
	struct roulette_device *rdev;
	const struct roulette_action *action;
	enum roulette_context context;
	u32 delay_ms;
	unsigned int arming;
	unsigned int cpu;
	u64 number;
	u64 hit;
	u64 seed;
	u32 drawn;
	char odds[ROULETTE_ODDS_TEXT];
	struct roulette_mark mark;
	pid_t pid;
	char comm[TASK_COMM_LEN];
};

/**
 * struct roulette_task - a task in the module without a reference to it
 * @list: for roulette_tasks_add()
 * @task: the task
 * @free: frees the struct that contains this one, when the task has left
 */
struct roulette_task {
	struct list_head list;
	struct task_struct *task;
	void (*free)(struct roulette_task *entry);
};

/* place.c */
enum roulette_place roulette_shot_place(const struct roulette_action *action,
					enum roulette_context context,
					u32 delay_ms, bool sync);

/* takeoff.c */
extern unsigned int roulette_arming;
extern wait_queue_head_t roulette_shots_wait;
void roulette_arm(bool armed);
void roulette_cancel_all(struct roulette_device *rdev);
int roulette_shot_unwanted(const struct roulette_shot *shot);
int roulette_shot_prepare(struct roulette_shot *shot);
int roulette_shot_take_off(struct roulette_shot *shot);
int roulette_shot_cancel(struct roulette_shot *shot, int err);
void roulette_shot_over(struct roulette_shot *shot);
bool roulette_shot_is_over(const struct roulette_shot *shot);
int roulette_shot_err(const struct roulette_shot *shot);

/* last.c */
int roulette_last_init(void);
void roulette_last_exit(void);
void roulette_last_set(const struct roulette_shot *shot);

/* tasks.c */
void roulette_tasks_add(struct roulette_task *entry);
bool roulette_tasks_prune(void);
void roulette_tasks_wait(void);

/* on_return.c */
int roulette_shoot_on_return(struct roulette_shot *shot);

/* thread.c */
int roulette_shoot_in_thread(struct roulette_shot *shot);

/* shoot.c */
int roulette_shoot(struct roulette_shot *shot, bool sync);

/**
 * roulette_is_armed() - may pulls hit?
 * @arming: what roulette_arming was
 *
 * Return: the parameter armed.
 */
static inline bool roulette_is_armed(unsigned int arming)
{
	return arming & 1;
}

/**
 * roulette_task_left() - has a task left the module to die?
 * @task: the task
 *
 * Return: whether it is in do_exit(), or dead.
 */
static inline bool roulette_task_left(const struct task_struct *task)
{
	return READ_ONCE(task->flags) & PF_EXITING;
}

#endif
