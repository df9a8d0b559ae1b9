#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# Where and when a shot fires: contexts, delays and CPUs. A running shot keeps its
# device and the module in memory. No shot fires after its device is removed.
#
# seconds: 60

load guest

NODE=/dev/roulette/bond
KNOBS=/sys/class/roulette/bond
ARMED=/sys/module/roulette/parameters/armed
# Seconds of a delay or lockup. A test does its steps well within this time, and no
# detector of the kernel reports a lockup this short.
LONG=$((6 * PACE))

setup_file() {
	modprobe roulette
}

setup() {
	guest_setup
	mkdir "$CONFIG/roulette/bond"
	set_knobs bond odds=1/1 action=none label='fire drill' hang_time=1
	log_begins
}

teardown() {
	remove_instances && guest_teardown
}

teardown_file() {
	unload_all
}

# since TIME: print the milliseconds since that $EPOCHREALTIME.
since() {
	echo $(((${EPOCHREALTIME/./} - ${1/./}) / 1000))
}

unloads() {
	rmmod roulette 2>/dev/null
}

@test "context, delay_ms and hang_time have start values and refuse invalid values" {
	[[ $(<$KNOBS/available_contexts) == 'process kthread softirq hardirq' ]]
	[[ $(<$KNOBS/context) == process ]]
	[[ $(<$KNOBS/delay_ms) == 0 ]]
	[[ $(<"$CLASS/kernel-roulette/hang_time") == 30 ]]
	takes $KNOBS/hang_time 0
	takes $KNOBS/hang_time 4294967295
	takes $KNOBS/delay_ms 4294967295
	takes $KNOBS/context hardirq
	refused ERANGE $KNOBS/hang_time 4294967296
	refused ERANGE $KNOBS/delay_ms 4294967296
	refused EINVAL $KNOBS/hang_time -1
	refused EINVAL $KNOBS/delay_ms 1.5
	refused EINVAL $KNOBS/context Process
	refused EINVAL $KNOBS/context '\n'
	takes "$CONFIG/roulette/bond/context" 'kthread\n' kthread
}

@test "the knob written last refuses an impossible combination, and the log has the reason" {
	local action context

	for action in oom kill error; do
		set_knobs bond context=process action=$action
		for context in kthread softirq hardirq; do
			refused EINVAL $KNOBS/context $context
		done
		refused EINVAL $KNOBS/delay_ms 1
		log_has "^roulette bond: action $action requires context process and delay_ms 0$"
		set_knobs bond action=none delay_ms=1
		refused EINVAL $KNOBS/action $action
		set_knobs bond delay_ms=0 context=kthread
		refused EINVAL $KNOBS/action $action
		log_has "^roulette bond: action $action requires context process and delay_ms 0$"
	done
	set_knobs bond context=softirq
	refused EINVAL $KNOBS/action hung_task
	log_has '^roulette bond: action hung_task requires context process or kthread$'
	takes $KNOBS/action soft_lockup
	refused EINVAL $KNOBS/context hardirq
	log_has '^roulette bond: action soft_lockup requires context process, kthread or softirq$'
	takes $KNOBS/action hard_lockup
	takes $KNOBS/context hardirq
	refused EINVAL $KNOBS/action rcu_stall
	log_has '^roulette bond: action rcu_stall requires context process, kthread or softirq$'
}

# bats test_tags=kernels,memory
@test "the report of a warning shows the context it fired in" {
	local context where

	expect_crash
	echo warn >$KNOBS/action
	for context in $(<$KNOBS/available_contexts); do
		echo "$context" >$KNOBS/context
		log_begins
		[[ $(cat $NODE) == 'bang: drew 0, odds 1/1, action warn' ]]
		log_has '^roulette bond: bang: pull [0-9]+ drew 0, odds 1/1, action warn, seed 0x[0-9a-f]+, pid [0-9]+ \(cat\), label "fire drill"$'
		log_has '^WARNING: '
		case $context in
		process) where=' roulette_read\+' ;;
		kthread) where='Comm: [0-9]+/cat ' ;;
		softirq) where=' hrtimer_run_softirq\+' ;;
		hardirq) where=' hrtimer_interrupt\+' ;;
		esac
		log_has "$where"
		[[ $(kernel_log | grep -c '^roulette bond: bang: ') == 1 ]]
	done
}

