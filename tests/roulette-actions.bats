#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The effect of a hit, for each action of tests/actions.tsv: how the reader ends, and
# the lines of the kernel log. The machine and the device go on working. tests/vm/texts
# checks the actions that end the machine, from the host.
#
# seconds: 30

load guest
load guest/texts

NODE=/dev/roulette/bond
KNOBS=/sys/class/roulette/bond

setup_file() {
	modprobe roulette
}

setup() {
	guest_setup
	mkdir "$CONFIG/roulette/bond"
	set_knobs bond odds=1/1 action=none seed=0x1f
	log_begins
}

teardown() {
	rmdir "$CONFIG/roulette/bond" && guest_teardown
}

teardown_file() {
	unload_all
}

# shot ACTION [OPTION...]: run a reader that hits with this action, and set tid and
# ended. The reader must get its line, or none if the action is error.
shot() {
	local said line=$'\n'"line bang: drew 0, odds 1/1, action $1"

	[[ $1 != error ]] || line=
	echo "$1" >$KNOBS/action
	said=$(shoot "${@:2}" $NODE)
	[[ $said =~ ^tid\ ([0-9]+)$'\n'([^$'\n']*)"$line"$ ]] || fail "$said"
	tid=${BASH_REMATCH[1]} ended=${BASH_REMATCH[2]}
}

# killers: print the actions of this kernel that kill the reader only.
killers() {
	tr ' ' '\n' <$KNOBS/available_actions | grep -Ex "${KILLERS// /|}|${MORE_KILLERS// /|}"
}

# in_table ACTION: print the row of tests/actions.tsv for this kernel.
in_table() {
	local arch

	case $HOSTTYPE in
	x86_64) arch=amd64 ;;
	aarch64) arch=arm64 ;;
	*) arch=$HOSTTYPE ;;
	esac
	[[ $KERNEL =~ ^[0-9]+\.[0-9]+ ]]
	row "$SUITE/actions.tsv" "$1" "${BASH_REMATCH[0]}" "$arch"
}

# Debug kernels lack some detectors, and their other detectors report more.
debian_only() {
	[[ $KERNEL == *-* ]] || skip "tests/actions.tsv has Debian's own kernels only"
}

# bats test_tags=slow,kernels
@test "each action ends and is logged as in tests/actions.tsv" {
	local action seen want seen_file=$BATS_TEST_TMPDIR/seen

	debian_only
	for action in $(<$KNOBS/available_actions); do
		[[ -n $(in_table "$action") ]] || fail "no row for $action on $KERNEL: run tests/vm/texts record"
	done
	expect_crash
	texts bond >"$seen_file"
	while IFS=$'\t' read -r action seen; do
		want=$(in_table "$action")
		! differs "$want" "$seen" >"$BATS_TEST_TMPDIR/difference" ||
			fail "$action: $(<"$BATS_TEST_TMPDIR/difference")"
	done <"$seen_file"
	[[ $(cut -f 1 "$seen_file") == "$(
		for action in $(<$KNOBS/available_actions); do
			shot_alone "$action" "$HOSTTYPE" || echo "$action"
		done
	)" ]] || fail "$(<"$seen_file")"
}

@test "each action logs one line before the kernel's report, and action none logs nothing" {
	local action tid ended number=0

	expect_crash
	echo 'fire drill' >$KNOBS/label
	for action in none warn $(killers) use_after_free refcount atomic_sleep kill error; do
		[[ " $(<$KNOBS/available_actions) " == *" $action "* ]] || continue
		log_begins
		shot "$action"
		if [[ $action == none ]]; then
			[[ -z $(kernel_log) ]] || fail "$(kernel_log)"
		else
			[[ $(kernel_log | head -n 1) == "roulette bond: bang: pull $number drew 0, odds 1/1, action $action, seed 0x1f, pid $tid (shoot), label \"fire drill\"" ]] ||
				fail "$(kernel_log | head -n 1)"
			[[ $(kernel_log | grep -c '^roulette bond: bang: ') == 1 ]]
		fi
		((++number))
	done
	[[ $(<$KNOBS/pulls) == "$number" && $(<$KNOBS/hits) == "$number" ]]
}

@test "the line of a shot is logged at level emerg" {
	local tid ended

	expect_crash
	shot warn
	dmesg --level emerg --notime | grep -q '^roulette bond: bang: '
}

@test "action warn logs device and label at each hit, and the reader goes on" {
	local tid ended

	expect_crash
	echo 'fire drill' >$KNOBS/label
	shot warn -t 1
	[[ $ended == 'exited 0' ]]
	log_has '^roulette bond: shot, action warn, label "fire drill"$'
	log_has "^CPU: [0-9]+ (UID: 0 )?PID: $tid Comm: shoot "
	# Each hit warns, not only the first.
	log_begins
	[[ $(shoot -n 5 $NODE) == $'exited 0: 5\nlines: 5' ]]
	[[ $(kernel_log | grep -c '^WARNING: ') == 5 ]]
}

# Print a regex for the line of a report that shows the task's entry from user
# mode: on amd64 its user registers, elsewhere the end of the trace.
from_user_mode() {
	case $(uname -m) in
	x86_64) echo '^RIP: 0033:' ;;
	aarch64) echo '^ el0t_64_sync\+' ;;
	riscv64) echo 'ret_from_exception\+|handle_exception\+' ;;
	esac
}

