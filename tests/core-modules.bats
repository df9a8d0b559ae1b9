#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# Modules: their parameters, when they can be unloaded, and failed loads, which
# leave nothing behind.
#
# seconds: 13
# concurrent

load guest

setup_file() {
	find_modules
}

teardown() {
	unload_all && guest_teardown
}

@test "all modules have the version of core/roulette.h" {
	local version module

	version=$(sed -n 's/^#define ROULETTE_VERSION\t"\(.*\)"$/\1/p' "$SUITE/../core/roulette.h")
	[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]
	load_all
	for module in roulette_core roulette parrot; do
		[[ $(modinfo -F version $module) == "$version" ]]
		[[ $(</sys/module/$module/version) == "$version" ]]
	done
}

@test "max_devices accepts 1 to 1048576, and an error logs this range" {
	local value

	for value in 0 1048577 -1 +1 x 1x 0x10 '"\s5"' '"5\s"' '' 18446744073709551616; do
		echo "load $CORE max_devices=$value = EINVAL"
	done | calls
	[[ ! -e /sys/module/roulette_core ]]
	[[ $(kernel_log | grep -c '^roulette_core: parameter max_devices=.*: must be a number from 1 to 1048576$') == 11 ]]
	calls <<-END
		load $CORE max_devices=1
		text /sys/module/roulette_core/parameters/max_devices = 1
		mode /sys/module/roulette_core/parameters/max_devices = -0444
		unload roulette_core
		load $CORE max_devices=01048576
		text /sys/module/roulette_core/parameters/max_devices = 1048576
		unload roulette_core
		load $CORE
		text /sys/module/roulette_core/parameters/max_devices = 65536
	END
	[[ $(modinfo -F parm roulette_core) == max_devices:*65536* ]]
}

# bats test_tags=kernels,memory
@test "max_devices limits the number of devices of all types together" {
	calls <<-END
		load $CORE max_devices=3
		load $ROULETTE
		load $COIN
		mkdir $CONFIG/coin/penny
		mkdir $CONFIG/roulette/bond
		mkdir $CONFIG/roulette/jaws = ENOSPC
		mkdir $CONFIG/coin/dime = ENOSPC
		exists /dev/roulette/dime = ENOENT
		# Default devices count. A load that exceeds the limit leaves nothing.
		load $PARROT = ENOSPC
		exists /sys/module/parrot = ENOENT
		exists $CONFIG/parrot = ENOENT
		# An open file keeps the number of its device.
		open f /dev/roulette/bond
		rmdir $CONFIG/roulette/bond
		mkdir $CONFIG/coin/dime = ENOSPC
		close f
		soon mkdir $CONFIG/coin/dime
		mkdir $CONFIG/coin/nickel = ENOSPC
		rmdir $CONFIG/coin/penny
		rmdir $CONFIG/coin/dime
		# A device whose init fails keeps no number.
		load $MISFIT init_error=-12
		soon mkdir $CONFIG/misfit/one = ENOMEM
		soon mkdir $CONFIG/misfit/one = ENOMEM
		soon mkdir $CONFIG/misfit/one = ENOMEM
		put /sys/module/misfit/parameters/init_error 0
		soon mkdir $CONFIG/misfit/one
		soon mkdir $CONFIG/misfit/two
		rmdir $CONFIG/misfit/one
		rmdir $CONFIG/misfit/two
		soon unload misfit
	END
}

# bats test_tags=kernels,memory
@test "open fails with ENXIO until the device is published" {
	local major minor

	insmod "$CORE"
	major=$(awk '$2 == "roulette" { print $1 }' /proc/devices)
	for minor in 0 1 2; do
		mknod "$BATS_TEST_TMPDIR/$minor" c "$major" "$minor"
	done
	calls <<-END
		open f $BATS_TEST_TMPDIR/0 = ENXIO
		# The default device of a module whose load fails is never published.
		bg load $MISFIT fault=init
		open f $BATS_TEST_TMPDIR/0 = ENXIO
		join = EIO
		open f $BATS_TEST_TMPDIR/0 = ENXIO
		load $MISFIT init_ms=60000
		bg mkdir $CONFIG/misfit/one
		open f $BATS_TEST_TMPDIR/1 = ENXIO
		exists $CLASS/one = ENOENT
		put /sys/module/misfit/parameters/init_ms 0
		join
		open f $BATS_TEST_TMPDIR/1
		rmdir $CONFIG/misfit/one
		open g $BATS_TEST_TMPDIR/1 = ENXIO
		close f
		put /sys/module/misfit/parameters/init_error -12
		mkdir $CONFIG/misfit/one = ENOMEM
		open f $BATS_TEST_TMPDIR/2 = ENXIO
	END
}

