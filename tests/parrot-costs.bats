#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 7
#
# The costs that a parrot's reader can cause for others: time in timer callbacks,
# memory of replaced animations, and memory that is not charged to the reader's
# cgroup. The head of tests/tools/parrotcost.c describes each case.
# bats file_tags=kernels

load guest

setup_file() {
	# make full uses five times as many epoll items, and 100 animation changes.
	[[ -z ${ROULETTE_FULL:-} ]] || export PARROT_EPOLLS=100 PARROT_CHANGES=100
	load_all
}

teardown_file() {
	! mountpoint -q /run/cgroup2 || umount /run/cgroup2
	unload_all
}

@test "with 20,000 epoll items on 1,000 files, a timer callback wakes only its file's items" {
	[[ -e /sys/kernel/tracing/events/timer/hrtimer_expire_entry ]] ||
		skip "this kernel traces no timers"
	parrotcost timers
}

@test "a replaced animation is freed although readers are in a frame or a copy, or have spliced some of its pages" {
	[[ -e /proc/sys/vm/unprivileged_userfaultfd ]] || skip "this kernel has no userfaultfd"
	parrotcost memory
}

@test "open files are charged to the reader's memory cgroup, and a splice allocates no pages" {
	mkdir -p /run/cgroup2
	mount -t cgroup2 none /run/cgroup2 || skip "this kernel has no cgroup2"
	grep -qw memory /run/cgroup2/cgroup.controllers || skip "this kernel has no memory cgroups"
	parrotcost charge
}