# bats test_tags=kernels
@test "in context kthread a fatal shot kills its thread, and the reader lives" {
	expect_crash
	set_knobs bond context=kthread action="$KILLER"
	[[ $(cat $NODE) == "bang: drew 0, odds 1/1, action $KILLER" ]]
	log_has 'Comm: [0-9]+/cat '
	[[ $(<$KNOBS/hits) == 1 ]]
}

@test "a delayed shot fires in a thread after its delay, and the read returns at once" {
	local begun took

	expect_crash
	set_knobs bond action=warn delay_ms=${LONG}000
	begun=$EPOCHREALTIME
	[[ $(cat $NODE) == 'bang: drew 0, odds 1/1, action warn' ]]
	[[ $(<$KNOBS/hits) == 1 && $(<$KNOBS/pending) == 1 ]]
	[[ $(kernel_log) == "roulette bond: pull 0: action warn fires in ${LONG}000 ms, label \"fire drill\"" ]] || fail "$(kernel_log)"
	took=$(since "$begun")
	((took < LONG * 1000)) || fail "the line took $took ms"
	eventually 20 log_has_quietly '^---\[ end trace '
	took=$(since "$begun")
	((took >= LONG * 1000)) || fail "the shot fired after $took ms"
	[[ $(<$KNOBS/pending) == 0 ]]
	log_has '^roulette bond: bang: pull 0 drew 0, .* \(cat\), label "fire drill"$'
	log_has 'Comm: [0-9]+/cat '
}

log_has_quietly() {
	kernel_log | grep -Eq "$1"
}

# cancelled COUNT: the log has COUNT cancelled shots, in any order.
cancelled() {
	(($(kernel_log | grep -c ': action warn is cancelled, the device was removed, label "fire drill"$') == $1))
}

# bats test_tags=kernels,memory
@test "removing the device cancels pending shots, and the module can be unloaded" {
	set_knobs bond action=warn delay_ms=${LONG}000
	cat "$NODE" "$NODE" >/dev/null
	rmdir "$CONFIG/roulette/bond"
	eventually 5 cancelled 2
	log_has '^roulette bond: pull 0: action warn is cancelled, the device was removed, label "fire drill"$'
	log_has '^roulette bond: pull 1: action warn is cancelled, the device was removed, label "fire drill"$'
	soon unloads
	modprobe roulette
	set_knobs kernel-roulette odds=1/1 action=warn delay_ms=${LONG}000
	cat /dev/kernel-roulette >/dev/null
	log_begins
	rmmod roulette
	log_has '^roulette kernel-roulette: pull 0: action warn is cancelled, the device was removed, label ""$'
	modprobe roulette
	sleep $((LONG + 1))
	! log_has_quietly 'bang|WARNING' || fail "the cancelled shot fired"
}

@test "pending is the number of delayed hits that have neither fired nor been cancelled" {
	mkdir "$CONFIG/roulette/other"
	set_knobs other odds=1/1 action=warn delay_ms=4294967295
	set_knobs bond action=warn delay_ms=4294967295
	cat $NODE $NODE $NODE /dev/roulette/other >/dev/null
	# A hit of action none does not wait, and a click is no hit.
	set_knobs bond action=none
	cat $NODE >/dev/null
	set_knobs bond action=warn times=0
	cat $NODE >/dev/null
	set_knobs bond times=-1
	calls <<-END
		text $KNOBS/pending = 3
		text $CONFIG/roulette/bond/pending = 3
		text $CLASS/other/pending = 1
		put $KNOBS/reset 1
		put $KNOBS/delay_ms 0
		text $KNOBS/pending = 3
		rmdir $CONFIG/roulette/other
		exists $CLASS/other/pending = ENOENT
		text $KNOBS/pending = 3
		put $ARMED N
		text $KNOBS/pending = 0
		text $CONFIG/roulette/bond/pending = 0
		put $ARMED Y
		text $KNOBS/pending = 0
		put $KNOBS/delay_ms 4294967295
		open b $NODE
		pread b 100 0
		text $KNOBS/pending = 1
	END
	eventually 5 log_has_quietly '^roulette bond: pull 2: action warn is cancelled, armed was set to N, '
	[[ $(<$KNOBS/pending) == 1 ]]
}

