#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# What is left after readers have died: nothing that keeps the device from
# working, the instance and the modules from being removed, or other threads
# alive; whatever way they read, and also while the module is unloaded.
#
# seconds: 25
# concurrent

load guest

NODE=/dev/roulette/bond
KNOBS=/sys/class/roulette/bond

setup() {
	guest_setup
	expect_crash
	# A report raises the console's level, but not from 0: on a serial
	# console hundreds of reports would take minutes.
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

# All of it can be removed, soon, and comes back as new. A kernel for real time may
# still be at the last release of a dead reader's file.
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
@test "200 readers of two threads in a row" {
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
	# A machine that this was too much for would have died of it.
	(($(</sys/kernel/oops_count) < $(</proc/sys/kernel/oops_limit)))
}

# dies OPTION...: a reader with these options gets its line, and dies.
dies() {
	local said

	said=$(shoot "$@" $NODE)
	[[ $said == tid*$'\nkilled 9\nline bang: '* ]] || fail "$*: $said"
}

@test "readers by every method, of one and more threads, with O_NONBLOCK" {
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
@test "readers with several requests at once" {
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
	# Who is being killed already gets no thread any more: that cancels the shot.
	! kernel_log | grep 'could not fire' || fail 'not fired'
	removable
}

# bats test_tags=slow,kernels,memory
@test "readers for whom io_uring has work to do as they die" {
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
@test "readers that share a device, all at once" {
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
@test "rmdir while readers die" {
	local i said

	echo "$KILLER" >$KNOBS/action
	for i in {1..10}; do
		shoot -n 2 -t 1 $NODE >"$BATS_TEST_TMPDIR/said" 2>&1 &
		eventually 5 pulled
		timeout $((10 * PACE)) rmdir "$CONFIG/roulette/bond"
		wait $! || true
		said=$(<"$BATS_TEST_TMPDIR/said")
		# The second one may come too late.
		[[ $said == *'killed 9: '* || $said == *ENOENT* || $said == *ENXIO* ]] || fail "$said"
		mkdir "$CONFIG/roulette/bond"
		set_knobs bond odds=1/1 action="$KILLER"
	done
	removable
}

pulled() {
	[[ $(<$KNOBS/pulls) != 0 ]]
}

# Readers that die, one after the other, until there is a file `enough`.
die_until_enough() {
	until [[ -e $BATS_TEST_TMPDIR/enough ]]; do
		shoot -p -w 10 -n 10 -t 1 /dev/kernel-roulette
	done
}

# bats test_tags=slow,kernels,memory
@test "unloading and loading against readers that die" {
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
		refused=$(calls <<<"$round" | grep -Ec 'unload roulette: it was (EAGAIN|ENOENT)$') || true
		((unloads += 50 - refused)) || true
	done
	touch "$BATS_TEST_TMPDIR/enough"
	wait "${readers[@]}"
	said=$(sort -u "$BATS_TEST_TMPDIR"/[12])
	[[ $said == $'killed 9: 10\nlines: 10' ]] || fail "$said"
	# No fault but those of the shots, which the log counts.
	[[ $(kernel_log | grep -Ec '^(kernel BUG at|BUG:|Unable to handle kernel) ') == $(($(cat "$BATS_TEST_TMPDIR"/[12] | grep -c lines) * 10)) ]]
	[[ -e /sys/module/roulette ]] || insmod "$file"
	mkdir "$CONFIG/roulette/bond"
	removable
}
