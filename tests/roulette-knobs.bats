#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The knobs of type roulette in sysfs and configfs: start values, accepted and refused
# values. The module's parameters.
#
# seconds: 13

load guest

setup_file() {
	modprobe roulette
}

setup() {
	guest_setup
	modprobe roulette
	mkdir "$CONFIG/roulette/bond"
	mounts=("$CLASS/bond" "$CONFIG/roulette/bond")
}

teardown() {
	{ [[ ! -d $CONFIG/roulette/bond ]] || rmdir "$CONFIG/roulette/bond"; } &&
		guest_teardown
}

teardown_file() {
	unload_all
}

# bats takes 1 to 2 ms for each command of a test. So one printf, which repeats its
# format, prints each table below.

# good KNOB START VALUE [SHOWN]: print lines for calls. For each mount they write
# START, then VALUE, and check that both mounts show VALUE, or SHOWN.
good() {
	local knob=$1 want=${4-$3}

	printf "put %s/$knob $2\nput %s/$knob %s\ntext %s/$knob = %s\ntext %s/$knob = %s\n" \
		"${mounts[0]}" "${mounts[0]}" "$3" "${mounts[0]}" "$want" "${mounts[1]}" "$want" \
		"${mounts[1]}" "${mounts[1]}" "$3" "${mounts[0]}" "$want" "${mounts[1]}" "$want"
}

# bad KNOB IS ERRNO VALUE...: print lines for calls. Each mount refuses each VALUE
# with ERRNO, and still shows IS.
bad() {
	local knob=$1 is=$2 errno=$3

	printf "put ${mounts[0]}/$knob %s = $errno\ntext ${mounts[0]}/$knob = $is\n" "${@:4}"
	printf "put ${mounts[1]}/$knob %s = $errno\ntext ${mounts[1]}/$knob = $is\n" "${@:4}"
}

# Values that no numeric knob accepts. 5,000 zeros are a number, but longer than a
# page.
printf -v ZEROS '%05000d' 0
printf -v ONES '1%.0s' {1..5000}
NOT_NUMBERS=('\n' '\n\n' '\s' '+1' '1\s' '\s1' '1\n\n' '\n1' '1\n1' '1x' 'x1' one 1.0 '1,0' 1e1 0b1 --1 - 1-
	'\x01' '\x7f1' '1\xff' '\xd9\xa1' '1\t' "$ZEROS" "${ZEROS}1" "$ONES")

@test "an instance and the default device have the start values" {
	local device odds

	for device in bond kernel-roulette; do
		odds=0
		[[ $device == bond ]] || odds=10
		calls <<-END
			text $CLASS/$device/odds = $odds
			text $CLASS/$device/action = bug
			text $CLASS/$device/times = -1
			text $CLASS/$device/interval = 1
			text $CLASS/$device/space = 0
			text $CLASS/$device/respin = 1
			text $CLASS/$device/label =$(printf ' ')
			text $CLASS/$device/pulls = 0
			text $CLASS/$device/hits = 0
			text $CLASS/$device/pending = 0
		END
		[[ $(<"$CLASS/$device/seed") =~ ^0x(0|[1-9a-f][0-9a-f]{,15})$ ]]
	done
	# Each device draws its own seed.
	[[ $(shown "$CLASS/bond/seed") != $(shown "$CLASS/kernel-roulette/seed") ]]
}

@test "available_actions lists the actions in order, without those this kernel lacks" {
	local actions='none warn oops bug panic hung_task soft_lockup hard_lockup hang rcu_stall stack_overflow use_after_free oom kill error reboot null gpf divide list_corruption double_free refcount stack_corruption usercopy atomic_sleep deadlock'
	local lacking

	# Without CONFIG_VMAP_STACK a stack has no guard page.
	grep -q ' free_vm_stack_cache$' /proc/kallsyms || {
		actions=${actions/ stack_overflow/}
		refused EINVAL "$CLASS/bond/action" stack_overflow
	}
	# PREEMPT_RT forbids allocations while interrupts are off. Only x86 traps a division
	# by 0, and only x86-64 has general protection faults for bad addresses. Since 7.0,
	# frees are not checked.
	for lacking in $(
		[[ $(uname -v) != *PREEMPT_RT* ]] || echo use_after_free double_free
		[[ $HOSTTYPE == x86_64 ]] || echo gpf
		[[ $HOSTTYPE == @(x86_64|i?86) ]] || echo divide
		[[ $KERNEL != @([7-9].*|6.18.*|6.19.*) ]] || echo double_free
	); do
		actions=${actions/ $lacking/}
		refused EINVAL "$CLASS/bond/action" "$lacking"
	done
	[[ $(<"$CLASS/bond/available_actions") == "$actions" ]]
}

