#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# roulettectl: list, show, get, set, create, delete, arm, disarm, reset, save, restore.
#
# seconds: 20

load guest

KNOBS=/sys/class/roulette/bond
BOND=/sys/kernel/config/roulette/roulette/bond
ARMED=/sys/module/roulette/parameters/armed

setup() {
	guest_setup
	modprobe roulette odds=0
	modprobe parrot
}

teardown() {
	unload_all && guest_teardown
}

# ends STATUS ARGUMENT...: roulettectl exits with STATUS. Sets output and stderr.
ends() {
	local want=$1 status=0

	output=$(roulettectl "${@:2}" 2>"$BATS_TEST_TMPDIR/stderr") || status=$?
	stderr=$(<"$BATS_TEST_TMPDIR/stderr")
	((status == want)) || fail "roulettectl ${*:2}: status $status, not $want: $output $stderr"
}

# fails STATUS TEXT ARGUMENT...: as ends, and the standard error contains TEXT, and a
# second line with advice unless TEXT ends with a newline.
fails() {
	ends "$1" "${@:3}"
	[[ $stderr == roulettectl*"${2%$'\n'}"* ]] || fail "$stderr"
	[[ $2 == *$'\n' || $stderr == *$'\n'?* ]] || fail "no advice: $stderr"
	[[ -z $output ]] || fail "$output"
}

# matches_schema FILE NAME: the JSON fits schemas/NAME.json. Other suites' guests lack the
# checker.
matches_schema() {
	command -v jsonschema >/dev/null || return 0
	jsonschema -i "$1" "$SUITE/schemas/$2.json" 2>"$BATS_TEST_TMPDIR/schema" ||
		fail "$(<"$1") $(<"$BATS_TEST_TMPDIR/schema")"
}

@test "list prints all devices, chosen columns, and JSON" {
	ends 0 create roulette bond odds=1/6 action=warn 'label=fire drill'
	ends 0 list
	[[ ${output%%$'\n'*} == 'NAME            TYPE     NODE                 ODDS ACTION LABEL      PULLS HITS ARMED' ]] || fail "$output"
	grep -qE '^bond +roulette /dev/roulette/bond +1/6 +warn +fire drill +0 +0 yes$' <<<"$output" || fail "$output"
	grep -qE '^parrot +parrot +/dev/parrot +- +- +- +- +- -$' <<<"$output" || fail "$output"
	ends 0 list -n -o odds,NAME
	[[ $(tr -s ' ' <<<"$output") == $'1/6 bond\n0 kernel-roulette\n- parrot' ]] || fail "$output"
	fails 2 "unknown column 'foo'" list -o name,foo
	roulettectl list --json >"$BATS_TEST_TMPDIR/list.json"
	matches_schema "$BATS_TEST_TMPDIR/list.json" list
	grep -q '"armed": true' "$BATS_TEST_TMPDIR/list.json"
}

@test "show and get print knobs" {
	ends 0 show kernel-roulette
	for knob in "$CLASS"/kernel-roulette/*; do
		[[ ! -f $knob || ${knob##*/} =~ ^(uevent|dev|type)$ ]] || grep -q "^${knob##*/} " <<<"$output" ||
			fail "$knob: $output"
	done
	[[ $output != *uevent* ]]
	# Each knob of a type has a meaning.
	ends 0 show --json kernel-roulette
	[[ $output != *'"meaning": null'* ]] || fail "$output"
	ends 0 show --json parrot
	[[ $output != *'"meaning": null'* ]] || fail "$output"
	echo "$output" >"$BATS_TEST_TMPDIR/show.json"
	matches_schema "$BATS_TEST_TMPDIR/show.json" show
	ends 0 get kernel-roulette odds action
	[[ $output == $'0\nbug' ]] || fail "$output"
	ends 0 get --json kernel-roulette odds label
	[[ $output == $'{\n  "odds": "0",\n  "label": ""\n}' ]] || fail "$output"
	fails 2 "has no knob 'ods'" get kernel-roulette ods
	fails 2 'write only' get kernel-roulette reset
	fails 2 "there is no device 'nobody'" show nobody
	fails 2 "there is no device '..'" show ..
	fails 2 'give one device' show
}