# bats test_tags=kernels
@test "the report of a synchronous reader has its PID and name, and its entry from user mode" {
	local action method tid ended

	expect_crash
	for action in $(killers); do
		for method in read preadv; do
			log_begins
			shot "$action" -m $method -c victim
			[[ $ended == 'killed 9' ]]
			log_has "^CPU: [0-9]+ (UID: 0 )?PID: $tid Comm: victim "
			log_has "$(from_user_mode)"
			log_has "pid $tid \\(victim\\), label \"\"\$"
			! kernel_log | grep 'exited with preempt_count' || fail 'the reader died in atomic context'
		done
	done
}

@test "a hit fires although its read fails with EFAULT" {
	local method

	expect_crash
	echo warn >$KNOBS/action
	for method in pread preadv; do
		run pull -m "$method" -F $NODE
		[[ $status == 1 && $output == EFAULT ]] || fail "$method: $output"
	done
	log_has '^roulette bond: bang: pull 0 drew 0, odds 1/1, action warn, '
	log_has '^roulette bond: bang: pull 1 drew 0, odds 1/1, action warn, '
	echo "$KILLER" >$KNOBS/action
	for method in pread preadv; do
		[[ $(shoot -m "$method" -F $NODE | tail -n +2) == 'killed 9' ]]
	done
	log_has "^roulette bond: bang: pull 2 drew 0, odds 1/1, action $KILLER, "
	[[ $(shown $KNOBS/hits) == 4 ]]
}

# bats test_tags=kernels,memory
@test "a process with several threads ends whole if an action kills the reader" {
	local action tid ended

	expect_crash
	for action in $(killers); do
		shot "$action" -t 2
		[[ $ended == 'killed 9' ]] || fail "$action: $ended"
		shot "$action" -s -m preadv
		[[ $ended == 'killed 9' ]] || fail "$action in a second thread: $ended"
	done
}

# bats test_tags=kernels
@test "refcount reports once in a boot, and says so at each hit" {
	local tid ended said='^roulette bond: reference count below 0, of which the kernel reports only the first since boot, label "fire drill"$'

	expect_crash
	echo 'fire drill' >$KNOBS/label
	shot refcount
	log_begins
	shot refcount
	[[ $ended == 'exited 0' ]]
	log_has "$said"
	! kernel_log | grep '^refcount_t' || fail 'the kernel reported it again'
}

# bats test_tags=kernels
@test "atomic_sleep is reported at each hit, in process and kthread context, and leaves no trace in the task" {
	local context tid ended

	[[ $HOSTTYPE != aarch64 ]] || skip 'after an oops by a bad address, arm64 reports no sleep in atomic context'
	expect_crash
	for context in process kthread process; do
		log_begins
		set_knobs bond context=$context
		shot atomic_sleep
		[[ $ended == 'exited 0' ]]
		[[ $(kernel_log | grep -c '^BUG: scheduling while atomic: ') == 1 ]] || fail "$(kernel_log)"
	done
	# A softirq raised during the report may still be pending when the CPU becomes idle.
	! kernel_log | grep -v '^NOHZ tick-stop error: ' | grep -E 'preempt_count|softirq' ||
		fail 'the context was not ended'
}

