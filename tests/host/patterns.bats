#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# tests/vm/patterns.sed, which `tests/vm/texts record` applies to the kernels' messages.
#
# seconds: 1

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
}

# pattern LINE: the regular expression for this line of a log
pattern() {
	sed -E -f tests/vm/patterns.sed <<<"$1"
}

@test "the path of each file of actions becomes a pattern for any build" {
	local file name path

	for file in devices/roulette/actions/*.c; do
		name=${file##*/}
		for path in "$file" "/build/src/$file"; do
			[[ $(pattern "kernel BUG at $path:44!") == "kernel BUG at .*/roulette/actions/${name%.c}\\.c:[0-9]+!" ]]
		done
	done
}

@test "a pattern matches its own line, and the line of another machine" {
	local line='WARNING: CPU: 1 PID: 101 at /build/src/devices/roulette/actions/crash.c:16 roulette_warn+0x34/0x40 [roulette]'

	[[ $line =~ ^$(pattern "$line")$ ]]
	[[ 'WARNING: CPU: 12 PID: 4711 at /home/me/roulette/actions/crash.c:9 roulette_warn+0x3a/0x4f [roulette]' =~ ^$(pattern "$line")$ ]]
	[[ ! ${line/roulette_warn/roulette_oops} =~ ^$(pattern "$line")$ ]]
}
