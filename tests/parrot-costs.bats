#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 7
#
# What a reader of a parrot can cost others: time in timer callbacks, memory of
# animations that are no longer shown, and memory that is not charged to the
# reader's cgroup. The program parrotcost says what each case does.
# bats file_tags=kernels

load guest

setup_file() {
	# make full tries five times the items, and a hundred changes.
	[[ -z ${ROULETTE_FULL:-} ]] || export PARROT_EPOLLS=100 PARROT_CHANGES=100
	load_all
}

teardown_file() {
	! mountpoint -q /run/cgroup2 || umount /run/cgroup2
	unload_all
}

@test "20,000 epoll items on 1,000 open files: no timer callback wakes more than its file's" {
	[[ -e /sys/kernel/tracing/events/timer/hrtimer_expire_entry ]] ||
		skip "this kernel traces no timers"
	parrotcost timers
}

@test "replaced animations are freed, though readers are within their frames, or in a copy" {
	[[ -e /proc/sys/vm/unprivileged_userfaultfd ]] || skip "this kernel has no userfaultfd"
	parrotcost memory
}

@test "open files and spliced pages are charged to the reader's memory cgroup" {
	mkdir -p /run/cgroup2
	mount -t cgroup2 none /run/cgroup2 || skip "this kernel has no cgroup2"
	grep -qw memory /run/cgroup2/cgroup.controllers || skip "this kernel has no memory cgroups"
	parrotcost charge
}