# records NAME: print each line of the device in the kernel log with its fields, as
# "LINE|SUBSYSTEM=...|DEVICE=...".
records() {
	{ dd if=/dev/kmsg iflag=nonblock bs=8192 status=none 2>/dev/null || true; } | awk -v line=";roulette $1: " '
		function tell() { if (record != "") print record; record = "" }
		/^ / { if (record != "") record = record "|" substr($0, 2); next }
		{ tell() }
		i = index($0, line) { record = substr($0, i + 1) }
		END { tell() }'
}

# bats test_tags=kernels
@test "each log line of a device has the device's name, SUBSYSTEM and DEVICE fields" {
	local fields said line

	expect_crash
	mkdir "$CONFIG/roulette/speaker"
	fields="|SUBSYSTEM=roulette|DEVICE=c$(<"$CLASS/speaker/dev")"
	set_knobs speaker odds=1/1 label=speaks
	set_knobs speaker context=softirq
	refused EINVAL "$CLASS/speaker/action" kill
	set_knobs speaker context=process action=hung_task hang_time=1
	cat /dev/roulette/speaker >/dev/null
	set_knobs speaker action="$KILLER"
	cat /dev/roulette/speaker >/dev/null || true
	set_knobs speaker action=panic delay_ms=600000
	cat /dev/roulette/speaker >/dev/null
	rmdir "$CONFIG/roulette/speaker"
	eventually 5 log_has_quietly '^roulette speaker: .* is cancelled, the device was removed, '
	said=$(records speaker)
	[[ $(grep -cF "$fields" <<<"$said") == $(wc -l <<<"$said") ]] || fail "$said"
	for line in '[0-9]+:[0-9]+, odds 0/100, ' 'action kill requires context process and delay_ms 0' \
		'bang: pull 0 .* action hung_task, ' 'hung_task is over after 1 s, ' "bang: pull 1 .* action $KILLER, " \
		'pull 2: action panic fires in 600000 ms, ' 'pull 2: action panic is cancelled, '; do
		grep -qE "^roulette speaker: $line" <<<"$said" || fail "no '$line': $said"
	done
}

@test "armed N cancels pending shots at once, and armed Y does not restore them" {
	expect_crash
	set_knobs bond action=warn delay_ms=${LONG}000
	cat $NODE >/dev/null
	echo N >$ARMED
	echo Y >$ARMED
	eventually 5 log_has_quietly '^roulette bond: pull 0: action warn is cancelled, armed was set to N, label "fire drill"$'
	cat $NODE >/dev/null
	eventually 20 log_has_quietly '^roulette bond: bang: pull 1 '
	! log_has_quietly '^roulette bond: bang: pull 0 ' || fail "the cancelled shot fired"
	rmdir "$CONFIG/roulette/bond"
	# The thread of the shot may still be exiting.
	eventually 20 unloads
	modprobe roulette
}

# bats test_tags=slow
@test "after rmdir, a running lockup keeps the module loaded" {
	set_knobs bond action=soft_lockup hang_time=$LONG delay_ms=1
	cat $NODE >/dev/null
	eventually 5 log_has_quietly '^roulette bond: bang: '
	rmdir "$CONFIG/roulette/bond"
	! rmmod roulette 2>/dev/null || fail "roulette was unloaded during a lockup"
	eventually 20 log_has_quietly "^roulette bond: soft_lockup is over after $LONG s, label \"fire drill\"$"
	eventually 20 unloads
	modprobe roulette
}

# bats test_tags=slow
@test "a shot fires on the reader's CPU, in each context" {
	local cpu context

	expect_crash
	echo warn >$KNOBS/action
	for cpu in 0 1; do
		for context in $(<$KNOBS/available_contexts); do
			echo "$context" >$KNOBS/context
			log_begins
			taskset -c "$cpu" cat $NODE >/dev/null
			log_has "^(WARNING: )?CPU: $cpu "
		done
	done
}

