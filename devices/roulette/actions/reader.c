// SPDX-License-Identifier: GPL-2.0
/* Actions that affect only the reader. */
#include <linux/sched/signal.h>

#include "action.h"

/**
 * roulette_kill() - send SIGKILL to the reader
 * @mark: unused
 */
noinline void roulette_kill(const struct roulette_mark *mark)
{
	send_sig(SIGKILL, current, 1);
}

/**
 * roulette_error() - do nothing: the read returns -EIO, see table.c
 * @mark: unused
 */
noinline void roulette_error(const struct roulette_mark *mark)
{
}
