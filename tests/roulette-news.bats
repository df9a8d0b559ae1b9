#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# Reports of pulls and hits: poll on the knob hits, uevents, trace events, and the
# journal.
#
# seconds: 40

load guest
load journald

NODE=/dev/roulette/bond
KNOBS=/sys/class/roulette/bond
TRACING=/sys/kernel/tracing

setup_file() {
	modprobe -a roulette parrot
	mount -t tracefs tracefs $TRACING 2>/dev/null || true
}

setup() {
	guest_setup
	mkdir "$CONFIG/roulette/bond"
	set_knobs bond odds=1/1 action=none seed=1 label='fire drill'
}

teardown() {
	! mountpoint -q /proc/sys/kernel/random/boot_id || umount /proc/sys/kernel/random/boot_id
	journald_ends
	rmdir "$CONFIG/roulette/bond" && guest_teardown
}

teardown_file() {
	unload_all
}

# polled COMMAND...: run it while pollknob polls the knob hits, and print pollknob's
# output.
polled() {
	local said=$BATS_TEST_TMPDIR/polled poller

	pollknob $KNOBS/hits "${PATIENCE:-20000}" >"$said" &
	poller=$!
	eventually 5 grep -q '^at ' "$said"
	sleep 0.1
	"$@" >/dev/null
	wait "$poller" || fail "$(<"$said")"
	cat "$said"
}

# bats test_tags=kernels
@test "poll on hits wakes at a hit and at a reset" {
	[[ $(polled pull $NODE) == $'at 0\nwoke 1' ]]
	[[ $(polled pull $NODE) == $'at 1\nwoke 2' ]]
	[[ $(polled knob write $KNOBS/reset 1) == $'at 2\nwoke 0' ]]
}

@test "poll on hits does not wake at clicks" {
	echo 0 >$KNOBS/odds
	[[ $(PATIENCE=1500 polled pull -n 100 $NODE) == $'at 0\nquiet' ]]
}

@test "poll on hits wakes during 5,000 hits, and is quiet after the last one" {
	local said

	said=$(polled pull -n 5000 $NODE)
	[[ $said == $'at 0\nwoke '* ]] || fail "$said"
	# A new poll then reads 5000 and does not wake.
	eventually 10 quiet_at 5000
}

quiet_at() {
	[[ $(PATIENCE=500 polled true) == "at $1"$'\nquiet' ]]
}

# The notification of the first hit, of action none, is delayed. The second hit locks
# up the CPU so soon that this notification may still be pending.
# bats test_tags=slow
@test "poll on hits wakes during a lockup" {
	local said=$BATS_TEST_TMPDIR/polled poller

	taskset -pc 0 $BASHPID >/dev/null
	set_knobs bond action=none hang_time=$((3 + 5 * PACE))
	pollknob -a $KNOBS/hits 60000 >"$said" &
	poller=$!
	eventually 5 grep -q '^at 0' "$said"
	{
		echo "open a $NODE"
		echo 'pread a 100 0'
		yes "text $KNOBS/hits = 1" | head -n 20
		echo "put $KNOBS/action hard_lockup"
		echo 'pread a 100 0'
	} | taskset -c 1 calls &
	# Reading the log meanwhile would take CPU time from pollknob.
	sleep $((3 + 2 * PACE))
	! log_has ' is over ' 2>/dev/null || fail "the lockup is already over: this machine is too slow for this test"
	grep -q '^woke 2' "$said" || fail "pollknob did not wake during the lockup: $(<"$said")"
	wait "$!"
	kill "$poller"
}

# heard COMMAND...: run it, wait up to 20 s for the uevent of a hit, and print the
# uevents of hits.
heard() {
	uevents -w "$@" | grep '^change ' || true
}

# bats test_tags=slow
@test "each hit that the machine survives sends a uevent" {
	local action n=1

	expect_crash
	echo 1 >$KNOBS/hang_time
	for action in $(<$KNOBS/available_actions); do
		case $action in
		panic | stack_overflow | stack_corruption | reboot) continue ;;
		bug | list_corruption | usercopy) [[ $HOSTTYPE != riscv64 ]] || continue ;;
		esac
		echo "$action" >$KNOBS/action
		[[ $(heard shoot $NODE) == "change bond $((n++)) $action fire drill" ]] || fail "$action"
	done
	set_knobs bond action=warn context=hardirq label=
	[[ $(heard shoot $NODE) == "change bond $((n++)) warn " ]]
	set_knobs bond context=process delay_ms=100
	[[ $(heard shoot $NODE) == "change bond $((n++)) warn " ]]
	echo 0 >$KNOBS/odds
	[[ $(uevents bash -c "pull -n 10 $NODE >/dev/null; sleep 1") == '' ]]
}

