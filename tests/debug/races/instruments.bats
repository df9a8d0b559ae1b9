#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 5
#
# KCSAN is on, and a race in one of our modules fails a test, one that expects a
# crash included.

load ../../guest

setup_file() {
	modprobe culprit
}

teardown_file() {
	rmmod culprit
}

@test "KCSAN: two threads and a number" {
	expect_crash
	grep -qx 'enabled: 1' /sys/kernel/debug/kcsan
	echo race >/sys/module/culprit/parameters/mistake
	run expect_clean_log
	dmesg_mark
	[[ $status == 1 ]]
	grep -Eq '^BUG: KCSAN: data-race in racer? \[culprit\] / racer? \[culprit\]' <<<"$output" || fail "$output"
}
