#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 150
#
# Each allocation of a hit fails once, see tests/tools/failnth.c. A shot that cannot
# be prepared counts as a hit and is logged as such, and its reader lives.

load ../guest
load fail-nth

BOND=/dev/roulette/bond

setup_file() {
	modprobe roulette default_device=N
}

setup() {
	guest_setup
	expect_crash
	mkdir "$CONFIG/roulette/bond"
	set_knobs bond odds=1/1 seed=1
}

teardown() {
	rmdir "$CONFIG/roulette/bond" && guest_teardown
}

teardown_file() {
	unload_all
}

@test "a synchronous hit of none or warn makes no allocation" {
	local action

	for action in none warn; do
		set_knobs bond action=$action
		sweep "a hit of $action, read" -0 read $BOND read
		sweep "a hit of $action, aio" -e EAGAIN read $BOND aio
	done
}

# bats test_tags=memory
@test "a warning in another context or after a delay survives each failed allocation" {
	local context

	set_knobs bond action=warn
	for context in kthread hardirq; do
		set_knobs bond context=$context
		sweep "a hit in context $context, read" read $BOND read
		sweep "a hit in context $context, kthreadd" -k read $BOND read
	done
	# None of these shots fires during the test.
	set_knobs bond delay_ms=4294967295
	sweep "a delayed hit, read" read $BOND read
}

# shots ACTION: hits that kill the reader, and hits that kill a thread in its place,
# which the reader or an io_uring worker creates.
shots() {
	set_knobs bond action="$1"
	sweep "a hit of $1, read" -c read $BOND read
	sweep "a hit of $1, preadv" -c read $BOND preadv
	sweep "a hit of $1, aio" -c -e EAGAIN read $BOND aio
	sweep "a hit of $1, io_uring" -c -e EAGAIN -e ECANCELED read $BOND uring
	sweep "a hit of $1, io_uring's worker" -c -W read $BOND uring-async
	sweep "a hit of $1, kthreadd" -c -k read $BOND aio
}

# bats test_tags=memory
@test "hits of oops survive each failed allocation" {
	shots oops
}

@test "hits of bug survive each failed allocation" {
	shots bug
}

@test "hits of null, gpf and divide survive each failed allocation" {
	local action

	for action in null gpf divide; do
		set_knobs bond action=$action
		sweep "a hit of $action, read" -c read $BOND read
		sweep "a hit of $action, io_uring" -c -e EAGAIN -e ECANCELED read $BOND uring
	done
}