@test "odds accepts N and N/M, and refuses other values" {
	{
		good odds 1/6 0
		good odds 1/6 '100\n' 100
		good odds 1/6 50
		good odds 1/6 0050 50
		good odds 1/6 50/100 50
		good odds 0 '1/6\n' 1/6
		good odds 0 0001/0006 1/6
		good odds 0 0/1
		good odds 0 1/1
		good odds 0 1/4294967295
		good odds 0 4294967295/4294967295
		good odds 0 "${ZEROS:0:2000}1/${ZEROS:0:2000}6" 1/6
		good odds 0 7/100 7
		bad odds 7 EINVAL "${NOT_NUMBERS[@]}" / 1/ /6 1//6 1/6/6 1/6x x1/6 1/x 1/-6 -1/6 +1/6 1/+6 '1/\s6' \
			'1\s/6' '1/6\s' 1:6 1/6% 50% 0x10 1/0x6 0x1/6 1/6.0 -1 101/x 7/6x 1/0x \
			99999999999999999999x
		bad odds 7 ERANGE 101 1000 4294967296 18446744073709551616 \
			99999999999999999999999999999 7/6 1/0 0/0 000/000 2/1 0/4294967296 \
			1/4294967296 4294967295/4294967296 1/18446744073709551617 \
			18446744073709551617/100 4294967295/4294967294
	} | calls
}

@test "action accepts each available action, and refuses other values" {
	local action

	for action in $(shown "$CLASS/bond/available_actions"); do
		good action none "$action"
		good action none "$action\n" "$action"
	done | calls
	{
		echo "put ${mounts[0]}/action warn"
		bad action warn EINVAL '\n' '\s' None NONE Bug 'bug\s' '\sbug' 'bug\n\n' bugs bu 'none\nwarn' \
			'none\swarn' none,warn 0 1 -1 reboots '\xff' available_actions \
			"bug$ZEROS" "$ONES"
	} | calls
}

@test "times, interval, space and respin accept numbers in their ranges only" {
	{
		good times 5 -1
		good times 5 '-1\n' -1
		good times 5 -0001 -1
		good times 5 0
		good times 5 0007 7
		good times 5 9223372036854775807
		bad times 9223372036854775807 EINVAL "${NOT_NUMBERS[@]}" 0x1 -x -1x '-\s1' -+1 1/6 -1-1
		bad times 9223372036854775807 ERANGE 9223372036854775808 18446744073709551615 -2 -10 \
			99999999999999999999999 -99999999999999999999999 -9223372036854775808

		good interval 5 1
		good interval 5 '0007\n' 7
		good interval 5 4294967295
		bad interval 4294967295 EINVAL "${NOT_NUMBERS[@]}" 0x1 -1 -0 1/6
		bad interval 4294967295 ERANGE 0 000 4294967296 18446744073709551617 99999999999999999999999

		good space 5 0
		good space 5 '0007\n' 7
		good space 5 18446744073709551615
		bad space 18446744073709551615 EINVAL "${NOT_NUMBERS[@]}" 0x1 -1 -0 1/6
		bad space 18446744073709551615 ERANGE 18446744073709551616 99999999999999999999999

		good respin 1 0
		good respin 0 '1\n' 1
		good respin 0 001 1
		bad respin 1 EINVAL "${NOT_NUMBERS[@]}" 0x1 -1 y Y n true on
		bad respin 1 ERANGE 2 10 4294967296 18446744073709551617
	} | calls
}

@test "seed accepts decimal and hexadecimal numbers of 64 bits only" {
	{
		good seed 5 0 0x0
		good seed 5 255 0xff
		good seed 5 '0255\n' 0xff
		good seed 5 0xff
		good seed 5 '0XFF\n' 0xff
		good seed 5 0x00aB 0xab
		good seed 5 0xfedcba9876543210
		good seed 5 18446744073709551615 0xffffffffffffffff
		good seed 5 "0x${ZEROS:0:4000}7" 0x7
		good seed 5 0xffffffffffffffff
		bad seed 0xffffffffffffffff EINVAL "${NOT_NUMBERS[@]}" 0x 0X x 0xg 0xfg ff 0x0x1 0x-1 0x+1 -0x1 +0x1 -1 '0x\s1' \
			'0x1\s' '0x1\n\n' 0x1/6 1x1 00x1 0x1.0 0x1ffffffffffffffffx 99999999999999999999x \
			"0x$ZEROS"
		bad seed 0xffffffffffffffff ERANGE 18446744073709551616 99999999999999999999999 \
			0x10000000000000000 0xfffffffffffffffff
	} | calls
}

