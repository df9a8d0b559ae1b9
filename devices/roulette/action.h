/* SPDX-License-Identifier: GPL-2.0 */
/* What a hit does. */
#ifndef ROULETTE_ACTION_H
#define ROULETTE_ACTION_H

#include <linux/types.h>

#include "pull.h"
#include "roulette.h"

/**
 * struct roulette_mark - what a shot says of where it comes from
 * @device: the device's name
 * @label: the device's label at the time of the pull
 */
struct roulette_mark {
	char device[ROULETTE_NAME_MAX + 1];
	char label[ROULETTE_LABEL_MAX + 1];
};

/**
 * struct roulette_action - an action
 * @name: its word, at most ROULETTE_ACTION_MAX characters
 * @act: makes the kernel fail; NULL: nothing is to happen. Called with no
 *	lock, reference or preempt count held
 * @kills: does not return but ends the task that runs it: must not run inside
 *	the reader's system call, see shot.c
 */
struct roulette_action {
	const char *name;
	void (*act)(const struct roulette_mark *mark);
	bool kills;
};

#define ROULETTE_ACTION_MAX	15

const struct roulette_action *roulette_action_find(const char *name);
ssize_t roulette_action_list(char *buf);

#endif
