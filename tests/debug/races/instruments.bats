#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 5
#
# KCSAN is on, and a race in one of our modules fails a test, one that expects a
# crash included.

load ../../guest
load ../instruments

@test "KCSAN: two threads and a number" {
	grep -qx 'enabled: 1' /sys/kernel/debug/kcsan
	found race '^BUG: KCSAN: data-race in racer? \[culprit\] / racer? \[culprit\]'
}
