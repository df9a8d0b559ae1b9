// SPDX-License-Identifier: GPL-2.0
/* Actions that concern the reader alone. */
#include <linux/sched/signal.h>

#include "action.h"

/**
 * roulette_kill() - kill the reader, as the administrator would
 * @mark: whose shot it is
 */
noinline void roulette_kill(const struct roulette_mark *mark)
{
	send_sig(SIGKILL, current, 1);
}

/**
 * roulette_error() - nothing but the error that the read returns
 * @mark: whose shot it is
 */
noinline void roulette_error(const struct roulette_mark *mark)
{
}