@test "label accepts up to 63 printable ASCII characters, except quote and backslash" {
	local ascii

	# The 92 printable characters except the blank, the quote and the backslash.
	printf -v ascii '\\x%x' 33 {35..91} {93..126}
	{
		good label x drill
		good label x 'drill\n' drill
		good label x 'fire\sdrill' 'fire drill'
		good label x '\sx\s\s' ' x  '
		good label x '\n' ''
		good label x "${ONES:0:63}"
		good label x "${ONES:0:63}\n" "${ONES:0:63}"
		good label x "${ascii:0:4*46}" "$(printf '%b' "${ascii:0:4*46}")"
		good label x "${ascii:4*46}" "$(printf '%b' "${ascii:4*46}")"
		good label x '%s%n'
		good label x plain
		# shellcheck disable=SC1003 # a backslash, doubled for calls
		bad label plain EINVAL '"' 'a"b' '\\' 'a\\' 'a\nb' 'a\n\n' '\n\n' '\t' 'a\x1bb' '\x7f' '\xff' \
			'\xc3\xa9' "${ONES:0:64}" "${ONES:0:64}\n" \
			"$ONES"
	} | calls
}

@test "all knobs refuse a NUL byte" {
	local knob before

	cd "$CLASS/bond"
	before=$(head odds action times interval space respin seed label)
	for knob in odds times interval space respin seed label reset; do
		[[ $(knob write "$CONFIG/roulette/bond/$knob" '1\0') == EINVAL ]]
	done
	[[ $(knob write action 'bug\0') == EINVAL ]]
	[[ $(knob write action 'warn\0\n') == EINVAL ]]
	[[ $(knob write label '\0') == EINVAL ]]
	[[ $(knob write odds '1\x00/6') == EINVAL ]]
	[[ $(head odds action times interval space respin seed label) == "$before" ]]
}

@test "pulls and hits count, and only a write of 1 to reset sets them to 0" {
	calls <<-END
		put $CLASS/bond/odds 1/1
		put $CLASS/bond/action none
		open b /dev/roulette/bond
		pread b 100 0
		pread b 100 0
		put $CLASS/bond/times 0
		pread b 100 0
		text $CLASS/bond/pulls = 3
		text $CONFIG/roulette/bond/pulls = 3
		text $CLASS/bond/hits = 2
		text $CONFIG/roulette/bond/hits = 2
	END
	{
		bad reset EACCES EINVAL "${NOT_NUMBERS[@]}" 0x1 y -1
		bad reset EACCES ERANGE 0 2 000 4294967297 18446744073709551617
		echo "text $CLASS/bond/pulls = 3"
		echo "text $CLASS/bond/hits = 2"
	} | calls
	calls <<-END
		put $CLASS/bond/reset 1\n
		text $CONFIG/roulette/bond/pulls = 0
		text $CONFIG/roulette/bond/hits = 0
		text $CLASS/bond/times = 0
		open b /dev/roulette/bond
		pread b 100 0
		text $CLASS/bond/pulls = 1
		put $CONFIG/roulette/bond/reset 01
		text $CLASS/bond/pulls = 0
	END
	for knob in pulls hits pending available_actions; do
		[[ $(knob write "$CLASS/bond/$knob" 0) == EACCES ]]
		[[ $(knob write "$CONFIG/roulette/bond/$knob" 0) == EACCES ]]
	done
	[[ $(knob read "$CLASS/bond/reset") == EACCES ]]
	[[ $(knob read "$CONFIG/roulette/bond/reset") == EACCES ]]
}

