# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # run sets them
#
# What the files that prove a debug kernel's instruments share: the module that
# makes mistakes, and the judge that must not let one pass.

setup_file() {
	modprobe culprit
}

teardown_file() {
	rmmod culprit
}

make_mistake() {
	echo "$1" >/sys/module/culprit/parameters/mistake
}

# found MISTAKE REGEX: it is made, and judged a report, also by a test that
# expects a crash.
found() {
	expect_crash
	make_mistake "$1"
	run log_begins
	[[ $status == 1 ]] || fail "nothing was said of $1"
	grep -Eq "$2" <<<"$output" || fail "$output"
}