@test "create creates a device with its knobs, and the same call succeeds again" {
	ends 0 create roulette bond odds=1/100 times=007 seed=0XAB label=007
	[[ $output == /dev/roulette/bond && -c $output ]]
	[[ $(cat $KNOBS/{odds,times,seed,label}) == $'1\n7\n0xab\n007' ]]
	ends 0 create roulette bond odds=1 times=7 seed=171 label=007
	fails 2 'odds is 1' create roulette bond odds=2
	fails 2 'label is 007' create roulette bond label=7
	fails 2 'another type' create parrot bond
	ends 0 create parrot polly frame_rate=20.50
	ends 0 create parrot polly frame_rate=20.5
	[[ $(shown "$CLASS/polly/frame_rate") == 20.5 ]]
}

@test "a create that fails leaves nothing" {
	local name

	for name in '' . .. a/b -x 'a b' "$(printf 'a%.0s' {1..64})" "$(printf 'a%.0s' {1..300})"; do
		fails 2 'not a valid name' create roulette -- "$name"
	done
	fails 2 'refuses odds=101' create roulette bond times=1 odds=101
	fails 2 "no knob 'foo'" create roulette bond foo=1
	fails 2 'read only' create roulette bond hits=1
	fails 2 "'odds' is not a setting" create roulette bond odds
	fails 2 'given twice' create roulette bond odds=1 odds=1
	fails 2 'newline' create roulette bond $'label=a\nb'
	fails 2 "'coin' is not a type" create coin bond
	fails 2 'nothing.anim' create parrot bond animation=nothing
	[[ ! -e $KNOBS ]]
	# The call that loaded the module also unloads it.
	unload_all
	fails 2 'refuses odds=101' create roulette bond odds=101
	[[ ! -e /sys/module/roulette ]]
	ends 0 create roulette bond
	[[ $(ls "$CLASS") == bond ]] || fail 'the call created a default device'
	fails 2 'another type' create parrot bond
	[[ ! -e /sys/module/parrot ]]
}

@test "delete removes instances only" {
	mkdir "$BOND" "$CONFIG/parrot/polly"
	fails 2 'default device' delete bond kernel-roulette
	fails 2 "no device 'nobody'" delete bond nobody
	[[ -e $KNOBS ]]
	ends 0 delete bond polly bond
	[[ ! -e $KNOBS && ! -e $CLASS/polly ]]
}

@test "set sets all knobs, or none" {
	mkdir "$BOND"
	ends 0 set bond odds=1/6 times=3 action=warn context=softirq
	[[ $(cat $KNOBS/{odds,times,action,context}) == $'1/6\n3\nwarn\nsoftirq' ]]
	# No order of the knobs fits both calls.
	ends 0 set bond action=oom context=process
	ends 0 set bond context=softirq action=panic
	fails 2 'refuses seed=x' set bond odds=2/7 times=9 context=process action=oom reset=1 seed=x
	fails 2 "'2' is not valid" set bond seed=1 reset=2
	fails 2 'refuses times=-2' set bond label=new times=-2
	[[ $(cat $KNOBS/{odds,times,action,context,label}) == $'1/6\n3\npanic\nsoftirq' ]] ||
		fail "$(cat $KNOBS/{odds,times,action,context,label})"
}

# writes WANT ARGUMENT...: the command writes these values, in this order.
writes() {
	local calls=$BATS_TEST_TMPDIR/writes

	strace -qq -e trace=write -e signal=none -o "$calls" roulettectl "${@:2}" 2>/dev/null || true
	[[ $(grep -v '^write([12],' "$calls" | grep -oP '"\K[^"]*(?=\\n")' | xargs) == "$1" ]] || fail "$(<"$calls")"
}

