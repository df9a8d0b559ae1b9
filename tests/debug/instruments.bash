# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # run sets them
#
# Functions of the tests that prove a debug kernel's instruments. The module culprit
# makes a mistake, and the check of the kernel log must fail.

setup_file() {
	modprobe culprit
}

teardown_file() {
	rmmod culprit
}

make_mistake() {
	echo "$1" >/sys/module/culprit/parameters/mistake
}

# found MISTAKE REGEX: make the mistake. The check of the kernel log must fail with a
# report that matches, although the test expects a crash.
found() {
	expect_crash
	make_mistake "$1"
	run log_begins
	[[ $status == 1 ]] || fail "the kernel log has no report of mistake $1"
	grep -Eq "$2" <<<"$output" || fail "$output"
}
