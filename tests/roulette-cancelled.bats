#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# Safe means safe: once armed is N, or the device is removed, no shot fires that had
# not taken off, wherever its reader or its thread was held back meanwhile.
#
# seconds: 20

load guest

NODE=/dev/roulette/bond
KNOBS=/sys/class/roulette/bond
ARMED=/sys/module/roulette/parameters/armed
CONTEXTS='process kthread softirq hardirq'
# armed may be Y again before the shot is to take off.
DISARM="echo N >$ARMED; echo Y >$ARMED"
REMOVE="rmdir $CONFIG/roulette/bond"

setup_file() {
	modprobe roulette
}

setup() {
	guest_setup
	bond
}

teardown() {
	echo Y >$ARMED
	rmmod hold 2>/dev/null || true
	rmmod insider 2>/dev/null || true
	remove_instances && guest_teardown
}

teardown_file() {
	unload_all
}

# bond KNOB=VALUE...: a fresh device, and a log with its line alone
bond() {
	[[ ! -d $CONFIG/roulette/bond ]] || rmdir "$CONFIG/roulette/bond"
	mkdir "$CONFIG/roulette/bond"
	set_knobs bond odds=1/1 action=warn label='fire drill' "$@"
	log_begins
}

has_userfaultfd() {
	[[ -e /proc/sys/vm/unprivileged_userfaultfd ]] || skip "this kernel has no userfaultfd"
}

# cancelled WHY ACTION: the one line of the shot, and nothing else of it
cancelled() {
	local want="roulette bond: pull 0: action $2 is cancelled, $1, label \"fire drill\""

	eventually 5 grep -qxF "$want" <(kernel_log) || fail "$(kernel_log)"
	[[ $(kernel_log | grep -Ev '^roulette bond: pull 0: action .* fires in ') == "$want" ]] || fail "$(kernel_log)"
}

# each_held_in_copy COMMAND SAID WHY COUNTS: the command while the line is copied, for a
# reader in each context; what the reader says, why the shot is cancelled, and what
# pulls and hits are then.
each_held_in_copy() {
	local action context counts said uevents

	has_userfaultfd
	for action in warn $KILLERS; do
		for context in $CONTEXTS; do
			bond action="$action" context="$context"
			uevents=$(uevents bash -c "held copy $NODE '$1' >$BATS_TEST_TMPDIR/said; sleep 0.1")
			said=$(<"$BATS_TEST_TMPDIR/said")
			[[ $said == "$2" && $uevents != *change* ]] || fail "$action in $context: $said, $uevents"
			cancelled "$3" "$action"
			counts=$(cat $KNOBS/pulls $KNOBS/hits 2>/dev/null) || true
			[[ $counts == "$4" ]] || fail "$action in $context: $counts"
		done
	done
}

# bats test_tags=kernels
@test "while the line is copied armed N cancels a hit in each context, and the read says so" {
	each_held_in_copy "$DISARM" $'read ECANCELED\nrest 0\nexited 0' 'armed was set to N' $'1\n1'
}

# bats test_tags=slow
@test "while the line is copied rmdir cancels a hit in each context, and the read says so" {
	each_held_in_copy "$REMOVE" $'read ENODEV\nrest ENODEV\nexited 0' 'the device was removed' ''
}

@test "a delayed shot that is cancelled in the copy is not announced" {
	local context

	has_userfaultfd
	for context in $CONTEXTS; do
		bond context="$context" delay_ms=1
		[[ $(held copy $NODE "$DISARM") == $'read ECANCELED\nrest 0\nexited 0' ]]
		sleep 0.1
		[[ $(kernel_log) == 'roulette bond: pull 0: action warn is cancelled, armed was set to N, label "fire drill"' ]] || fail "$(kernel_log)"
	done
}

@test "a hit whose copy was held fires if nobody cancels it" {
	has_userfaultfd
	expect_crash
	[[ $(held copy $NODE 'sleep 0.2') == $'read 36\nrest 32\nexited 0' ]]
	log_has '^WARNING: '
}

# Another pull of the same open file has a line of its own, which stays.
@test "a cancelled hit drops its own line only" {
	local said

	has_userfaultfd
	said=$(held copy,pull $NODE "$DISARM; echo 0/1 >$KNOBS/odds")
	[[ $said == $'pulled 24\nread ECANCELED\nrest 20\nexited 0' ]] || fail "$said"
}

