#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 30
#
# Each instrument of this kernel is on, and what it says fails a test, one that
# expects a crash included. Runs in a guest of its own: after the first report
# some are silent.

load ../../guest
load ../instruments

@test "lockdep: locks in the wrong order" {
	found lock_order 'possible circular locking'
}

@test "DEBUG_ATOMIC_SLEEP: sleeping where one must not" {
	found atomic_sleep 'sleeping function called from invalid context'
}

@test "KASAN: an overrun and memory that was freed" {
	found overrun 'BUG: KASAN: .*out-of-bounds in .*\[culprit\]'
	found use_after_free 'BUG: KASAN: .*use-after-free in .*\[culprit\]'
}

@test "UBSAN: undefined arithmetic" {
	found shift 'UBSAN: shift-out-of-bounds in .*culprit\.c'
}

@test "DEBUG_OBJECTS: a timer that is freed while it runs" {
	found live_object 'ODEBUG: free active'
}

@test "DEBUG_LIST: an entry added twice" {
	found list_twice 'list_add (double add|corruption)'
}

@test "kmemleak: memory that nothing points to" {
	make_mistake leak
	run expect_no_leaks
	[[ $status == 1 && $output == *'[culprit]'* ]] || fail "$output"
	# A stale address may have hidden one of them from that look, but not from
	# the next: it gives them back as it goes.
	rmmod culprit
	modprobe culprit
	run expect_no_leaks
	[[ $status == 0 ]] || fail "$output"
}

@test "DEBUG_KOBJECT_RELEASE: a device is released late" {
	modprobe roulette
	mkdir "$CONFIG/roulette/bond"
	rmdir "$CONFIG/roulette/bond"
	log_has '^kobject: .*bond.* \(delayed [0-9]+\)'
	unload_all
}
