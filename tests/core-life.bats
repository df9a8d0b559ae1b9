#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The end of a device, by rmdir: for those who wait for it, hold it or one of
# its knobs open, or use it at that moment; and that nothing stays behind.
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
@test "whoever waits for a device is woken when it goes" {
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
@test "every later call on an open file says ENODEV" {
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
			# The others are streams, and a coin knows no splice.
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
@test "a write to a file of a removed device says ENODEV" {
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
@test "an open knob outlives its device without harm" {
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
		# The same name is another device.
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

# A leak of one object or one page with each instance would be 1,000 of them;
# some 200 come and go by what else the kernel does meanwhile.
# bats test_tags=slow
@test "1,000 instances come and go and leave nothing behind" {
	local before

	# What is kept for good is kept once: the first round is not counted.
	churn many roulette 300 1
	before=$(ls -d "$CLASS"/* /dev/* && grep -E '^(roulette|parrot|coin)' /proc/modules)
	slabs save "$BATS_TEST_TMPDIR/slabs"
	churn many roulette 1000 1
	churn many parrot 300 2
	slabs grown "$BATS_TEST_TMPDIR/slabs" 500
	[[ $(ls -d "$CLASS"/* /dev/* && grep -E '^(roulette|parrot|coin)' /proc/modules) == "$before" ]]
}

# bats test_tags=kernels,memory
@test "rmdir and mkdir in a loop against whoever uses the device" {
	slabs save "$BATS_TEST_TMPDIR/slabs"
	churn race roulette bond times 5 2
	churn race parrot polly frame_rate 0 2
	slabs grown "$BATS_TEST_TMPDIR/slabs" 500
	[[ ! -e /dev/roulette && ! -e $CLASS/bond && ! -e $CLASS/polly ]]
}