# bats test_tags=slow
@test "a device sends at most 10 uevents of hits a second, and more in the next second" {
	local said=$BATS_TEST_TMPDIR/said

	mkdir "$CONFIG/roulette/other"
	set_knobs other odds=1/1 action=none
	# Sender and reader share a CPU, so that a pause of that CPU delays both.
	taskset -c 0 uevents -t bash -c "
		end=\$((SECONDS + 7))
		while ((SECONDS < end)); do pull -n 200 $NODE; done >/dev/null
		pull /dev/roulette/other >/dev/null
		sleep 1" >"$said"
	rmdir "$CONFIG/roulette/other"
	[[ $(grep -c ' change other 1 none ' "$said") == 1 ]] || fail "$(<"$said")"
	(($(grep -c ' change bond [0-9]* none fire drill$' "$said") >= 20)) || fail "$(<"$said")"
	# 11 events take at least a second. 200 ms allow for a delayed read of an event.
	awk '$3 == "bond" {
		if (count >= 10 && $1 - at[count % 10] < 800)
			exit 1
		at[count++ % 10] = $1
	}' "$said" || fail "$(<"$said")"
}

# bats test_tags=slow
@test "all devices together send at most 100 uevents of hits a second, and more in the next" {
	local counts n said=$BATS_TEST_TMPDIR/said

	for n in {1..30}; do
		mkdir "$CONFIG/roulette/many$n"
		set_knobs "many$n" odds=1/1 action=none
	done
	# Wait until uevents of earlier tests are more than a second old.
	sleep 1.1
	uevents -t bash -c "for n in {1..30}; do pull -n 10 /dev/roulette/many\$n; done >/dev/null
		sleep 1
		pull /dev/roulette/many30 >/dev/null
		sleep 0.2" >"$said"
	for n in {1..30}; do
		rmdir "$CONFIG/roulette/many$n"
	done
	counts=$(awk '$2 == "change" { if (!begun) begun = $1; $1 < begun + 900 ? first++ : later++ }
		END { print first, later }' "$said")
	# The number of later uevents depends on the time that the first pulls take.
	[[ $counts =~ ^100\ [1-9][0-9]*$ ]] || fail "$counts: $(<"$said")"
}

# bats test_tags=kernels,memory
@test "no uevent of a hit is sent after the remove event" {
	local said

	mkdir "$CONFIG/roulette/brief"
	set_knobs brief odds=1/1 action=none
	said=$(uevents bash -c "
		pull -n 50 /dev/roulette/brief >/dev/null
		rmdir $CONFIG/roulette/brief
		sleep 0.3")
	[[ ${said##*$'\n'} == 'remove brief' ]] || fail "$said"
}

# bats test_tags=kernels,memory
@test "the uevents of all hits are sent before the remove event, even if rmdir follows at once" {
	local said

	mkdir "$CONFIG/roulette/brief"
	set_knobs brief odds=1/1 action=none
	said=$(uevents bash -c "pull -n 5 /dev/roulette/brief >/dev/null; rmdir $CONFIG/roulette/brief")
	[[ $said == "$(printf 'change brief %s none \n' 1 2 3 4 5)"$'\nremove brief' ]] || fail "$said"
}

# traced EVENT COMMAND...: run it, and print the fields of the event's trace lines.
traced() {
	local event=$1

	[[ -d $TRACING/events/roulette ]] || skip "this kernel has no trace events"
	# An oops switches tracing off.
	echo 1 >$TRACING/tracing_on
	echo >$TRACING/trace
	echo 1 >"$TRACING/events/roulette/$event/enable"
	"${@:2}" >/dev/null
	echo 0 >"$TRACING/events/roulette/$event/enable"
	sed -n "s/.*: $event: //p" $TRACING/trace
}

# bats test_tags=kernels
@test "the trace event roulette_pull has the values of each pull" {
	local lines

	set_knobs bond odds=1/6 times=2
	mapfile -t lines < <(pull -n 20 $NODE)
	set_knobs bond reset=1 times=2
	traced roulette_pull pull -n 20 $NODE >"$BATS_TEST_TMPDIR/traced"
	for number in "${!lines[@]}"; do
		[[ ${lines[number]} =~ ^(bang|click):\ drew\ ([0-9]+), ]]
		echo "device=bond pull=$number drawn=${BASH_REMATCH[2]} odds=1/6 hit=$([[ ${BASH_REMATCH[1]} == click ]]; echo $?) action=none"
	done | diff - "$BATS_TEST_TMPDIR/traced"
	[[ $(grep -c hit=1 "$BATS_TEST_TMPDIR/traced") == 2 ]]
}

@test "trace events can be filtered by their fields" {
	[[ -d $TRACING/events/roulette ]] || skip "this kernel has no trace events"
	echo 'pull >= 3 && device == "bond"' >$TRACING/events/roulette/roulette_pull/filter
	[[ $(traced roulette_pull pull -n 5 $NODE | grep -o 'pull=[0-9]*' | tr '\n' ' ') == 'pull=3 pull=4 ' ]]
	echo 0 >$TRACING/events/roulette/roulette_pull/filter
}

# bats test_tags=slow
@test "perf, trace-cmd and bpftrace record pulls" {
	local dir=$BATS_TEST_TMPDIR

	command -v bpftrace >/dev/null || skip "these tools are in bookworm's guest only"
	[[ -e /sys/kernel/btf/vmlinux ]] || skip "bpftrace needs BTF, and this kernel was built without it"
	echo 1 >$TRACING/tracing_on
	perf stat -x , -o "$dir/stat" -e roulette:roulette_pull pull -n 7 $NODE >/dev/null
	grep -q '^7,.*,roulette:roulette_pull,' "$dir/stat" || fail "$(<"$dir/stat")"
	perf trace -o "$dir/trace" -e 'roulette:*' pull -n 3 $NODE >/dev/null
	(($(grep -c 'roulette:roulette_pull(.*bond' "$dir/trace") == 3)) || fail "$(<"$dir/trace")"
	# trace-cmd cannot record a command that ends at once.
	trace-cmd record -q -o "$dir/data" -e roulette bash -c "sleep 1; pull -n 4 $NODE; sleep 1" >/dev/null
	trace-cmd report "$dir/data" 2>/dev/null >"$dir/report"
	(($(grep -c 'roulette_pull: .*device=bond pull=' "$dir/report") == 4)) || fail "$(<"$dir/report")"
	bpftrace -e 'tracepoint:roulette:roulette_pull { @[args->hit] = count(); }' \
		-c "$(command -v pull) -n 5 $NODE" >"$dir/counts"
	grep -qx '@\[1\]: 5' "$dir/counts" || fail "$(<"$dir/counts")"
}

# bats test_tags=kernels
@test "the trace event parrot_frame has the number of each frame that is read" {
	local first said

	[[ -d $TRACING/events/roulette ]] || skip "this kernel has no trace events"
	mkdir "$CONFIG/parrot/polly"
	set_knobs polly frame_rate=max
	said=$(traced parrot_frame dd if=/dev/roulette/polly of=/dev/null bs=64k count=3 status=none)
	rmdir "$CONFIG/parrot/polly"
	# The first number depends on the time since mkdir.
	first=$(sed -n '1s/^device=polly frame=//p' <<<"$said")
	[[ $said == "$(printf 'device=polly frame=%s\n' "$first" $((first + 1)) $((first + 2)))"* ]] || fail "$said"
}

# journal ARGUMENT...: print the messages that journalctl selects, once the journal has
# all lines.
journal() {
	journalctl --sync
	journalctl -q -o cat "$@"
}

# Another boot ID simulates a new boot. The second journald does not read the kernel
# log again. The log has lines of earlier devices with the same numbers, so only the
# lines after the cursor count.
# bats test_tags=kernels
@test "journalctl finds a device's lines by its node, and after a reboot by the subsystem" {
	local cursor lines pulls

	has_journald || skip "this guest has no journald"
	journald_starts volatile
	cursor=$(journal -n 0 --show-cursor)
	cursor=${cursor#-- cursor: }
	set_knobs bond action=error label=4711
	for ((pulls = 0; pulls < 2; pulls++)); do
		cat $NODE 2>/dev/null || true
	done
	! set_knobs parrot animation=missing 2>/dev/null || fail 'an animation that does not exist was loaded'
	lines=$(journal --after-cursor "$cursor" $NODE)
	[[ $(grep -c '^roulette bond: bang: pull [01] .*, label "4711"$' <<<"$lines") == 2 ]]
	! grep -v '^roulette bond: ' <<<"$lines" || fail 'lines of another device are among those of bond'
	lines=$(journal --after-cursor "$cursor" /dev/parrot)
	[[ $lines == *missing* ]]
	! grep -v '^roulette parrot: ' <<<"$lines" || fail 'lines of another device are among those of parrot'
	journald_stops
	cp /proc/sys/kernel/random/uuid "$BATS_TEST_TMPDIR/boot"
	mount --bind "$BATS_TEST_TMPDIR/boot" /proc/sys/kernel/random/boot_id
	journald_starts volatile
	[[ -z $(journal $NODE) ]]
	[[ $(journal -b all _KERNEL_SUBSYSTEM=roulette --since yesterday | grep -c '^roulette bond: bang: pull [01] .*, label "4711"$') == 2 ]]
}