# bats test_tags=slow,kernels
@test "each lockup ends after hang_time, and the reader gets its line" {
	local action begun took

	for action in hung_task soft_lockup hard_lockup hang rcu_stall deadlock; do
		echo "$action" >$KNOBS/action
		log_begins
		begun=$EPOCHREALTIME
		[[ $(cat $NODE) == "bang: drew 0, odds 1/1, action $action" ]]
		took=$(since "$begun")
		((took >= 950 && took < 20000 * PACE)) || fail "$action took $took ms"
		log_has "^roulette bond: $action is over after 1 s, label \"fire drill\"$"
	done
}

@test "other devices can be created, read and removed during a lockup" {
	set_knobs bond action=soft_lockup hang_time=$LONG
	taskset -c 1 cat $NODE >/dev/null &
	eventually 5 log_has_quietly '^roulette bond: bang: '
	taskset -c 0 mkdir "$CONFIG/roulette/other"
	set_knobs other odds=1/1 action=none
	[[ $(taskset -c 0 cat /dev/roulette/other) == 'bang: drew 0, odds 1/1, action none' ]]
	[[ $(<$KNOBS/hits) == 1 ]]
	rmdir "$CONFIG/roulette/other"
	! log_has_quietly ' is over ' || fail "the calls waited for the end of the lockup"
	wait "$!"
}

# read_on_both_cpus: read the node on CPU 0 and on CPU 1 at the same time.
read_on_both_cpus() {
	local first second

	taskset -c 0 cat $NODE >/dev/null &
	first=$!
	taskset -c 1 cat $NODE >/dev/null &
	second=$!
	wait "$first" "$second"
}

# bats test_tags=slow
@test "a lockup ends in each context, and two concurrent lockups end" {
	local action context

	for action in hard_lockup deadlock; do
		echo $action >$KNOBS/action
		for context in kthread softirq hardirq; do
			echo "$context" >$KNOBS/context
			log_begins
			cat $NODE >/dev/null
			log_has "^roulette bond: $action is over after 1 s, label \"fire drill\"$"
		done
	done
	set_knobs bond context=process action=hang
	log_begins
	read_on_both_cpus
	[[ $(kernel_log | grep -c '^roulette bond: hang is over after 1 s') == 2 ]] || fail "$(kernel_log)"
}

# bats test_tags=slow,kernels
@test "the detector of soft lockups finds a deadlock in the function that waits for spinlocks" {
	local threshold said

	[[ $HOSTTYPE == x86_64 ]] || skip 'other architectures have other functions'
	threshold=$(</proc/sys/kernel/watchdog_thresh)
	echo 1 >/proc/sys/kernel/watchdog_thresh
	set_knobs bond action=deadlock hang_time=4
	expect_crash
	cat $NODE >/dev/null
	echo "$threshold" >/proc/sys/kernel/watchdog_thresh
	# The test must not judge this report, so drop it.
	said=$(take_log)
	grep -E '^watchdog: BUG: soft lockup - CPU#[0-9]+ stuck for ' <<<"$said"
	grep -E '^RIP: 0010:(native_)?queued_spin_lock_slowpath\+' <<<"$said"
}

# bats test_tags=slow
@test "a deadlock with interrupts off is refused if no other CPU could end it" {
	set_knobs bond action=deadlock context=hardirq
	taskset -pc 0 $$ >/dev/null
	echo 0 >/sys/devices/system/cpu/cpu1/online
	cat $NODE >/dev/null
	echo 1 >/sys/devices/system/cpu/cpu1/online
	taskset -pc 0,1 $$ >/dev/null
	log_has '^roulette bond: deadlock with interrupts off needs another CPU that takes interrupts and ends it, label "fire drill"$'
	! kernel_log | grep 'is over' || fail 'the CPU was locked up'
}

# bats test_tags=slow
@test "two CPUs in a deadlock with interrupts off do not wait for each other" {
	local round

	set_knobs bond action=deadlock context=hardirq
	for round in 1 2 3; do
		log_begins
		read_on_both_cpus
		[[ $(kernel_log | grep -c '^roulette bond: deadlock ') == 2 ]] || fail "round $round: $(kernel_log)"
	done
}

