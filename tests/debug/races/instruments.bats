#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 5
#
# KCSAN is on, and a data race in one of the modules fails a test, even one that
# expects a crash.

load ../../guest
load ../instruments

@test "KCSAN reports two threads that write one number without a lock" {
	grep -qx 'enabled: 1' /sys/kernel/debug/kcsan
	found race '^BUG: KCSAN: data-race in racer? \[culprit\] / racer? \[culprit\]'
}
