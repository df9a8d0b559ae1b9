#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# Modules: what they take as parameters, when they can be unloaded and when
# not, and that a load that fails leaves nothing behind.
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

@test "all modules have the version that core/roulette.h has" {
	local version module

	version=$(sed -n 's/^#define ROULETTE_VERSION\t"\(.*\)"$/\1/p' "$SUITE/../core/roulette.h")
	[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]
	load_all
	for module in roulette_core roulette parrot; do
		[[ $(modinfo -F version $module) == "$version" ]]
		[[ $(</sys/module/$module/version) == "$version" ]]
	done
}

@test "max_devices takes 1 to 1048576 and says so" {
	local value

	for value in 0 1048577 -1 +1 x 1x 0x10 '"\s5"' '"5\s"' '' 18446744073709551616; do
		echo "load $CORE max_devices=$value = EINVAL"
	done | calls
	[[ ! -e /sys/module/roulette_core ]]
	[[ $(kernel_log | grep -c '^roulette_core: parameter max_devices=.*: give a number from 1 to 1048576$') == 11 ]]
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
@test "there are max_devices of all types and no more" {
	calls <<-END
		load $CORE max_devices=3
		load $ROULETTE
		load $COIN
		mkdir $CONFIG/coin/penny
		mkdir $CONFIG/roulette/bond
		mkdir $CONFIG/roulette/jaws = ENOSPC
		mkdir $CONFIG/coin/dime = ENOSPC
		exists /dev/roulette/dime = ENOENT
		# a default device is one of them; a load without room leaves nothing
		load $PARROT = ENOSPC
		exists /sys/module/parrot = ENOENT
		exists $CONFIG/parrot = ENOENT
		# an open file keeps the number of its device
		open f /dev/roulette/bond
		rmdir $CONFIG/roulette/bond
		mkdir $CONFIG/coin/dime = ENOSPC
		close f
		soon mkdir $CONFIG/coin/dime
		mkdir $CONFIG/coin/nickel = ENOSPC
		rmdir $CONFIG/coin/penny
		rmdir $CONFIG/coin/dime
		# nor does a device whose init failed keep one
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
@test "a device opens when it is published, and no sooner" {
	local major minor

	insmod "$CORE"
	major=$(awk '$2 == "roulette" { print $1 }' /proc/devices)
	for minor in 0 1 2; do
		mknod "$BATS_TEST_TMPDIR/$minor" c "$major" "$minor"
	done
	calls <<-END
		open f $BATS_TEST_TMPDIR/0 = ENXIO
		# the default device of a module whose load fails
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

# Else an open that has found a parrot's node might get to a roulette that has
# its number since.
# bats test_tags=memory
@test "a number is used again only after all others, and not while a file of it is open" {
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
		# round, and 0 is still taken
		soon mkdir $CONFIG/coin/dime
		text $CLASS/dime/dev = $major:1
		mkdir $CONFIG/coin/nickel = ENOSPC
		close p
		soon mkdir $CONFIG/coin/nickel
		text $CLASS/nickel/dev = $major:0
	END
}

# bats test_tags=kernels,memory
@test "no module goes while it is in use" {
	calls <<-END
		load $ROULETTE = ENOENT
		load $CORE
		load $ROULETTE
		load $ROULETTE = EEXIST
		load $PARROT
		unload roulette_core = EAGAIN
		# an instance
		mkdir $CONFIG/roulette/bond
		unload roulette = EAGAIN
		unload roulette_core = EAGAIN
		mkdir $CONFIG/parrot/polly
		rmdir $CONFIG/roulette/bond
		unload parrot = EAGAIN
		# an open file, of an instance that is there and that is not
		open f /dev/roulette/polly
		rmdir $CONFIG/parrot/polly
		unload parrot = EAGAIN
		close f
		# an open file of a default device
		open f /dev/parrot
		unload parrot = EAGAIN
		close f
		open f /dev/kernel-roulette
		unload roulette = EAGAIN
		exists /dev/kernel-roulette
		close f
		# an open knob in configfs, to the very end
		mkdir $CONFIG/roulette/bond
		open f $CONFIG/roulette/bond/odds
		rmdir $CONFIG/roulette/bond
		unload roulette = EAGAIN
		close f
		# an open knob in sysfs holds nothing
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
@test "a file of the core's own holds the core" {
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

@test "types come and go in any order" {
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
@test "modprobe brings the core along and takes it away when it is idle" {
	local said

	# All that the default device has is there when it is announced.
	said=$(uevents modprobe roulette)
	[[ $said =~ ^"add kernel-roulette kernel-roulette 0400 knobs "([0-9]+)" opened "([0-9]+)$ ]] ||
		fail "$said"
	((BASH_REMATCH[1] == BASH_REMATCH[2] && BASH_REMATCH[1] > 1))
	said=$(uevents modprobe parrot)
	[[ $said == "add parrot parrot 0444 knobs "* ]]
	mkdir "$CONFIG/parrot/polly"
	said=$(modprobe -r parrot 2>&1) && fail "parrot went while polly was there"
	[[ $said == *"in use"* ]]
	said=$(rmmod parrot 2>&1) && fail "parrot went while polly was there"
	[[ $said == *"in use"* ]]
	rmdir "$CONFIG/parrot/polly"
	modprobe -r parrot
	[[ -e /sys/module/roulette_core && ! -e /sys/module/parrot ]]
	modprobe -r roulette
	[[ ! -e /sys/module/roulette_core && ! -e /sys/module/roulette ]]
}

@test "default_device=N makes none" {
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
@test "a default device whose name is taken refuses the load and names it" {
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
		# as the line says
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
@test "modules come and go again and again against those who use them" {
	local rounds=10

	[[ -z ${ROULETTE_QUICK:-} ]] || rounds=3
	churn modules $rounds kernel-roulette roulette "$CORE" "$ROULETTE"
	modprobe roulette_core
	churn modules $((4 * rounds)) kernel-roulette roulette "$ROULETTE"
}

gone() {
	[[ ! -d /sys/module/$1 ]]
}

# rmmod waits for work that drops the last reference. It preempts that work when it is
# woken, and then the work cannot go on for 4 s.
# bats test_tags=kernels
@test "a module does not go while work of its own is preempted on the way out" {
	local thread

	[[ $(uname -v) == *PREEMPT_RT* ]] || skip "this kernel does not preempt in the kernel"
	sysctl -qw kernel.sched_rt_runtime_us=-1
	# Unloading waits for RCU, which must not be kept, too.
	for thread in $(pgrep -x '(rcuc|ktimers|irq_work|ksoftirqd)/1'); do
		chrt -f -p 40 "$thread"
	done
	modprobe brief
	chrt -f 50 taskset -c 1 rmmod brief &
	sleep 0.5
	! gone brief || fail 'somebody has a device of it'
	taskset -c 0 bash -c 'echo 1 >/sys/module/brief/parameters/drop'
	wait "$!"
	sleep 5
	rmmod blocker
	sysctl -qw kernel.sched_rt_runtime_us=950000
}