# bats test_tags=slow
@test "a reader that waits for its shot's thread can be killed, and the shot keeps the module" {
	local reader

	# hung_task leaves the CPU free, so that the reader can die on it.
	set_knobs bond action=hung_task context=kthread hang_time=$LONG
	cat $NODE >/dev/null &
	reader=$!
	eventually 5 log_has_quietly '^roulette bond: bang: '
	kill -KILL "$reader"
	wait "$reader" || true
	! log_has_quietly ' is over ' || fail 'the shot was over before the reader was killed'
	rmdir "$CONFIG/roulette/bond"
	! rmmod roulette 2>/dev/null || fail "roulette was unloaded during a shot"
	eventually 20 log_has_quietly "^roulette bond: hung_task is over after $LONG s"
	eventually 20 unloads
	modprobe roulette
}

# bats test_tags=memory
@test "at most 100 delayed shots of a device are pending, and further ones fail with EBUSY" {
	local said

	set_knobs bond action=warn delay_ms=4294967295
	said=$(pull -n 102 $NODE | sort | uniq -c | sed 's/^ *//')
	[[ $said == $'2 EBUSY\n100 bang: drew 0, odds 1/1, action warn' ]] || fail "$said"
	log_has '^roulette bond: bang: pull 101 drew 0, .* label "fire drill", could not fire: EBUSY$'
	[[ $(<$KNOBS/hits) == 102 && $(<$KNOBS/pending) == 100 ]]
	rmdir "$CONFIG/roulette/bond"
	eventually 10 cancelled 100
}

# bats test_tags=slow,kernels,memory
@test "the device and module can be removed while delayed shots fire" {
	local round context

	expect_crash
	rmdir "$CONFIG/roulette/bond"
	for round in {1..12}; do
		context=$(cut -d ' ' -f $((1 + round % 4)) "$CLASS/kernel-roulette/available_contexts")
		mkdir "$CONFIG/roulette/bond"
		set_knobs bond odds=1/1 action=warn "context=$context" delay_ms=$((5 * round))
		pull -n 10 -t 2 $NODE >/dev/null
		((round % 2)) || sleep 0.0$((round % 7))
		rmdir "$CONFIG/roulette/bond"
		eventually 10 unloads
		modprobe roulette
	done
}

@test "kill ends the reader, error fails its read, and both are logged" {
	expect_crash
	echo kill >$KNOBS/action
	run shoot -t 1 $NODE
	[[ $output == *'killed 9'* ]] || fail "$output"
	log_has '^roulette bond: bang: pull 0 .*, action kill, '
	echo error >$KNOBS/action
	run cat $NODE
	[[ $status == 1 && $output == *'Input/output error' && $output != *bang* ]] || fail "$output"
	log_has '^roulette bond: bang: pull 1 .*, action error, '
	[[ $(<$KNOBS/hits) == 2 ]]
}

# bats test_tags=slow
@test "actions error, kill, warn and lockups work for libaio and io_uring requests" {
	local method

	expect_crash
	for method in aio uring uring-fixed; do
		echo error >$KNOBS/action
		run shoot -m "$method" $NODE
		[[ $output == *'exited EIO' ]] || fail "$method: $output"
		echo kill >$KNOBS/action
		run shoot -m "$method" $NODE
		[[ $output == *'killed 9'* ]] || fail "$method: $output"
		for action in warn hung_task hard_lockup; do
			echo "$action" >$KNOBS/action
			run shoot -m "$method" $NODE
			[[ $output == *'exited 0'*"action $action" ]] || fail "$method, $action: $output"
		done
	done
}

# bats test_tags=slow,kernels
@test "action oom makes the OOM killer kill the reader, and no other process" {
	expect_crash
	echo oom >$KNOBS/action
	run shoot $NODE
	[[ $output == *'killed 9'* ]] || fail "$output"
	log_has '^Out of memory: Killed process [0-9]+ \(shoot\)'
	[[ $(kernel_log | grep -c '^Out of memory') == 1 ]]
	log_has '^roulette bond: released [0-9]+ pages, label "fire drill"$'
}
