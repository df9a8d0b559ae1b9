#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 9
# concurrent
#
# Waiting for a parrot's frames: who waits is woken by the next frame, a change
# of the rate or a signal, and who must not wait is told EAGAIN; by read, readv,
# splice, io_uring, poll and epoll. The programs behind the cases say in their
# heads what each shows.

load guest

setup_file() {
	load_all
}

teardown_file() {
	unload_all
}

# bats test_tags=memory
@test "a higher rate or max wakes who waits, at once and to the very next frame" {
	parrotlive wake
}

@test "the next frame is due one new interval after the current one began" {
	parrotlive due
}

@test "paused, all readers wait, also fresh ones; a frame's rest can be read" {
	parrotlive pause
}

@test "at max nobody waits and each reader has each frame; then back to a rate" {
	parrotlive max
}

@test "O_NONBLOCK, RWF_NOWAIT and SPLICE_F_NONBLOCK say EAGAIN" {
	parrotwait nonblock
}

# bats test_tags=kernels
@test "epoll, level- and edge-triggered, has an event for each frame" {
	parrotwait epoll
}

# bats test_tags=kernels
@test "a read by io_uring waits without a worker thread" {
	parrotwait uring
}

# bats test_tags=kernels,memory
@test "a splice or read by io_uring that waits can be cancelled" {
	parrotwait cancel
}

# bats test_tags=kernels
@test "a signal ends a read, or restarts it as the handler says" {
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
@test "the pipe of a waiting splice can be read, killed and closed" {
	parrotwait pipe
}