@test "no pull can hit with half of the settings" {
	local words

	mkdir "$BOND"
	ends 0 set bond odds=1/6 action=panic
	writes '0 warn 2/7' set bond odds=2/7 action=warn
	writes '0 warn 3 2/7' set bond action=warn times=3
	writes '0 bug 0x7 1 1/2' set bond seed=0x7 odds=1/2 reset=1 action=bug
	writes 'warn' set bond action=warn
	writes '0 0 oops' set bond action=oops odds=0
	ends 0 set bond odds=1/2
	# Values that must not be tried are never written.
	for words in 'seed=bad odds=1/1' 'odds=1/1 seed=bad' 'odds=7/6 seed=1' 'seed=1 odds=101' \
		'odds=1/0 reset=1' 'odds=1/4294967296 seed=1' 'seed=0x odds=1/1' 'seed=18446744073709551616 odds=1/1' \
		'odds=+1 seed=1' 'odds=1/ seed=1' 'odds= seed=1'; do
		# shellcheck disable=SC2086 # settings
		fails 2 'refuses ' set bond $words
		# shellcheck disable=SC2086
		writes '' set bond $words
	done
	# A knob that only the kernel can check is written before the seed and the odds.
	writes '0 -2 0 1/2' set bond seed=1 times=-2 odds=1/1
	[[ $(cat $KNOBS/{odds,seed,times,pulls}) == $'1/2\n0x7\n3\n0' ]] || fail "$(cat $KNOBS/{odds,seed,times,pulls})"
	ends 0 set bond odds=0004/4294967295 seed=0XFFFFFFFFFFFFFFFF
	[[ $(cat $KNOBS/{odds,seed}) == $'4/4294967295\n0xffffffffffffffff' ]] || fail "$(cat $KNOBS/{odds,seed})"
}

@test "reset restarts the counts" {
	mkdir "$BOND"
	cat /dev/roulette/bond
	[[ $(shown $KNOBS/pulls) == 1 ]]
	ends 0 reset bond
	[[ $(shown $KNOBS/pulls) == 0 ]]
	fails 2 "has no knob 'reset'" reset parrot
}

