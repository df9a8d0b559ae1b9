/* SPDX-License-Identifier: GPL-2.0 */
/* The trace event of a frame that a reader begins. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM roulette

#if !defined(PARROT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define PARROT_TRACE_H

#include <linux/string.h>
#include <linux/tracepoint.h>

#include "roulette.h"

TRACE_EVENT(parrot_frame,
	TP_PROTO(const struct roulette_device *rdev, u64 frame),
	TP_ARGS(rdev, frame),
	TP_STRUCT__entry(
		__array(char, device, ROULETTE_NAME_MAX + 1)
		__field(unsigned long long, frame)
	),
	TP_fast_assign(
		strscpy(__entry->device, roulette_name(rdev),
			sizeof(__entry->device));
		__entry->frame = frame;
	),
	TP_printk("device=%s frame=%llu", __entry->device, __entry->frame)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE parrot_trace
#include <trace/define_trace.h>
