#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 3
#
# What a reader of a parrot costs others, whatever he does: time in timer
# callbacks. The program parrotcost says what each case does.

load guest

setup_file() {
	load_all
}

teardown_file() {
	unload_all
}

@test "20,000 epoll items on 1,000 open files: no timer callback wakes more than its file's" {
	[[ -e /sys/kernel/tracing/events/timer/hrtimer_expire_entry ]] ||
		skip "this kernel traces no timers"
	parrotcost timers
}
