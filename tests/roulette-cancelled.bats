#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# After armed is set to N, or the device is removed, no pending shot fires. Its reader
# or its thread may be delayed at any point.
#
# seconds: 20

load guest

NODE=/dev/roulette/bond
KNOBS=/sys/class/roulette/bond
ARMED=/sys/module/roulette/parameters/armed
CONTEXTS='process kthread softirq hardirq'
# armed is Y again before the shot is due to fire.
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

# bond KNOB=VALUE...: create the device anew, set its knobs, and begin a new log.
bond() {
	[[ ! -d $CONFIG/roulette/bond ]] || rmdir "$CONFIG/roulette/bond"
	mkdir "$CONFIG/roulette/bond"
	set_knobs bond odds=1/1 action=warn label='fire drill' "$@"
	log_begins
}

has_userfaultfd() {
	[[ -e /proc/sys/vm/unprivileged_userfaultfd ]] || skip "this kernel has no userfaultfd"
}

# cancelled WHY ACTION: the log has the shot's cancellation, and no other line except
# the announcement of its delay.
cancelled() {
	local want="roulette bond: pull 0: action $2 is cancelled, $1, label \"fire drill\""

	eventually 5 grep -qxF "$want" <(kernel_log) || fail "$(kernel_log)"
	[[ $(kernel_log | grep -Ev '^roulette bond: pull 0: action .* fires in ') == "$want" ]] || fail "$(kernel_log)"
}

# each_held_in_copy COMMAND SAID WHY COUNTS: run COMMAND while a reader copies its line,
# for each action and context. SAID is the reader's output, WHY the logged reason, and
# COUNTS the values of pulls and hits afterwards.
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
@test "armed N cancels a hit while its line is copied, and the read returns ECANCELED" {
	each_held_in_copy "$DISARM" $'read ECANCELED\nrest 0\nexited 0' 'armed was set to N' $'1\n1'
}

# bats test_tags=slow
@test "rmdir cancels a hit while its line is copied, and the read returns ENODEV" {
	each_held_in_copy "$REMOVE" $'read ENODEV\nrest ENODEV\nexited 0' 'the device was removed' ''
}

@test "a delayed shot that is cancelled while its line is copied is not announced" {
	local context

	has_userfaultfd
	for context in $CONTEXTS; do
		bond context="$context" delay_ms=1
		[[ $(held copy $NODE "$DISARM") == $'read ECANCELED\nrest 0\nexited 0' ]]
		sleep 0.1
		[[ $(kernel_log) == 'roulette bond: pull 0: action warn is cancelled, armed was set to N, label "fire drill"' ]] || fail "$(kernel_log)"
	done
}

@test "a hit whose copy is delayed fires if it is not cancelled" {
	has_userfaultfd
	expect_crash
	[[ $(held copy $NODE 'sleep 0.2') == $'read 36\nrest 32\nexited 0' ]]
	log_has '^WARNING: '
}

@test "a hit fires although its reader is killed while its line is copied" {
	local action

	has_userfaultfd
	expect_crash
	for action in warn "$KILLER"; do
		bond "action=$action"
		# shellcheck disable=SC2016 # for the shell of held
		[[ $(held copy $NODE 'pkill -KILL -P "$(pgrep -ox held)"') == 'killed 9' ]]
		log_has "^roulette bond: bang: pull 0 .*, action $action, "
	done
}

@test "a cancelled hit does not drop the line of a later pull of the same open file" {
	local said

	has_userfaultfd
	said=$(held copy,pull $NODE "$DISARM; echo 0/1 >$KNOBS/odds")
	[[ $said == $'pulled 24\nread ECANCELED\nrest 20\nexited 0' ]] || fail "$said"
}

# hold_at SYMBOL: hold each task that calls this function, for up to 10 s.
hold_at() {
	insmod "$(modinfo -n hold)" "symbol=$1" 2>/dev/null || skip "this kernel has no kprobes"
}

somebody_is_held() {
	(($(</sys/module/hold/parameters/held)))
}

# held_at_take_off COMMAND: pull, and run COMMAND when the shot calls
# roulette_shot_take_off(). Set output to the reader's output, and uevents to the
# uevents sent meanwhile.
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

# roulette_shot_take_off() is the last point at which a shot can be cancelled. If the
# shot fires on return to user mode, or after a delay, the read has succeeded by then.
# bats test_tags=slow,kernels
@test "in each context, a shot can be cancelled until it takes off" {
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

# The thread of the first shot cannot run until it is released. It may hold CPU 1 before
# cat has ended, so cat runs in the background.
# bats test_tags=kernels
@test "pending does not count a cancelled shot whose thread has not run" {
	local reader

	taskset -pc 0 $BASHPID >/dev/null
	bond delay_ms=1
	hold_at roulette_shot_take_off
	taskset -c 1 cat $NODE >/dev/null &
	reader=$!
	eventually 8 somebody_is_held
	calls <<-END
		text $KNOBS/pending = 1
		put $ARMED N
		text $KNOBS/pending = 0
		put $ARMED Y
		text $KNOBS/pending = 0
		put $KNOBS/delay_ms 4294967295
		open b $NODE
		pread b 100 0
		text $KNOBS/pending = 1
	END
	[[ $(kernel_log) != *cancelled* ]] || fail "$(kernel_log)"
	echo N >/sys/module/hold/parameters/hold
	rmmod hold
	wait "$reader"
	eventually 5 first_is_cancelled
	[[ $(<$KNOBS/pending) == 1 ]]
}

first_is_cancelled() {
	kernel_log | grep -q '^roulette bond: pull 0: action warn is cancelled, armed was set to N, '
}

# kthreadd, which creates the thread, is held on CPU 0.
# bats test_tags=kernels
@test "no shot fires if the reader is killed before the shot's thread exists" {
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

# The kernel runs task work, and so the shot, before the task stops for a tracer at the
# end of its system call. Only a delayed shot is still pending then.
@test "a shot has fired when the reader's system call ends, unless it is delayed" {
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
@test "a read within the kernel into a kvec returns EINVAL, and one into a bvec works" {
	modprobe insider
	refused EINVAL /sys/module/insider/parameters/read "kvec $NODE"
	[[ $(<$KNOBS/pulls) == 0 ]]
	echo none >$KNOBS/action
	knob write /sys/module/insider/parameters/read "bvec $NODE"
	[[ $(<$KNOBS/pulls) == 1 ]]
}
