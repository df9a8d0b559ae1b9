#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 9
# concurrent
#
# Waiting for a parrot's frames in read, readv, splice, io_uring, poll and epoll. The
# next frame, a change of the rate, or a signal wakes a waiter. A call that must not
# wait returns EAGAIN. The heads of tests/tools/parrotlive.c and parrotwait.c
# describe each case.

load guest

setup_file() {
	load_all
}

teardown_file() {
	unload_all
}

# bats test_tags=memory
@test "a higher rate wakes waiters at once, and rate max gives them the very next frame" {
	parrotlive wake
}

@test "after a change of the rate, the next frame is due one new interval after the current began" {
	parrotlive due
}

@test "at rate 0 all readers wait, new ones too, but the rest of a frame can be read" {
	parrotlive pause
}

@test "at rate max no reader waits or misses a frame, until the rate is lowered" {
	parrotlive max
}

@test "O_NONBLOCK, RWF_NOWAIT and SPLICE_F_NONBLOCK return EAGAIN instead of waiting" {
	parrotwait nonblock
}

# bats test_tags=kernels
@test "level- and edge-triggered epoll report each frame that becomes due" {
	parrotwait epoll
}

# bats test_tags=kernels
@test "a read by io_uring waits without a worker thread" {
	parrotwait uring
}

# bats test_tags=kernels,memory
@test "a waiting splice or read by io_uring can be cancelled" {
	parrotwait cancel
}

# bats test_tags=kernels
@test "a signal ends a waiting call with EINTR, or restarts it with SA_RESTART" {
	parrotwait signals
}

@test "Ctrl-C and SIGKILL end a waiting cat" {
	parrotwait terminal
}

# bats test_tags=kernels
@test "splice waits for room in the pipe" {
	parrotwait room
}

# bats test_tags=kernels,memory
@test "a reader of the pipe of a waiting splice can be killed, and the splice then returns EPIPE" {
	parrotwait pipe
}