# hold_at SYMBOL
hold_at() {
	insmod "$(modinfo -n hold)" "symbol=$1" 2>/dev/null || skip "this kernel has no kprobes"
}

somebody_is_held() {
	(($(</sys/module/hold/parameters/held)))
}

# held_at_take_off COMMAND: pulls; runs the command when the shot is about to take off.
# What the reader got is in $output, and the uevents of meanwhile are in $uevents.
held_at_take_off() {
	local dir=$BATS_TEST_TMPDIR listener reader

	hold_at roulette_shot_take_off
	rm -f "$dir/over"
	uevents bash -c "until [[ -e $dir/over ]]; do sleep 0.05; done" >"$dir/uevents" &
	listener=$!
	taskset -c 1 pull $NODE >"$dir/pull" &
	reader=$!
	eventually 8 somebody_is_held
	taskset -c 0 bash -c "$1"
	echo N >/sys/module/hold/parameters/hold
	wait "$reader" || true
	rmmod hold
	touch "$dir/over"
	wait "$listener"
	output=$(<"$dir/pull") uevents=$(<"$dir/uevents")
}

# The last moment at which each can be cancelled. On its way to user mode the reader
# has its line already, and lives; so has the reader of a delayed shot.
# bats test_tags=slow,kernels
@test "whatever its way, a shot that is about to take off can be cancelled" {
	local command ended way why

	taskset -pc 0 $BASHPID >/dev/null
	for command in "$DISARM" "$REMOVE"; do
		why='armed was set to N' ended=ECANCELED
		[[ $command == "$DISARM" ]] || why='the device was removed' ended=ENODEV
		for way in warn {warn,"$KILLER"}' context='{kthread,softirq,hardirq}; do
			# shellcheck disable=SC2086 # several knobs
			bond action=$way
			held_at_take_off "$command"
			[[ $output == "$ended" && $uevents != *change* ]] || fail "$way: $output, $uevents"
			cancelled "$why" "${way%% *}"
		done
		for way in "$KILLER" 'warn delay_ms=1' 'warn context=softirq delay_ms=1'; do
			# shellcheck disable=SC2086 # several knobs
			bond action=$way
			held_at_take_off "$command"
			[[ $output == "bang: drew 0, odds 1/1, action ${way%% *}" && $uevents != *change* ]] ||
				fail "$way: $output, $uevents"
			cancelled "$why" "${way%% *}"
		done
	done
}

# kthreadd, which makes threads, is held on CPU 0.
# bats test_tags=kernels
@test "a reader that is killed before its thread is there fires no shot" {
	local command reader why

	taskset -pc 0 "$(pgrep -x kthreadd)" >/dev/null
	taskset -pc 1 $BASHPID >/dev/null
	for command in true "$DISARM"; do
		why='the reader was killed'
		[[ $command == true ]] || why='armed was set to N'
		bond context=kthread
		hold_at kernel_thread
		pull $NODE >/dev/null &
		reader=$!
		eventually 8 somebody_is_held
		bash -c "$command"
		kill -KILL "$reader"
		wait "$reader" || true
		cancelled "$why" warn
		echo N >/sys/module/hold/parameters/hold
		rmmod hold
	done
	taskset -pc 0,1 "$(pgrep -x kthreadd)" >/dev/null
}

# The kernel does the task's work before it stops for a tracer, so only a shot with a
# delay is still to come then.
@test "a reader whose system call is over has been hit, unless the shot is late" {
	local context

	for context in $CONTEXTS; do
		bond context="$context" delay_ms=1000
		[[ $(held exit $NODE "$DISARM") == $'read 36\nrest 32\nexited 0' ]]
		cancelled 'armed was set to N' warn
	done
	expect_crash
	bond action="$KILLER"
	[[ $(held exit $NODE "$DISARM") == $'not held\nkilled 9' ]]
	log_has '^roulette bond: bang: pull 0 '
	bond action="$KILLER"
	[[ $(held entry $NODE "echo N >$ARMED") == $'read 39\nrest 35\nexited 0' ]]
	[[ -z $(kernel_log) ]]
}

# bats test_tags=kernels
@test "a reader within the kernel is refused, and io_uring's fixed buffers are not" {
	modprobe insider
	refused EINVAL /sys/module/insider/parameters/read "kvec $NODE"
	[[ $(<$KNOBS/pulls) == 0 ]]
	echo none >$KNOBS/action
	knob write /sys/module/insider/parameters/read "bvec $NODE"
	[[ $(<$KNOBS/pulls) == 1 ]]
}