# If a number were reused early, an open of a removed parrot's node could reach a
# roulette.
# bats test_tags=memory
@test "a number is reused after all others, and not while a file of its device is open" {
	local number major

	insmod "$CORE" max_devices=3
	insmod "$COIN"
	mkdir "$CONFIG/coin/penny"
	number=$(<"$CLASS/penny/dev") major=${number%:*}
	[[ $number == "$major:0" ]]
	calls <<-END
		open p /dev/roulette/penny
		rmdir $CONFIG/coin/penny
		mkdir $CONFIG/coin/penny
		text $CLASS/penny/dev = $major:1
		rmdir $CONFIG/coin/penny
		mkdir $CONFIG/coin/penny
		text $CLASS/penny/dev = $major:2
		# The numbers wrap around, and 0 is still in use.
		soon mkdir $CONFIG/coin/dime
		text $CLASS/dime/dev = $major:1
		mkdir $CONFIG/coin/nickel = ENOSPC
		close p
		soon mkdir $CONFIG/coin/nickel
		text $CLASS/nickel/dev = $major:0
	END
}

# bats test_tags=kernels,memory
@test "a module that is in use cannot be unloaded" {
	calls <<-END
		load $ROULETTE = ENOENT
		load $CORE
		load $ROULETTE
		load $ROULETTE = EEXIST
		load $PARROT
		unload roulette_core = EAGAIN
		# An instance keeps its module.
		mkdir $CONFIG/roulette/bond
		unload roulette = EAGAIN
		unload roulette_core = EAGAIN
		mkdir $CONFIG/parrot/polly
		rmdir $CONFIG/roulette/bond
		unload parrot = EAGAIN
		# An open file of a removed instance keeps the module.
		open f /dev/roulette/polly
		rmdir $CONFIG/parrot/polly
		unload parrot = EAGAIN
		close f
		# An open file of a default device keeps the module.
		open f /dev/parrot
		unload parrot = EAGAIN
		close f
		open f /dev/kernel-roulette
		unload roulette = EAGAIN
		exists /dev/kernel-roulette
		close f
		# An open knob in configfs keeps the module until it is closed.
		mkdir $CONFIG/roulette/bond
		open f $CONFIG/roulette/bond/odds
		rmdir $CONFIG/roulette/bond
		unload roulette = EAGAIN
		close f
		# An open knob in sysfs keeps no module.
		open f $CLASS/kernel-roulette/odds
		unload roulette
		read f 1 = ENODEV
		exists $CLASS/kernel-roulette = ENOENT
		exists $CONFIG/roulette = ENOENT
		unload roulette_core = EAGAIN
		unload parrot
		unload roulette_core
		exists $CLASS = ENOENT
		exists $CONFIG = ENOENT
		read f 1 = ENODEV
	END
	[[ $(awk '$2 == "roulette"' /proc/devices) == "" ]]
}

# bats test_tags=memory
@test "an open configfs file of the core keeps the core loaded" {
	calls <<-END
		load $CORE
		load $COIN
		mkdir $CONFIG/coin/penny
		open f $CONFIG/coin/penny/dev
		rmdir $CONFIG/coin/penny
		unload coin
		unload roulette_core = EAGAIN
		close f
		unload roulette_core
	END
}

@test "types can be loaded and unloaded in any order" {
	local order a b c
	local -A file=([roulette]=$ROULETTE [parrot]=$PARROT [coin]=$COIN)

	for order in "roulette parrot coin" "coin parrot roulette" "parrot coin roulette"; do
		read -r a b c <<<"$order"
		calls <<-END
			load $CORE
			load ${file[$a]}
			load ${file[$b]}
			load ${file[$c]}
			exists $CONFIG/roulette
			exists $CONFIG/parrot
			exists $CONFIG/coin
			unload $b
			exists $CONFIG/$b = ENOENT
			load ${file[$b]}
			unload $a
			unload $c
			unload $b
			unload roulette_core
		END
	done
}

