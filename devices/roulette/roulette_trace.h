/* SPDX-License-Identifier: GPL-2.0 */
/* The trace event of a pull. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM roulette

#if !defined(ROULETTE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define ROULETTE_TRACE_H

#include <linux/string.h>
#include <linux/tracepoint.h>

#include "actions/action.h"
#include "pull/rules.h"

/* Only types of C: without BTF, bpftrace does not know the kernel's types. */
TRACE_EVENT(roulette_pull,
	TP_PROTO(const struct roulette_device *rdev,
		 const struct roulette_rules *rules, u32 drawn, bool hit),
	TP_ARGS(rdev, rules, drawn, hit),
	TP_STRUCT__entry(
		__array(char, device, ROULETTE_NAME_MAX + 1)
		__field(unsigned long long, pull)
		__field(unsigned int, drawn)
		__array(char, odds, ROULETTE_ODDS_TEXT)
		__field(int, hit)
		__array(char, action, ROULETTE_ACTION_MAX + 1)
	),
	TP_fast_assign(
		strscpy(__entry->device, roulette_name(rdev),
			sizeof(__entry->device));
		__entry->pull = rules->number - 1;
		__entry->drawn = drawn;
		strscpy(__entry->odds, rules->odds.text, sizeof(__entry->odds));
		__entry->hit = hit;
		strscpy(__entry->action, rules->action->name,
			sizeof(__entry->action));
	),
	TP_printk("device=%s pull=%llu drawn=%u odds=%s hit=%d action=%s",
		  __entry->device, __entry->pull, __entry->drawn,
		  __entry->odds, __entry->hit, __entry->action)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE roulette_trace
#include <trace/define_trace.h>
