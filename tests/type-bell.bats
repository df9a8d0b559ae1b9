#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The type bell (types/bell.c), the example of docs/devices.md for a device that
# blocks. A ring, a signal or a removal ends a wait.
#
# seconds: 2
# concurrent
# bats file_tags=memory

load guest

setup_file() {
	modprobe bell
}

setup() {
	guest_setup
	mkdir "$CONFIG/bell/door"
}

teardown() {
	remove_instances && guest_teardown
}

teardown_file() {
	unload_all
}

@test "a bell gives one read for each ring, and poll reports a ring" {
	calls <<-END
		open r /dev/roulette/door n
		read r 5 = EAGAIN
		poll r 0 = none
		put $CLASS/door/rings 2
		poll r 0 = IN
		read r 4 = EINVAL
		read r 100 = 5
		text $CONFIG/bell/door/rings = 1
		read r 5 = 5
		read r 5 = EAGAIN
		bg poll r -1
		put $CONFIG/bell/door/rings 1
		join = IN
		badread r 5 = EFAULT
		text $CONFIG/bell/door/rings = 1
	END
	[[ $(head -n 1 /dev/roulette/door) == ding ]]
	refused ERANGE "$CLASS/door/rings" 1001
}

@test "a bell's ring wakes a waiting reader, and a signal ends the wait" {
	calls <<-END
		open r /dev/roulette/door
		bg read r 5
		bg read r 5
		put $CLASS/door/rings 2
		join = 5
		join = 5
		text $CLASS/door/rings = 0
	END
	run timeout 0.2 cat /dev/roulette/door
	[[ $status == 124 && -z $output ]]
}

@test "rmdir of a bell wakes all waiting readers and pollers" {
	calls <<-END
		open r /dev/roulette/door
		bg read r 5
		bg read r 5
		bg poll r -1
		rmdir $CONFIG/bell/door
		join = ENODEV
		join = ENODEV
		join = ERR|HUP
		read r 5 = ENODEV
		poll r 0 = ERR|HUP
	END
}
