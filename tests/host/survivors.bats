#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# Readers and threads that survive an action which kills others: because of kernel
# parameters, or because the reader has mapped page 0. They go on, the log says so, and
# the modules can be removed.
#
# seconds: 20
#
# shellcheck disable=SC2016 # expanded by a shell in the guest

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	unset MAKEFLAGS MFLAGS MAKELEVEL ROULETTE_CMD ROULETTE_FILTER TIMEOUT
}

# survives COMMANDS: run them in a guest, with the function hit. Parameter clearcpuid=308
# turns off SMAP, which denies the kernel access to user memory.
survives() {
	run env ROULETTE_OPTIONS='clearcpuid=308 hardened_usercopy=off slub_debug=F,roulette_double_free' ROULETTE_CMD='
		set -e
		PATH=/suite/tests/tools:$PATH
		cd /sys/class/roulette/kernel-roulette
		echo 1/1 >odds
		echo fire drill >label
		# hit ACTION TEXT [OPTION...]: the reader goes on, and the log has TEXT.
		hit() {
			echo "$1" >action
			dmesg -C
			shoot "${@:3}" /dev/kernel-roulette >/tmp/said
			cat /tmp/said
			dmesg --notime
			grep -qx "exited 0" /tmp/said
			grep -qx "line bang: drew 0, odds 1/1, action $1" /tmp/said
			dmesg --notime | grep -qx "roulette kernel-roulette: survived $2, label \"fire drill\""
		}
		'"$1"'
		cd /
		dmesg -C
		rmmod roulette
		! dmesg | grep -E "WARNING|BUG"
		echo all survived' tests/vm/play
	echo "$output"
	[[ $status == 0 && $output == *'all survived'* ]]
}

@test "a reader survives null with page 0, usercopy and double_free without their checks" {
	survives '
		for options in "" "-t 2" "-m preadv" "-s"; do
			hit null "a write to address 0" -0 $options
			hit usercopy "a copy of more than an object" $options
			hit double_free "a double free" $options
			dmesg --notime | grep -q "^BUG roulette_double_free "
		done'
}

@test "a stand-in thread survives, and so does its reader" {
	survives '
		for method in aio uring; do
			hit usercopy "a copy of more than an object" -m $method
			hit double_free "a double free" -m $method
		done
		echo kthread >context
		hit usercopy "a copy of more than an object"
		hit double_free "a double free"
		for context in softirq hardirq; do
			echo double_free >action
			echo $context >context
			hit double_free "a double free"
		done'
}
