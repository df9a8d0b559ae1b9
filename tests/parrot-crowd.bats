#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 12
# concurrent
#
# A parrot's clock and its many readers: the rates, readers in step, what slow
# ones drop, frames whole or cut, and counted, while all knobs turn; and the removal of
# a parrot under its readers.

load guest

setup_file() {
	load_all
}

teardown_file() {
	unload_all
}

@test "10, 30 and 60 frames a second within 2 %, readers in step, slow ones drop" {
	parrotclock rates
}

# bats test_tags=memory
@test "20 readers against turning knobs: frames are whole or cut, and are counted" {
	local noise

	parrotclock crowd
	# The kernel's loader may speak of the files that it loads, and a debug
	# kernel of each release.
	noise=$(kernel_log | grep -Ev '^roulette crowd: [0-9]+:[0-9]+, frame rate 20$|firmware|^kobject: .* \(delayed [0-9]+\)$') || true
	[[ -z $noise ]] || fail "the kernel's log has $noise"
}

# bats test_tags=kernels,memory
@test "rmdir wakes who waits by read, splice, io_uring, poll and epoll" {
	parrotgone waiting
}

# bats test_tags=kernels,memory
@test "rmdir wakes who waits for room in a pipe" {
	parrotgone room
}

# bats test_tags=memory
@test "after rmdir every call on an open file says so" {
	parrotgone later
}

# bats test_tags=memory
@test "rmdir again and again while readers read" {
	parrotgone playing
}
