#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 210
#
# Each allocation of each operation fails once, see tests/tools/failnth.c.
# fail-nth-load.bats has module loads, and fail-nth-actions.bats has hits.
#
# Errors other than ENOMEM, and lost uevents, all caused by the kernel itself:
#	libaio		EAGAIN, when io_submit(2) has no memory for a request
#	io_uring	EAGAIN and ECANCELED, when it cannot create a worker
#	any		skb_clone() in netlink_broadcast() fails: a listener misses
#			the uevent, and its next recv(2) returns ENOBUFS
#	-l		kobject_uevent() has no memory for the uevent, its path or
#			its message. device_del() ignores this error, and so does
#			the core for a new device
# The number of -l is a maximum: a failure point may occur more than once, see
# docs/maintaining-tests.md.

load ../guest
load fail-nth

BOND=/dev/roulette/bond
BIRD=/dev/roulette/bird

setup_file() {
	modprobe roulette default_device=N
	modprobe parrot default_device=N
	mkdir "$CONFIG/roulette/bond" "$CONFIG/parrot/bird"
	set_knobs bond action=none odds=0 seed=1
	set_knobs bird color=none frame_rate=max
	mkdir -p /lib/firmware/roulette
	printf 'one\n\f\ntwo\n' >/lib/firmware/roulette/two.anim
	head -c 20000 /dev/zero | tr '\0' x >/lib/firmware/roulette/long.anim
}

teardown_file() {
	unload_all
}

# bats test_tags=memory
@test "mkdir survives each failed allocation" {
	local type

	modprobe coin
	for type in roulette parrot coin; do
		sweep "mkdir $type" -m 30 -l 8 mkdir "$CONFIG/$type/jaws"
	done
}

@test "rmdir survives each failed allocation, with and without a reader" {
	local type

	for type in roulette parrot; do
		sweep "rmdir $type" -l 8 rmdir "$CONFIG/$type/jaws"
	done
	sweep "rmdir roulette with a reader" -l 8 -r rmdir "$CONFIG/roulette/jaws"
	set_knobs bird frame_rate=20
	sweep "rmdir parrot with a reader" -l 8 -r rmdir "$CONFIG/parrot/jaws"
	set_knobs bird frame_rate=max
}

# bats test_tags=memory
@test "open of a node or knob survives each failed allocation" {
	local held

	sweep "open roulette" open $BOND
	sweep "open parrot" open $BIRD
	sweep "open parrot with O_NONBLOCK" -n open $BIRD
	sweep "open a knob in sysfs" open "$CLASS/bond/odds"
	# The knob is held open, so that its name is not looked up. If configfs_lookup()
	# fails, 6.1.176 keeps a pointer to the freed name. 6.1.192 does not.
	exec {held}<"$CONFIG/roulette/bond/odds"
	sweep "open a knob in configfs" open "$CONFIG/roulette/bond/odds"
	exec {held}<&-
}

# both TYPE DEVICE KNOB VALUE OLD: write VALUE, then OLD, in sysfs and in configfs.
both() {
	sweep "$1 knob $3 in sysfs" put "$CLASS/$2/$3" "$4" "$5"
	sweep "$1 knob $3 in configfs" put "$CONFIG/$1/$2/$3" "$4" "$5"
}

@test "a write of a roulette knob survives each failed allocation" {
	both roulette bond odds 1/6 0
	both roulette bond action warn none
	both roulette bond times 5 -1
	both roulette bond interval 3 1
	both roulette bond space 7 0
	both roulette bond respin 0 1
	both roulette bond seed 9 1
	both roulette bond label drill '
'
	head -c 1 $BOND >/dev/null
	both roulette bond reset 1 $BOND
}

@test "a write of the parameter armed survives each failed allocation" {
	sweep "armed" put /sys/module/roulette/parameters/armed N Y
}

@test "a write of a parrot knob survives each failed allocation" {
	both parrot bird frame_rate 7.5 max
	both parrot bird color red none
	both parrot bird flip 1 0
}

@test "loading an animation survives each failed allocation" {
	both parrot bird animation two party
}

# bats test_tags=memory
@test "loading a mirrored animation survives each failed allocation" {
	set_knobs bird flip=1
	sweep "parrot knob animation, mirrored" put "$CLASS/bird/animation" two party
	set_knobs bird flip=0
}

@test "a read of a knob survives each failed allocation" {
	sweep "read a knob of roulette in sysfs" get "$CLASS/bond/odds"
	sweep "read a knob of roulette in configfs" get "$CONFIG/roulette/bond/label"
	sweep "read a knob of parrot in sysfs" get "$CLASS/bird/frame_rate"
	sweep "read a knob of parrot in configfs" get "$CONFIG/parrot/bird/animation"
}

@test "synchronous reads of a line or a frame, and splices, make no allocation" {
	local method

	for method in read readv pread preadv preadv2 epoll-wait; do
		sweep "roulette, $method" -0 read $BOND $method
	done
	for method in read readv preadv2 nowait epoll-wait; do
		sweep "parrot, $method" -0 read $BIRD $method
		sweep "parrot, $method with O_NONBLOCK" -0 -n read $BIRD $method
	done
	sweep "parrot, splice" -0 read $BIRD splice
	set_knobs bird animation=long
	sweep "parrot, splice of five pages" -0 read $BIRD splice
	sweep "parrot, splice of five pages with O_NONBLOCK" -0 -n read $BIRD splice
	set_knobs bird animation=party
}

@test "libaio, io_uring, sendfile, poll and epoll survive each failed allocation" {
	local method device

	for device in $BOND $BIRD; do
		for method in poll epoll; do
			sweep "${device##*/}, $method" read "$device" $method
		done
		for method in aio aio-preadv aio-poll; do
			sweep "${device##*/}, $method" -e EAGAIN read "$device" "$method"
		done
		for method in uring uring-readv uring-fixed uring-async uring-poll; do
			sweep "${device##*/}, $method" -e EAGAIN -e ECANCELED read "$device" $method
		done
	done
	sweep "parrot, sendfile" read $BIRD sendfile
	sweep "parrot, uring-splice" -e EAGAIN -e ECANCELED read $BIRD uring-splice
}

@test "waiting reads survive each failed allocation" {
	local method

	set_knobs bird animation=long frame_rate=20
	for method in read readv preadv2 epoll-wait splice; do
		sweep "parrot, $method waits" -0 -w read $BIRD $method
	done
	sweep "parrot, poll waits" -w read $BIRD poll
	for method in aio aio-preadv aio-poll; do
		sweep "parrot, $method waits" -w -e EAGAIN read $BIRD $method
	done
	for method in uring uring-async uring-poll uring-splice; do
		sweep "parrot, $method waits" -w -e EAGAIN -e ECANCELED read $BIRD $method
	done
	set_knobs bird animation=party frame_rate=max
}
