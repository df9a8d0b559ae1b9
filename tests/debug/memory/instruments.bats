#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 30
#
# Each instrument of this kernel is on, and its report fails a test, even one that
# expects a crash. This file has its own guest, because some instruments are silent
# after the first report.

load ../../guest
load ../instruments

@test "lockdep reports locks that are taken in the wrong order" {
	found lock_order 'possible circular locking'
}

@test "DEBUG_ATOMIC_SLEEP reports sleeping in atomic context" {
	found atomic_sleep 'sleeping function called from invalid context'
}

@test "KASAN reports an overrun and a use after free" {
	found overrun 'BUG: KASAN: .*out-of-bounds in .*\[culprit\]'
	found use_after_free 'BUG: KASAN: .*use-after-free in .*\[culprit\]'
}

@test "UBSAN reports a shift out of bounds" {
	found shift 'UBSAN: shift-out-of-bounds in .*culprit\.c'
}

@test "DEBUG_OBJECTS reports a timer that is freed while it is active" {
	found live_object 'ODEBUG: free active'
}

@test "DEBUG_LIST reports an entry that is added twice" {
	found list_twice 'list_add (double add|corruption)'
}

@test "kmemleak reports memory that no pointer refers to" {
	make_mistake leak
	run expect_no_leaks
	[[ $status == 1 && $output == *'[culprit]'* ]] || fail "$output"
	# A stale address may hide a lost object from this search, but not from the next
	# one. rmmod frees the lost objects, so that the next search finds none.
	rmmod culprit
	modprobe culprit
	run expect_no_leaks
	[[ $status == 0 ]] || fail "$output"
}

@test "DEBUG_KOBJECT_RELEASE delays the release of a device" {
	modprobe roulette
	mkdir "$CONFIG/roulette/bond"
	rmdir "$CONFIG/roulette/bond"
	log_has '^kobject: .*bond.* \(delayed [0-9]+\)'
	unload_all
}
