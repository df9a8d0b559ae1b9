// SPDX-License-Identifier: GPL-2.0
/* Defines the trace event. Only one file may define CREATE_TRACE_POINTS. */
#include "actions/action.h"

#define CREATE_TRACE_POINTS
#include "roulette_trace.h"
