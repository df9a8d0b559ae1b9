#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 7
#
# The knobs of type parrot in sysfs and configfs: start values, accepted values as
# both mounts show them, and refused values, which change nothing. The module's
# parameters.
#
# The program `calls` makes the calls of a table in one process.

load guest

AT_CLASS=$CLASS/bird
AT_CONFIG=$CONFIG/parrot/bird

setup_file() {
	load_all
	mkdir "$CONFIG/parrot/bird"
}

teardown_file() {
	unload_all
}

# start_values FOLDER RATE: print lines for calls that check the start values.
start_values() {
	local frames=("$SUITE"/../devices/parrot/party/*.txt)

	cat <<-CALLS
		text $1/frame_rate = $2
		text $1/animation = party
		text $1/color = cycle
		text $1/flip = 0
		text $1/frames = ${#frames[@]}
		text $1/readers = 0
		text $1/frames_read = 0
		text $1/frames_dropped = 0
	CALLS
}

@test "the default device and an instance have the start values at both mounts" {
	calls < <(
		start_values "$CLASS/parrot" 20
		start_values "$AT_CLASS" 20
		start_values "$AT_CONFIG" 20
		echo "text $CLASS/parrot/type = parrot"
		echo "text $AT_CLASS/type = parrot"
		echo "mode /dev/parrot = c0444"
		echo "mode /dev/roulette/bird = c0444"
	)
}

# accepted KNOB VALUE SHOWN...: print lines for calls that write each value at one
# mount and read it at both.
accepted() {
	local knob=$1 at=$AT_CLASS other=$AT_CONFIG

	shift
	while (($#)); do
		printf 'put %s %s\ntext %s = %s\ntext %s = %s\n' \
			"$at/$knob" "$1" "$AT_CLASS/$knob" "$2" "$AT_CONFIG/$knob" "$2"
		local last=$at
		at=$other other=$last
		shift 2
	done
}

# rejected KNOB ERRNO VALUE...: print lines for calls. Each value is refused at both
# mounts, and the knob keeps its value. One printf for all values is fast.
rejected() {
	local knob=$1 errno=$2 mount puts value

	value=$(shown "$AT_CLASS/$knob")
	shift 2
	for mount in "$AT_CLASS" "$AT_CONFIG"; do
		puts=("${@/#/"put $mount/$knob "}")
		printf '%s\n' "${puts[@]/%/" = $errno"}" "text $mount/$knob = $value"
	done
}

# Values that no knob accepts
LONG=$(printf '%05000d' 0)
JUNK=('\n' '\s' '\n\n' '1\n\n' '1\n1' '1\n\s' '\s1' '1\s' '1\t' '\t1' 1x x1 '"1"' '1,' 0x1 -1 -0 +1 +0
	1e3 '\xd9\xa1' "$LONG" "${LONG:0:4095}" "${LONG:0:4096}" '*' inf nan)

@test "frame_rate accepts 0, 0.001 to 1000 with up to three decimals, and max" {
	calls < <(
		accepted frame_rate 0.001 0.001 1000 1000 0 0 max max 0.000 0 20.500 20.5 \
			1 1 60 60 0.1 0.1 0.01 0.01 000.010 0.01 999.999 999.999 1000.000 1000 \
			0020 20 1000.0 1000 1.001 1.001 33.33 33.33 10 10 100.100 100.1 00000000000000000000000007 7 \
			'59.94\n' 59.94 'max\n' max '0\n' 0 "${LONG:0:4093}5" 5 '25' 25
	)
}

@test "frame_rate refuses other text with EINVAL, and numbers out of range with ERANGE" {
	takes "$AT_CLASS/frame_rate" 12.345
	calls < <(
		rejected frame_rate EINVAL "${JUNK[@]}" . .5 5. 1.2.3 1..2 '1,5' 0.0001 1.0000 \
			5.x 5.-1 5.+1 '5.\s1' '5.1\s' 1001x 1001. 99999999999999999999999x 1/2 7fps \
			MAX Max maxx max. max1 '\smax' 'max\s' ma none paused
		rejected frame_rate ERANGE 1001 1000.001 1000.1 4294967296 4294987296 4294967.296 \
			18446744073709551615 18446744073709551616 18446744073709551636 \
			99999999999999999999999.999 "${LONG:0:4000}1001"
	)
	refused EINVAL "$AT_CLASS/frame_rate" '1\0'
	refused EINVAL "$AT_CONFIG/frame_rate" '\0'
	refused EINVAL "$AT_CLASS/frame_rate" '1\x000'
}

@test "color accepts eight names, none and cycle, and nothing else" {
	calls < <(
		accepted color black black red red green green yellow yellow blue blue magenta magenta \
			cyan cyan white white none none 'cycle\n' cycle 'red\n' red white white
	)
	calls < <(
		rejected color EINVAL "${JUNK[@]}" 0 Red RED redd re 'red\s' '\sred' 'red\nblue' \
			'red\n\n' orange 31 cycle1 bright-red
	)
	refused EINVAL "$AT_CLASS/color" 'red\0'
	refused EINVAL "$AT_CONFIG/color" '\0red'
}

@test "flip accepts 0 and 1, and nothing else" {
	calls < <(
		accepted flip 1 1 0 0 '1\n' 1 00 0 0001 1 1 1 0 0
	)
	calls < <(
		rejected flip EINVAL "${JUNK[@]}" y n on off true 1.0 0.0 01x
		rejected flip ERANGE 2 10 18446744073709551616 18446744073709551617 4294967297
	)
	refused EINVAL "$AT_CLASS/flip" '1\0'
	refused EINVAL "$AT_CONFIG/flip" '\x001'
}

@test "animation accepts party, with or without a newline, and refuses invalid names" {
	calls < <(
		accepted animation party party 'party\n' party
		rejected animation EINVAL '\n' '\s' '\sparty' 'party\s' 'party\n\n' 'party/' ./party \
			/party ../party . .. .party -party _party 'par\tty' 'p\xc3\xa4rty' 'party\x7f' \
			"${LONG:0:64}" "$LONG" 'party\nparty'
		rejected animation ENOENT Party PARTY party.anim "${LONG:0:63}"
	)
	refused EINVAL "$AT_CLASS/animation" 'party\0'
}

@test "frames, readers, frames_read and frames_dropped are read-only and correct" {
	local knob

	exec {one}</dev/roulette/bird {two}</dev/roulette/bird
	takes "$AT_CLASS/frame_rate" 0.001
	head -c 1 <&"$one" >/dev/null
	calls < <(
		for knob in frames readers frames_read frames_dropped; do
			printf 'put %s 1 = EACCES\n' "$AT_CLASS/$knob" "$AT_CONFIG/$knob"
		done
		for mount in "$AT_CLASS" "$AT_CONFIG"; do
			echo "text $mount/readers = 2"
			echo "text $mount/frames_read = 1"
			echo "text $mount/frames_dropped = 0"
			echo "text $mount/animation = party"
		done
	)
	exec {one}<&- {two}<&-
	[[ $(shown "$AT_CLASS/readers") == 0 ]]
}

@test "the log line of a new parrot has its number and its rate" {
	local number

	mkdir "$CONFIG/parrot/logged"
	read -r number <"$CONFIG/parrot/logged/dev"
	rmdir "$CONFIG/parrot/logged"
	log_has "^roulette logged: $number, frame rate 20\$"
}

unload_parrot() {
	[[ ! -d $AT_CONFIG ]] || rmdir "$AT_CONFIG"
	[[ ! -d /sys/module/parrot ]] || rmmod parrot
}

@test "the parameters frame_rate and default_device set up the default device" {
	local file log rate rates=(0 0.001 20.5 1000 max) parameters=/sys/module/parrot/parameters

	unload_parrot
	file=$(modinfo -n parrot)
	calls < <(
		for rate in "${rates[@]}"; do
			echo "load $file frame_rate=$rate"
			start_values "$CLASS/parrot" "$rate"
			echo "mkdir $AT_CONFIG"
			start_values "$AT_CONFIG" 20
			echo "text $parameters/frame_rate = $rate"
			echo "mode $parameters/frame_rate = -0444"
			echo "text $parameters/default_device = Y"
			echo "mode $parameters/default_device = -0444"
			echo "rmdir $AT_CONFIG"
			echo "unload parrot"
		done
	)
	log=$(kernel_log | sed -n 's/^roulette parrot: [0-9]*:[0-9]*, frame rate //p')
	[[ $log == "$(printf '%s\n' "${rates[@]}")" ]] || fail "logged: $log"

	modprobe parrot frame_rate=020.500 default_device=N
	[[ $(<$parameters/frame_rate) == 20.5 && $(<$parameters/default_device) == N ]]
	[[ ! -e /dev/parrot && ! -e $CLASS/parrot ]]
	mkdir "$CONFIG/parrot/parrot"
	[[ -c /dev/roulette/parrot && ! -e /dev/parrot && $(shown "$CLASS/parrot/frame_rate") == 20 ]]
	rmdir "$CONFIG/parrot/parrot"
}

@test "a load fails on an invalid parameter, and on a taken name of the default device" {
	local file log parameters rate

	unload_parrot
	file=$(modinfo -n parrot)
	calls < <(
		for rate in '' -1 +1 abc 1001 1000.001 0.0001 5. .5 1e3 MAX 18446744073709551636; do
			echo "load $file frame_rate=$rate = EINVAL"
		done
		echo "load $file default_device=maybe = EINVAL"
		echo "exists /sys/module/parrot = ENOENT"
		echo "exists /dev/parrot = ENOENT"
	)
	log=$(kernel_log)
	for rate in '' 1001 MAX; do
		[[ $log == *"parrot: parameter frame_rate=$rate: must be 0.001 to 1000 with up to three decimals, 0 for paused, or max"* ]] ||
			fail "the log does not explain frame_rate=$rate: $log"
	done
	[[ $log == *parrot*default_device* ]] || fail "default_device is not named in the log: $log"
	parameters=$(modinfo -p "$file")
	[[ $parameters == *frame_rate:* && $parameters == *default_device:* ]]

	mkdir "$CONFIG/roulette/parrot"
	calls <<<"load $file = EBUSY"
	log_has '^roulette parrot: a device with this name already exists.*default_device=N'
	calls <<<"load $file default_device=N"
}