# bats test_tags=kernels
@test "modprobe loads the core with a type, and unloads it with the last type" {
	local said

	# The node and knobs of the default device exist when its add event is sent.
	said=$(uevents modprobe roulette)
	[[ $said =~ ^"add kernel-roulette kernel-roulette 0400 knobs "([0-9]+)" opened "([0-9]+)$ ]] ||
		fail "$said"
	((BASH_REMATCH[1] == BASH_REMATCH[2] && BASH_REMATCH[1] > 1))
	said=$(uevents modprobe parrot)
	[[ $said == "add parrot parrot 0444 knobs "* ]]
	mkdir "$CONFIG/parrot/polly"
	said=$(modprobe -r parrot 2>&1) && fail "modprobe -r unloaded parrot while its device polly existed"
	[[ $said == *"in use"* ]]
	said=$(rmmod parrot 2>&1) && fail "rmmod unloaded parrot while its device polly existed"
	[[ $said == *"in use"* ]]
	rmdir "$CONFIG/parrot/polly"
	modprobe -r parrot
	[[ -e /sys/module/roulette_core && ! -e /sys/module/parrot ]]
	modprobe -r roulette
	[[ ! -e /sys/module/roulette_core && ! -e /sys/module/roulette ]]
}

@test "default_device=N creates no default device" {
	calls <<-END
		load $CORE
		load $ROULETTE default_device=N
		load $PARROT default_device=N
		exists /dev/kernel-roulette = ENOENT
		exists /dev/parrot = ENOENT
		mode /sys/module/roulette/parameters/default_device = -0444
		mkdir $CONFIG/roulette/parrot
		mkdir $CONFIG/parrot/kernel-roulette
		exists /dev/parrot = ENOENT
		exists /dev/roulette/parrot
		rmdir $CONFIG/roulette/parrot
		rmdir $CONFIG/parrot/kernel-roulette
		unload roulette
		load $ROULETTE default_device=maybe = EINVAL
		exists /sys/module/roulette = ENOENT
		exists $CONFIG/roulette = ENOENT
	END
	log_has "maybe' invalid for parameter .default_device'"
}

# bats test_tags=kernels
@test "a load fails if the name of its default device is taken, and logs the name" {
	calls <<-END
		load $CORE
		load $COIN
		mkdir $CONFIG/coin/kernel-roulette
		mkdir $CONFIG/coin/parrot
		load $ROULETTE = EBUSY
		load $PARROT = EBUSY
		exists /sys/module/roulette = ENOENT
		exists /sys/module/parrot = ENOENT
		exists $CONFIG/roulette = ENOENT
		exists $CONFIG/parrot = ENOENT
		text $CLASS/parrot/type = coin
		exists /dev/parrot = ENOENT
		# The log line suggests default_device=N.
		load $ROULETTE default_device=N
		rmdir $CONFIG/coin/parrot
		load $PARROT
		mode /dev/parrot = c0444
		rmdir $CONFIG/coin/kernel-roulette
	END
	log_has '^roulette kernel-roulette: .*default_device=N$'
	log_has '^roulette parrot: .*default_device=N$'
}

# bats test_tags=slow,memory
@test "modules are loaded and unloaded in a loop while threads use them" {
	local rounds=10

	[[ -z ${ROULETTE_QUICK:-} ]] || rounds=3
	churn modules $rounds kernel-roulette roulette "$CORE" "$ROULETTE"
	modprobe roulette_core
	churn modules $((4 * rounds)) kernel-roulette roulette "$ROULETTE"
}

gone() {
	[[ ! -d /sys/module/$1 ]]
}

# rmmod waits until the work item of brief.c drops the last reference. When rmmod
# wakes, it preempts that work, and blocker.c then keeps the work off its CPU for
# 4 s.
# bats test_tags=kernels
@test "a module is not freed while its preempted work is still in its code" {
	local thread

	[[ $(uname -v) == *PREEMPT_RT* ]] || skip "this kernel is not built with PREEMPT_RT"
	sysctl -qw kernel.sched_rt_runtime_us=-1
	# Unloading waits for RCU, so the blocker must not block RCU's threads.
	for thread in $(pgrep -x '(rcuc|ktimers|irq_work|ksoftirqd)/1'); do
		chrt -f -p 40 "$thread"
	done
	modprobe brief
	chrt -f 50 taskset -c 1 rmmod brief &
	sleep 0.5
	! gone brief || fail 'brief was unloaded while a reference to its device was held'
	taskset -c 0 bash -c 'echo 1 >/sys/module/brief/parameters/drop'
	wait "$!"
	sleep 5
	rmmod blocker
	sysctl -qw kernel.sched_rt_runtime_us=950000
}
