#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The plug-in interface of the core. The example type of docs/devices.md
# (types/coin.c) works like roulette and parrot. A faulty type (types/misfit.c) is
# refused or does no harm.
#
# seconds: 5

load guest

setup_file() {
	modprobe coin
	find_modules
}

teardown() {
	remove_instances &&
		{ [[ ! -d /sys/module/misfit ]] || rmmod misfit; } &&
		guest_teardown
}

teardown_file() {
	unload_all
}

@test "a third type works in both mounts" {
	local toss coin=$CONFIG/coin/penny

	[[ $(ls "$CONFIG") == coin ]]
	[[ -z $(ls "$CLASS") ]]
	mkdir "$coin"
	takes "$coin/bias" 100
	[[ $(<"$CLASS/penny/bias") == 100 ]]
	toss=$(head -n 3 /dev/roulette/penny)
	[[ $toss == heads$'\n'heads$'\n'heads ]]
	takes "$CLASS/penny/bias" $'0\n' 0
	[[ $(<"$coin/bias") == 0 ]]
	toss=$(head -n 1 /dev/roulette/penny)
	[[ $toss == tails ]]
	refused ERANGE "$coin/bias" 101
	refused EINVAL "$CLASS/penny/bias" heads
	refused EACCES "$coin/flips" 1
	# head may read more tosses than it prints.
	(($(<"$CLASS/penny/flips") >= 4))
	cmp "$CLASS/penny/flips" "$coin/flips"
}

@test "each read of a coin is one fair toss" {
	local heads

	calls <<-END
		mkdir $CONFIG/coin/penny
		open p /dev/roulette/penny rw
		read p 6 = 6
		read p 4000 = 6
		read p 5 = EINVAL
		text $CLASS/penny/flips = 2
		poll p 0 = IN
		write p heads = EINVAL
		lseek p 0 set = ESPIPE
		pread p 6 0 = ESPIPE
		close p
	END
	# About 9 standard deviations from 1,000 of 2,000 tosses.
	heads=$(head -c 12000 /dev/roulette/penny | grep -c heads)
	((heads > 800 && heads < 1200)) || fail "$heads of 2,000 are heads"
}

@test "an incomplete type is refused and leaves nothing behind" {
	local fault name

	for fault in name owner fops release knobs pair; do
		echo "load $MISFIT fault=$fault = EINVAL"
	done | calls
	[[ ! -e /sys/module/misfit && $(ls "$CONFIG") == coin ]]
	for name in -misfit misfit; do
		log_has "^roulette_core: type $name: a mandatory member is missing or invalid, see struct roulette_type$"
	done
	[[ $(kernel_log | grep -c 'a mandatory member is missing or invalid') == 6 ]]
}

@test "a type whose name is taken is refused, and the registered type still works" {
	calls <<-END
		mkdir $CONFIG/coin/penny
		load $MISFIT fault=taken = EBUSY
		exists /sys/module/misfit = ENOENT
		text $CONFIG/coin/penny/bias = 50
		mkdir $CONFIG/coin/dime
	END
	log_has '^roulette_core: type coin is already registered by module coin$'
}

# bats test_tags=memory
@test "a device whose init fails leaves nothing behind" {
	calls <<-END
		load $MISFIT fault=init = EIO
		exists /sys/module/misfit = ENOENT
		exists $CONFIG/misfit = ENOENT
		exists $CLASS/misfit = ENOENT
		load $MISFIT init_error=-12
		mkdir $CONFIG/misfit/bond = ENOMEM
		exists $CONFIG/misfit/bond = ENOENT
		exists $CLASS/bond = ENOENT
		exists /dev/roulette = ENOENT
		text /sys/module/misfit/parameters/exits = 0
		# The name is free again.
		put /sys/module/misfit/parameters/init_error 0
		mkdir $CONFIG/coin/bond
		mkdir $CONFIG/misfit/other
		text /sys/module/misfit/parameters/inits = 1
		unload misfit = EAGAIN
		rmdir $CONFIG/misfit/other
		soon text /sys/module/misfit/parameters/exits = 1
		unload misfit
	END
}

# bats test_tags=memory
@test "exit is called once, when the last reference is dropped" {
	calls <<-END
		load $MISFIT
		mkdir $CONFIG/misfit/bond
		open a /dev/roulette/bond
		open b /dev/roulette/bond
		rmdir $CONFIG/misfit/bond
		text /sys/module/misfit/parameters/exits = 0
		close a
		text /sys/module/misfit/parameters/exits = 0
		close b
		soon text /sys/module/misfit/parameters/exits = 1
		text /sys/module/misfit/parameters/inits = 1
	END
}
