// SPDX-License-Identifier: GPL-2.0
/* The one place where the trace event's code is made. */
#define CREATE_TRACE_POINTS
#include "parrot_trace.h"