# bats test_tags=kernels
@test "the report of an asynchronous reader shows a kernel thread named PID/comm" {
	local method tid ended

	expect_crash
	for method in aio uring uring-fixed; do
		log_begins
		shot "$KILLER" -m $method -c victim
		[[ $ended == 'killed 9' ]]
		log_has "^CPU: [0-9]+ (UID: 0 )?PID: [0-9]+ Comm: $tid/victim "
		log_has "^roulette bond: bang: .* pid $tid \\(victim\\), label \"\"\$"
	done
}

used_is() {
	[[ $(</sys/module/roulette/refcnt) == "$1" ]]
}

# bats test_tags=kernels,memory
@test "after a reader dies the device works, and the module's use count is as before" {
	local action used tid ended

	expect_crash
	used=$(</sys/module/roulette/refcnt)
	for action in $(killers); do
		shot "$action"
		[[ $ended == 'killed 9' ]]
		shot none
		[[ $ended == 'exited 0' ]]
		eventually 5 used_is "$used"
	done
	[[ $(<$KNOBS/hits) == $((2 * $(killers | wc -l))) ]]
}

@test "a reader's name with a newline is escaped and forges no log line" {
	local tid ended

	expect_crash
	shot warn -c 'a\nbond: b'
	log_has '^roulette bond: bang: .* pid [0-9]+ \(a\\nbond: b\), label ""$'
}

@test "the log line has the label, odds, seed and pull number of the hit" {
	local tid ended

	expect_crash
	set_knobs bond odds=4294967295/4294967295 action=none seed=0xfedcba9876543210 \
		"label=$(printf 'x%.0s' {1..63})"
	pull -n 5 $NODE >/dev/null
	echo warn >$KNOBS/action
	shoot $NODE
	log_has "^roulette bond: bang: pull 5 drew [0-9]+, odds 4294967295/4294967295, action warn, seed 0xfedcba9876543210, pid [0-9]+ \\(shoot\\), label \"x{63}\"\$"
	# The same seed draws the logged number again.
	[[ $(kernel_log | sed -n 's/^roulette bond: bang: pull 5 drew \([0-9]*\),.*/\1/p') == "$(
		set_knobs bond action=none reset=1
		pull -n 6 -d $NODE | tail -n 1
	)" ]]
}

# bats test_tags=kernels,memory
@test "if a shot cannot be prepared, its read fails with the errno, which is logged" {
	local limit result

	# A shell opens the node. Then file-max is set to 1, so that its read gets no
	# anonymous file for the shot. A privileged task could exceed file-max.
	expect_crash
	echo "$KILLER" >$KNOBS/action
	mkfifo "$BATS_TEST_TMPDIR/go"
	# shellcheck disable=SC2016 # for the inner shell
	setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all \
		bash -c 'echo ready; read -r _ <&5; read -r line <&4; echo "rc=$? line=$line"' \
		4<$NODE 5<>"$BATS_TEST_TMPDIR/go" >"$BATS_TEST_TMPDIR/said" 2>&1 &
	limit=$(</proc/sys/fs/file-max)
	eventually 5 grep -q ready "$BATS_TEST_TMPDIR/said"
	echo 1 >/proc/sys/fs/file-max
	echo go >"$BATS_TEST_TMPDIR/go"
	wait $! || true
	echo "$limit" >/proc/sys/fs/file-max
	result=$(<"$BATS_TEST_TMPDIR/said")
	[[ $result == *'Too many open files in system'* && $result == *'rc=1 line=' ]] || fail "$result"
	log_has '^roulette bond: bang: pull 0 drew 0, .* action '"$KILLER"', .* label "", could not fire: ENFILE$'
	! report_in "$(kernel_log)" "$ALWAYS_REPORTS|$CRASH_REPORTS" || fail 'the shot fired'
	[[ $(<$KNOBS/pulls) == 1 && $(<$KNOBS/hits) == 1 ]]
}
