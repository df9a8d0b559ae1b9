#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 320
#
# Each allocation of the load and unload of each module fails once, see
# tests/tools/failnth.c. A load makes hundreds of allocations, most of them in the
# kernel's module loader.

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

# Print lost memory, except that of two bugs of the kernel. __class_register() of 6.1
# loses the name it copied if kset_register() fails. sysfs_slab_add() loses the
# name of a cache if kobject_init_and_add() fails.
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

@test "loading the core survives each failed allocation" {
	sweep "load roulette_core" load roulette_core "$CORE" max_devices=9
}

@test "loading roulette with parameters survives each failed allocation" {
	modprobe roulette_core
	sweep "load roulette" -l 8 load roulette "$ROULETTE" "odds=1/6 action=warn"
}

@test "loading parrot with a parameter survives each failed allocation" {
	modprobe roulette_core
	sweep "load parrot" -l 8 load parrot "$PARROT" frame_rate=max
}

@test "loading parrot without its default device survives each failed allocation" {
	modprobe roulette_core
	sweep "load parrot default_device=N" load parrot "$PARROT" default_device=N
}

@test "loading coin survives each failed allocation" {
	modprobe roulette_core
	sweep "load coin" load coin "$COIN"
}

@test "unloading each module survives each failed allocation" {
	local none=

	modprobe roulette_core
	sweep "unload roulette" -l 8 unload roulette "$ROULETTE"
	sweep "unload parrot" -l 8 unload parrot "$PARROT"
	# The module's uevent makes the only allocations. If releases are delayed, another
	# task sends the uevent.
	((LATE)) && none=-0
	sweep "unload coin" $none unload coin "$COIN"
	rmmod roulette_core
	sweep "unload roulette_core" unload roulette_core "$CORE"
}
