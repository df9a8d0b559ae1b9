#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# After readers die, the device works, the instance and the modules can be removed,
# and no other thread of a dead reader lives on. This holds for each way to read, and
# while the module is unloaded.
#
# seconds: 25
# concurrent

load guest

NODE=/dev/roulette/bond
KNOBS=/sys/class/roulette/bond

setup() {
	guest_setup
	expect_crash
	# A report raises the console's log level, but not from 0. Hundreds of reports
	# on a serial console would take minutes.
	echo 0 >/proc/sys/kernel/printk
	modprobe roulette
	mkdir "$CONFIG/roulette/bond"
	echo 1/1 >$KNOBS/odds
}

teardown() {
	unload_all && guest_teardown
}

unloads() {
	rmmod roulette 2>/dev/null
}

# The instance and the modules can be removed within seconds, and loaded and created
# again. The first rmmod is repeated, because a PREEMPT_RT kernel may still be
# releasing the file of a dead reader.
removable() {
	timeout $((10 * PACE)) rmdir "$CONFIG/roulette/bond"
	eventually 5 unloads
	timeout $((10 * PACE)) rmmod roulette_core
	modprobe roulette
	mkdir "$CONFIG/roulette/bond"
	[[ $(cat $NODE) == 'click: drew '* ]]
	rmdir "$CONFIG/roulette/bond"
	rmmod roulette roulette_core
}

hits_are() {
	[[ $(<$KNOBS/hits) == "$1" ]]
}

# bats test_tags=slow
@test "after 200 readers with two threads die, device and modules can be removed" {
	local action each

	each=$((100 / $(wc -w <<<"$KILLERS")))
	for action in $KILLERS; do
		echo "$action" >$KNOBS/action
		[[ $(shoot -n "$each" -t 1 $NODE) == "killed 9: $each"$'\n'"lines: $each" ]]
		[[ $(shoot -n "$each" -t 1 -s -m preadv $NODE) == "killed 9: $each"$'\n'"lines: $each" ]]
	done
	hits_are 200
	[[ $(kernel_log | grep -c '^roulette bond: bang: ') == 200 ]]
	removable
	# The kernel panics at oops_limit oopses.
	(($(</sys/kernel/oops_count) < $(</proc/sys/kernel/oops_limit)))
}

# dies OPTION...: run a reader with these options, which must get its line and die.
dies() {
	local said

	said=$(shoot "$@" $NODE)
	[[ $said == tid*$'\nkilled 9\nline bang: '* ]] || fail "$*: $said"
}

@test "after readers by each method die, device and modules can be removed" {
	local action method

	for action in $KILLERS; do
		echo "$action" >$KNOBS/action
		for method in read readv pread preadv aio uring uring-fixed; do
			dies -m $method
			dies -m $method -t 2
			dies -m $method -s
			dies -m $method -t 2 -a
			dies -m $method -N
			dies -m $method -N -t 2 -a
		done
	done
	removable
}

# bats test_tags=slow
@test "after readers with several pending requests die, device and modules can be removed" {
	local action method

	for action in $KILLERS; do
		echo "$action" >$KNOBS/action
		for method in aio uring uring-fixed; do
			dies -m $method -b 4
			dies -m $method -b 4 -N
			dies -m $method -b 4 -t 2 -a
			dies -m $method -b 4 -N -t 2 -a
		done
	done
	# A dying reader gets no more threads, so its further shots are cancelled. They
	# must not be logged as unable to fire.
	! kernel_log | grep 'could not fire' || fail 'a shot could not fire'
	removable
}

# bats test_tags=slow,kernels,memory
@test "after readers die with task work of io_uring, device and modules can be removed" {
	local action us

	for action in $KILLERS; do
		echo "$action" >$KNOBS/action
		for us in 3 5 10 20; do
			[[ $(shoot -r $us -n 8 $NODE) == $'killed 9: 8\nlines: 8' ]]
			[[ $(shoot -r $us -n 8 -t 1 -m preadv $NODE) == $'killed 9: 8\nlines: 8' ]]
		done
	done
	removable
}

# bats test_tags=memory
@test "after concurrent readers die, device and modules can be removed" {
	local i said readers=()

	echo "$KILLER" >$KNOBS/action
	for i in 1 2 3 4; do
		shoot -n 15 -t 1 -a $NODE >"$BATS_TEST_TMPDIR/$i" &
		readers+=($!)
	done
	wait "${readers[@]}"
	for i in 1 2 3 4; do
		said=$(<"$BATS_TEST_TMPDIR/$i")
		[[ $said == $'killed 9: 15\nlines: 15' ]] || fail "$said"
	done
	removable
}

# bats test_tags=kernels,memory
@test "a device can be removed while its readers die" {
	local i said

	echo "$KILLER" >$KNOBS/action
	for i in {1..10}; do
		shoot -n 2 -t 1 $NODE >"$BATS_TEST_TMPDIR/said" 2>&1 &
		eventually 5 pulled
		timeout $((10 * PACE)) rmdir "$CONFIG/roulette/bond"
		wait $! || true
		said=$(<"$BATS_TEST_TMPDIR/said")
		# The second reader may find the device removed.
		[[ $said == *'killed 9: '* || $said == *ENOENT* || $said == *ENXIO* ]] || fail "$said"
		mkdir "$CONFIG/roulette/bond"
		set_knobs bond odds=1/1 action="$KILLER"
	done
	removable
}

pulled() {
	[[ $(<$KNOBS/pulls) != 0 ]]
}

# Run readers that die, one after the other, until the file `enough` exists.
die_until_enough() {
	until [[ -e $BATS_TEST_TMPDIR/enough ]]; do
		shoot -p -w 10 -n 10 -t 1 /dev/kernel-roulette
	done
}

# bats test_tags=slow,kernels,memory
@test "the module can be unloaded and loaded in a loop while readers die" {
	local file round refused unloads=0 readers=() said

	rmdir "$CONFIG/roulette/bond"
	rmmod roulette
	file=$(modinfo -n roulette)
	insmod "$file" odds=1/1 action=oops
	die_until_enough >"$BATS_TEST_TMPDIR/1" 2>&1 &
	readers+=($!)
	die_until_enough >"$BATS_TEST_TMPDIR/2" 2>&1 &
	readers+=($!)
	printf -v round 'unload roulette\n%.0s' {1..50}
	round+="load $file odds=1/1\\saction=$KILLER"
	while ((unloads < 10)); do
		refused=$(calls <<<"$round" | grep -Ec 'unload roulette: result (EAGAIN|ENOENT)$') || true
		((unloads += 50 - refused)) || true
	done
	touch "$BATS_TEST_TMPDIR/enough"
	wait "${readers[@]}"
	said=$(sort -u "$BATS_TEST_TMPDIR"/[12])
	[[ $said == $'killed 9: 10\nlines: 10' ]] || fail "$said"
	# The log has one fault for each shot, and no other fault.
	[[ $(kernel_log | grep -Ec '^(kernel BUG at|BUG:|Unable to handle kernel) ') == $(($(cat "$BATS_TEST_TMPDIR"/[12] | grep -c lines) * 10)) ]]
	[[ -e /sys/module/roulette ]] || insmod "$file"
	mkdir "$CONFIG/roulette/bond"
	removable
}