@test "disarm cancels pending hits, and prints them" {
	mkdir "$BOND"
	ends 0 set bond odds=1/1 action=warn delay_ms=60000 label='fire drill'
	cat /dev/roulette/bond /dev/roulette/bond
	ends 0 disarm
	[[ $(sort <<<"$output") == 'roulette bond: pull 0: action warn is cancelled, armed was set to N, label "fire drill"
roulette bond: pull 1: action warn is cancelled, armed was set to N, label "fire drill"' ]] || fail "$output"
	[[ $(shown $ARMED) == N ]]
	ends 0 disarm
	[[ -z $output ]]
	ends 0 arm
	[[ $(shown $ARMED) == Y ]]
	fails 2 'one setting for all devices' disarm bond
}

# bats test_tags=slow
@test "save and restore keep devices and knobs, with odds 0 unless asked" {
	local file=$BATS_TEST_TMPDIR/devices.json

	ends 0 create roulette bond odds=1/6 action=warn times=3 label='fire drill' seed=0x7
	ends 0 create parrot polly frame_rate=7
	ends 0 set kernel-roulette odds=3 label=default
	ends 0 save "$file"
	matches_schema "$file" save
	unload_all
	ends 0 restore "$file"
	[[ $(cat $KNOBS/{odds,action,times,label,seed}) == $'0\nwarn\n3\nfire drill\n0x7' ]]
	[[ $(cat "$CLASS"/kernel-roulette/{odds,label} "$CLASS/polly/frame_rate") == $'0\ndefault\n7' ]]
	ends 0 restore --armed "$file"
	[[ $(cat $KNOBS/odds "$CLASS/kernel-roulette/odds") == $'1/6\n3' ]]
	ends 0 restore - <"$file"
	[[ $(shown $KNOBS/odds) == 0 ]]
	# Also if somebody has removed the odds from the file.
	ends 0 set kernel-roulette odds=3
	ends 0 restore - <<<'{"devices": [{"type": "roulette", "name": "kernel-roulette", "default": true, "knobs": {}}]}'
	[[ $(shown "$CLASS/kernel-roulette/odds") == 0 ]]
	ends 0 save
	[[ -s /etc/roulette/devices.json ]]
	rm -r /etc/roulette
	fails 2 'no regular file' save /dev/null
	[[ -c /dev/null ]]
}

@test "a restore that fails leaves no new device" {
	local file=$BATS_TEST_TMPDIR/devices.json json

	fails 2 'could not read' restore "$file"
	for json in '' '{' '[]' '{"devices": 1}' '{"devices": [1]}' \
		'{"devices": [{"type": "roulette", "name": "bond", "default": false}]}' \
		'{"devices": [{"type": "roulette", "name": "bond", "default": false, "knobs": {"odds": 1}}]}'; do
		echo "$json" >"$file"
		fails 2 "$file" restore "$file"
	done
	cat >"$file" <<-'END'
		{"devices": [{"type": "roulette", "name": "bond", "default": false, "knobs": {"label": "x"}},
			{"type": "roulette", "name": "goldeneye", "default": false, "knobs": {"times": "-2"}}]}
	END
	fails 2 'refuses times=-2' restore "$file"
	[[ ! -e $KNOBS && ! -e $CLASS/goldeneye ]]
}

@test "a restore that fails leaves existing devices and modules as they were" {
	local file=$BATS_TEST_TMPDIR/devices.json before

	mkdir "$BOND"
	ends 0 set bond odds=1/6 action=none seed=7 label=old
	ends 0 set kernel-roulette odds=3 label=old
	cat /dev/roulette/bond >"$BATS_TEST_TMPDIR/first"
	before=$(head -n 100 "$CLASS"/{bond,kernel-roulette}/{odds,action,label,seed,times,pulls})
	cat >"$file" <<-'END'
		{"devices": [
			{"type": "roulette", "name": "kernel-roulette", "default": true, "knobs": {"odds": "1/1", "label": "new"}},
			{"type": "roulette", "name": "bond", "default": false, "knobs":
				{"odds": "1/1", "label": "new", "action": "panic", "seed": "7", "times": "5"}},
			{"type": "roulette", "name": "goldeneye", "default": false, "knobs": {"times": "-2"}}]}
	END
	fails 2 'refuses times=-2' restore "$file"
	[[ $(head -n 100 "$CLASS"/{bond,kernel-roulette}/{odds,action,label,seed,times,pulls}) == "$before" ]] ||
		fail "$(head -n 100 "$CLASS"/{bond,kernel-roulette}/{odds,action,label,seed,times,pulls})"
	fails 2 'refuses times=-2' restore --armed "$file"
	[[ $(head -n 100 "$CLASS"/{bond,kernel-roulette}/{odds,action,label,seed,times,pulls}) == "$before" ]]
	# The sequence of the seed has not restarted.
	cat /dev/roulette/bond >"$BATS_TEST_TMPDIR/second"
	ends 0 reset bond
	[[ $(cat /dev/roulette/bond /dev/roulette/bond) == $(cat "$BATS_TEST_TMPDIR"/{first,second}) ]]
	unload_all
	fails 2 'refuses times=-2' restore "$file"
	[[ ! -e /sys/module/roulette ]]
}

@test "--version compares roulettectl, the loaded and the installed modules" {
	local version

	version=$(modinfo -F version roulette_core)
	ends 0 --version
	[[ $output == "roulettectl $version
loaded modules: $version
installed modules for kernel $(uname -r): $version" ]]
	echo 0.9.0 >"$BATS_TEST_TMPDIR/version"
	mount --bind "$BATS_TEST_TMPDIR/version" /sys/module/roulette_core/version
	ends 1 --version
	umount /sys/module/roulette_core/version
	[[ $output == *$'\nloaded modules: 0.9.0\n'* ]]
	[[ $stderr == *"the loaded modules are version 0.9.0, the installed ones $version"$'\n'* ]]
	unload_all
	ends 0 --version
	[[ $output == *$'\nloaded modules: none\n'* ]]
}

@test "errors give a remedy" {
	local module file=/run/modprobe.d/roulette.conf

	unload_all
	fails 3 'roulette_core is not loaded' list
	fails 3 'roulette_core is not loaded' show bond
	fails 3 'module roulette is not loaded' arm
	for module in '' parrot; do
		[[ -z $module ]] || modprobe $module
		ends 0 disarm
		[[ $stderr == 'roulettectl: the module roulette is not loaded, so nothing can fire' ]] || fail "$stderr"
	done
	fails 2 "'foo' is not a command" foo
	ends 2 list --foo
	[[ $stderr == "roulettectl list: unrecognized option '--foo'"$'\n'Usage:* ]] || fail "$stderr"
	# All lines of modprobe.
	mkdir -p ${file%/*}
	echo 'install roulette echo first >&2; echo second >&2; exit 1' >$file
	ends 3 create roulette other || { rm $file; false; }
	rm $file
	[[ $stderr == *'could not load the module: first; second; modprobe: '*$'\n'* ]] || fail "$stderr"
	# With the PATH of a user.
	PATH=/usr/bin:/bin /usr/sbin/roulettectl create roulette other
	unload_all
	modprobe roulette odds=0
	status=0
	roulettectl list >/dev/full || status=$?
	((status == 3))
	mkdir "$BOND"
	# As a user without rights, and with a module that lacks a knob.
	as_nobody() { setpriv --reuid 65534 --clear-groups roulettectl "$@"; }
	run as_nobody set bond odds=1
	[[ $status == 3 && $output == *'Permission denied'*'as root'* ]] || fail "$output"
	run as_nobody create roulette other
	[[ $status == 3 && $output == *'as root'* ]] || fail "$output"
	run as_nobody save
	[[ $status == 3 && $output == *'Permission denied'*'as root'* ]] || fail "$output"
	run as_nobody disarm
	[[ $status == 3 && $output == *'as root'* ]] || fail "$output"
	run as_nobody list
	[[ $status == 0 ]]
}

# The number of calls per device, not the time, so that a slow machine does not fail it.
# bats test_tags=slow
@test "list opens eight files per device, and show reads one directory" {
	local calls=$BATS_TEST_TMPDIR/calls

	# shellcheck disable=SC2046 # one word per directory
	mkdir $(printf "$CONFIG/roulette/i%d " {1..40})
	strace -f -e trace=%file -o "$calls" roulettectl list >"$BATS_TEST_TMPDIR/list"
	[[ $(wc -l <"$BATS_TEST_TMPDIR/list") == 43 ]]
	(($(wc -l <"$calls") < 8 * 42 + 60)) || fail "$(tail -n 30 "$calls")"
	strace -f -e trace=%file -o "$calls" roulettectl show i30 >/dev/null
	(($(grep -c '"/sys/class/roulette' "$calls") == 1)) || fail "$(<"$calls")"
}

# checked ARGUMENT...: valgrind finds no error. A call takes up to ten seconds, and a guest
# counts as hung after two minutes without the end of a test.
checked() {
	command -v valgrind >/dev/null || skip 'this guest has no valgrind'
	valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite roulettectl "$@" ||
		(($? != 99)) || fail "$*"
}

# bats test_tags=slow,full
@test "valgrind finds no error in list, create, set and show" {
	checked list
	checked list --json
	checked create roulette bond odds=1 action=warn
	checked create roulette bond odds=1
	checked set bond odds=2 times=-2
	checked show bond
}

# bats test_tags=slow,full
@test "valgrind finds no error in get, save, restore, disarm, arm and delete" {
	local file=$BATS_TEST_TMPDIR/devices.json

	mkdir "$BOND"
	checked get --json bond odds
	checked save "$file"
	checked restore "$file"
	checked disarm
	checked arm
	checked delete bond
}
