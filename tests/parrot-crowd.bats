#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 12
# concurrent
#
# Many readers of one parrot: frame rates, readers in step, and dropped frames.
# Frames are whole or cut, and are counted, while knobs change. A parrot can be
# removed while it is read.

load guest

setup_file() {
	load_all
}

teardown_file() {
	unload_all
}

@test "rates of 10, 30 and 60 are met within 2 %, readers are in step, and slow ones drop frames" {
	parrotclock rates
}

# bats test_tags=memory
@test "while knobs change, 20 readers get whole or cut frames, and each is counted" {
	local noise

	parrotclock crowd
	# The firmware loader may log the files that it loads. A debug kernel logs each
	# delayed release.
	noise=$(kernel_log | grep -Ev '^roulette crowd: [0-9]+:[0-9]+, frame rate 20$|firmware|^kobject: .* \(delayed [0-9]+\)$') || true
	[[ -z $noise ]] || fail "unexpected lines in the kernel log: $noise"
}

# bats test_tags=kernels,memory
@test "rmdir wakes waiters in read, splice, io_uring, poll and epoll" {
	parrotgone waiting
}

# bats test_tags=kernels,memory
@test "rmdir wakes a splice that waits for room in its pipe" {
	parrotgone room
}

# bats test_tags=memory
@test "after rmdir, reads, writes and splices return ENODEV, and polls POLLHUP and POLLERR" {
	parrotgone later
}

# bats test_tags=memory
@test "rmdir in a loop ends all running readers with ENODEV" {
	parrotgone playing
}
