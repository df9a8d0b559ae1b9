// SPDX-License-Identifier: GPL-2.0
/* The one place where the trace event's code is made. */
#include "actions/action.h"

#define CREATE_TRACE_POINTS
#include "roulette_trace.h"
