#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# rmdir removes a device while tasks wait for it, use it, or hold its node or a
# knob open. Nothing is left behind.
#
# seconds: 14
# concurrent

load guest

setup_file() {
	load_all
	modprobe coin
}

teardown() {
	remove_instances && guest_teardown
}

teardown_file() {
	unload_all
}

# bats test_tags=kernels,memory
@test "rmdir wakes readers with ENODEV, and pollers with POLLERR and POLLHUP" {
	calls <<-END
		mkdir $CONFIG/parrot/polly
		put $CLASS/polly/frame_rate 0
		open r /dev/roulette/polly
		bg read r 4000
		bg readv r 4000
		bg splice r 4000
		bg poll r -1
		bg epoll r -1
		rmdir $CONFIG/parrot/polly
		join = ENODEV
		join = ENODEV
		join = ENODEV
		join = ERR|HUP
		join = ERR|HUP
		read r 4000 = ENODEV
	END
}

# bats test_tags=memory
@test "after rmdir, reads and seeks on an open file return ENODEV" {
	local type node=$BATS_TEST_TMPDIR/node

	for type in roulette parrot coin; do
		mkdir "$CONFIG/$type/bond"
		{
			cat <<-END
				mknod $node-$type $(<"$CLASS/bond/dev")
				open f $node-$type
				open g /dev/roulette/bond
				read f 6
				rmdir $CONFIG/$type/bond
				exists /dev/roulette = ENOENT
				exists $CLASS/bond = ENOENT
				exists /sys/devices/virtual/roulette/bond = ENOENT
				read f 1 = ENODEV
				read g 4000 = ENODEV
				readv f 4000 = ENODEV
				poll f 0 = ERR|HUP
				epoll g -1 = ERR|HUP
				open h $node-$type = ENXIO
				open h $node-$type n = ENXIO
				dup g
				read g 4000 = ENODEV
			END
			# A parrot and a coin are streams. A coin has no splice.
			[[ $type != roulette ]] || cat <<-END
				pread f 4000 0 = ENODEV
				pread f 4000 7 = ENODEV
				preadv f 4000 0 = ENODEV
				lseek f 0 set = ENODEV
				lseek f 0 cur = ENODEV
				lseek f 0 end = ENODEV
			END
			[[ $type == coin ]] || echo "splice f 4000 = ENODEV"
		} | calls
	done
}

# bats test_tags=memory
@test "after rmdir, a write to an open file returns ENODEV" {
	calls <<-END
		mkdir $CONFIG/roulette/bond
		mkdir $CONFIG/parrot/polly
		open b /dev/roulette/bond rw
		open p /dev/roulette/polly rw
		write b x = EINVAL
		write p x = EINVAL
		rmdir $CONFIG/roulette/bond
		rmdir $CONFIG/parrot/polly
		write b x = ENODEV
		write p x = ENODEV
	END
}

# bats test_tags=memory
@test "after rmdir, an open knob returns ENODEV in sysfs and ENOENT in configfs" {
	calls <<-END
		mkdir $CONFIG/roulette/bond
		open a $CLASS/bond/odds rw
		open b $CONFIG/roulette/bond/odds rw
		open c $CLASS/bond/type
		open d $CONFIG/roulette/bond/dev
		open e $CONFIG/roulette/bond/dev_name
		open f $CONFIG/roulette/bond/odds
		read f 1 = 1
		rmdir $CONFIG/roulette/bond
		read a 9 = ENODEV
		write a 5 = ENODEV
		read b 9 = ENOENT
		write b 5 = ENOENT
		read c 9 = ENODEV
		read d 9 = ENOENT
		read e 9 = ENOENT
		# The open knobs do not belong to a new device of the same name.
		mkdir $CONFIG/roulette/bond
		write a 5 = ENODEV
		write b 5 = ENOENT
		text $CLASS/bond/odds = 0
		rmdir $CONFIG/roulette/bond
	END
}

# bats test_tags=kernels,memory
@test "rmdir waits for a knob that is being read or written" {
	modprobe misfit
	calls <<-END
		mkdir $CONFIG/misfit/slow
		bg put $CLASS/slow/nap 1
		bg put $CONFIG/misfit/slow/nap 1
		bg text $CLASS/slow/nap
		bg text $CONFIG/misfit/slow/nap
		rmdir $CONFIG/misfit/slow
		soon text /sys/module/misfit/parameters/exits = 1
		text /sys/module/misfit/parameters/naps = 4
		join = 1
		join = 1
		join = slow
		join = slow
	END
	rmmod misfit
}

# A leak of one object or page per instance adds up to 1,000. Other work of the
# kernel changes the counts by about 200. The limit of 500 is between the two.
# bats test_tags=slow
@test "1,000 instances are created and removed, and leave nothing behind" {
	local before

	# The first round is not counted, because it fills caches that the kernel keeps.
	churn many roulette 300 1
	before=$(ls -d "$CLASS"/* /dev/* && grep -E '^(roulette|parrot|coin)' /proc/modules)
	slabs save "$BATS_TEST_TMPDIR/slabs"
	churn many roulette 1000 1
	churn many parrot 300 2
	slabs grown "$BATS_TEST_TMPDIR/slabs" 500
	[[ $(ls -d "$CLASS"/* /dev/* && grep -E '^(roulette|parrot|coin)' /proc/modules) == "$before" ]]
}

# bats test_tags=kernels,memory
@test "mkdir and rmdir run in a loop while threads use the device" {
	slabs save "$BATS_TEST_TMPDIR/slabs"
	churn race roulette bond times 5 2
	churn race parrot polly frame_rate 0 2
	slabs grown "$BATS_TEST_TMPDIR/slabs" 500
	[[ ! -e /dev/roulette && ! -e $CLASS/bond && ! -e $CLASS/polly ]]
}