@test "all parameters have descriptions, and only armed is writable" {
	local modes

	[[ $(modinfo -p roulette | grep -Ec '^(odds|action|default_device|armed):.{10}') == 4 ]]
	[[ $(modinfo -p roulette | wc -l) == 4 ]]
	cd /sys/module/roulette/parameters
	modes=$(stat -c '%n %a' ./*)
	[[ $modes == $'./action 444\n./armed 644\n./default_device 444\n./odds 444' ]]
	[[ $(shown odds) == 10 && $(shown action) == bug ]]
	[[ $(shown armed) == Y && $(shown default_device) == Y ]]
}

@test "parameters set the start values of the default device, not of an instance" {
	local odds

	rmdir "$CONFIG/roulette/bond"
	for odds in 0 1/6 4294967295/4294967295; do
		modprobe -r roulette
		modprobe roulette "odds=$odds" action=warn armed=N
		calls <<-END
			text $CLASS/kernel-roulette/odds = $odds
			text $CLASS/kernel-roulette/action = warn
			text /sys/module/roulette/parameters/odds = $odds
			text /sys/module/roulette/parameters/action = warn
			text /sys/module/roulette/parameters/armed = N
			mkdir $CONFIG/roulette/bond
			text $CLASS/bond/odds = 0
			text $CLASS/bond/action = bug
			rmdir $CONFIG/roulette/bond
		END
	done
	modprobe -r roulette
	modprobe roulette default_device=N
	[[ ! -e /dev/kernel-roulette && ! -e $CLASS/kernel-roulette ]]
	mkdir "$CONFIG/roulette/bond"
	rmdir "$CONFIG/roulette/bond"
	modprobe -r roulette
}

@test "a load fails on an invalid parameter, and the log names the parameter" {
	local file log

	rmdir "$CONFIG/roulette/bond"
	file=$(modinfo -n roulette)
	modprobe -r roulette
	modprobe roulette_core
	printf "load $file %s = EINVAL\nexists /sys/module/roulette = ENOENT\n" \
		odds= odds=101 odds=7/6 odds=1/0 odds=+1 odds=x odds=4294967296 odds=1/4294967296 \
		action= action=Bug action=nonesuch armed=maybe default_device=maybe | calls
	log=$(kernel_log)
	[[ $(grep -c '^roulette: parameter odds=.*: must be N (in 100) or N/M' <<<"$log") == 8 ]]
	[[ $(grep -c '^roulette: parameter action=.*: must be one of none, warn, oops, bug, panic' <<<"$log") == 3 ]]
	[[ $log == *'parameter `armed'* && $log == *'parameter `default_device'* ]]
	[[ $log == *'roulette: parameter odds=7/6: '* && $log == *'roulette: parameter action=nonesuch: '* ]]
	modprobe roulette
}

@test "a load fails on a taken name of the default device, and the log suggests a remedy" {
	local file

	rmdir "$CONFIG/roulette/bond"
	modprobe -r roulette
	modprobe parrot default_device=N
	mkdir "$CONFIG/parrot/kernel-roulette"
	file=$(modinfo -n roulette)
	calls <<<"load $file = EBUSY"
	log_has '^roulette kernel-roulette: a device with this name already exists: .* load module roulette with default_device=N$'
	# modprobe treats EEXIST as success, so the errno must be another.
	! modprobe roulette || fail 'modprobe reported success, but the load must fail'
	[[ ! -e /sys/module/roulette && ! -e $CONFIG/roulette ]]
	modprobe roulette default_device=N
	mkdir "$CONFIG/roulette/bond"
	[[ $(shown "$CLASS/kernel-roulette/type") == parrot ]]
	rmdir "$CONFIG/roulette/bond" "$CONFIG/parrot/kernel-roulette"
	rmmod parrot
	modprobe -r roulette
}

@test "no device hits while armed is N" {
	local armed=/sys/module/roulette/parameters/armed

	calls <<-END
		put $CLASS/bond/odds 1/1
		put $CLASS/bond/action none
		put $CLASS/kernel-roulette/odds 1/1
		put $armed N
		put $armed maybe = EINVAL
		text $armed = N
	END
	[[ $(cat /dev/roulette/bond) == 'click: drew 0, odds 1/1, held by armed' ]]
	# A hit would kill cat, because the action is bug.
	[[ $(cat /dev/kernel-roulette) == 'click: drew 0, odds 1/1, held by armed' ]]
	[[ $(shown "$CLASS/bond/hits") == 0 ]]
	echo Y >$armed
	[[ $(cat /dev/roulette/bond) == 'bang: drew 0, odds 1/1, action none' ]]
	[[ $(shown "$CLASS/bond/hits") == 1 ]]
	echo 0 >"$CLASS/kernel-roulette/odds"
}

@test "pulls cannot be written and reset cannot be read, even after chmod 600" {
	cd "$CLASS/bond"
	chmod 600 pulls reset
	[[ $(knob write pulls 1) == EIO ]]
	run cat reset
	[[ $status == 1 && $output == *'Input/output error' ]]
	[[ $(<pulls) == 0 ]]
}
