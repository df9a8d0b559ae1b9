/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a hit to the action. A shot waits, takes off and acts, or it is
 * cancelled before it takes off. roulette_shoot() starts a shot,
 * roulette_shot_place() decides where the shot acts.
 */
#ifndef ROULETTE_SHOT_H
#define ROULETTE_SHOT_H

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "actions/action.h"

/* Maximum number of a device's shots that wait for their delay. */
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
 * enum roulette_shot_state - state of a shot
 * @ROULETTE_WAITING: has not taken off and can be cancelled
 * @ROULETTE_CANCELLED: will not act, because of &roulette_shot.err
 * @ROULETTE_ACTING: has taken off
 * @ROULETTE_OVER: only in a thread: has acted or was cancelled, and the thread
 *	exits
 */
enum roulette_shot_state {
	ROULETTE_WAITING,
	ROULETTE_CANCELLED,
	ROULETTE_ACTING,
	ROULETTE_OVER,
};

/**
 * struct roulette_shot - the shot of a hit
 * @state: state of the shot; written under roulette_shots_lock
 * @err: 0, or the reason for the cancellation: -ENODEV, -ECANCELED, -EINTR, or
 *	the error of the preparation
 * @rdev: the device
 * @action: the action
 * @context: value of the knob context at the pull
 * @delay_ms: delay between pull and action in milliseconds
 * @arming: value of roulette_arming at the pull
 * @cpu: the reader's CPU
 * @number: number of the pull, from 0 after a write to seed or reset
 * @hit: number of the hit, from 1
 * @seed: seed of the draw
 * @drawn: the number drawn
 * @odds: the odds
 * @mark: arguments of the action
 * @pid: thread ID of the reader
 * @comm: name of this thread
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
 * struct roulette_task - a task for which module exit waits, see tasks.c
 * @list: entry in roulette_tasks
 * @task: the task
 * @free: frees the struct that contains this one when the task is exiting
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
unsigned int roulette_shots_pending(const struct roulette_device *rdev);

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
 * roulette_is_armed() - get the parameter armed from roulette_arming
 * @arming: a value of roulette_arming
 *
 * Context: Any context.
 *
 * Return: true if pulls may hit.
 */
static inline bool roulette_is_armed(unsigned int arming)
{
	return arming & 1;
}

/**
 * roulette_task_exiting() - check whether a task has begun to exit
 * @task: the task
 *
 * Context: Any context.
 *
 * Return: true if the task is in do_exit() or dead.
 */
static inline bool roulette_task_exiting(const struct task_struct *task)
{
	return READ_ONCE(task->flags) & PF_EXITING;
}

#endif
