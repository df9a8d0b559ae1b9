#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 320
#
# Each allocation of a load and of an unload of each module fails once, see
# tests/tools/failnth.c. A load makes hundreds of them, most in the kernel's
# own loader.

load ../guest
load fail-nth

setup_file() {
	find_modules
	quick_releases
}

teardown() {
	unload_all && guest_teardown
}

teardown_file() {
	late_releases
}

# __class_register() of 6.1 forgets the name it copied if kset_register() fails,
# sysfs_slab_add() that of a cache if kobject_init_and_add() does.
leaks() {
	command leaks | awk '
		function tell() { if (!kernels) printf "%s", object; object = ""; kernels = 0 }
		/^unreferenced object/ { tell() }
		{ object = object $0 "\n" }
		caller ~ / kobject_set_name\+/ && / __class_register\+/ { kernels = 1 }
		caller ~ / kobject_init_and_add\+/ && / sysfs_slab_add\+/ { kernels = 1 }
		{ caller = $0 }
		END { tell() }' | { ! grep .; }
}

@test "load the core" {
	sweep "load roulette_core" load roulette_core "$CORE" max_devices=9
}

@test "load roulette with parameters" {
	modprobe roulette_core
	sweep "load roulette" -l 8 load roulette "$ROULETTE" "odds=1/6 action=warn"
}

@test "load parrot with a parameter" {
	modprobe roulette_core
	sweep "load parrot" -l 8 load parrot "$PARROT" frame_rate=max
}

@test "load parrot without its default device" {
	modprobe roulette_core
	sweep "load parrot default_device=N" load parrot "$PARROT" default_device=N
}

@test "load coin" {
	modprobe roulette_core
	sweep "load coin" load coin "$COIN"
}

@test "unload" {
	local none=

	modprobe roulette_core
	sweep "unload roulette" -l 8 unload roulette "$ROULETTE"
	sweep "unload parrot" -l 8 unload parrot "$PARROT"
	# Its module's uevent, all that it has, is part of the release.
	((LATE)) && none=-0
	sweep "unload coin" $none unload coin "$COIN"
	rmmod roulette_core
	sweep "unload roulette_core" unload roulette_core "$CORE"
}
