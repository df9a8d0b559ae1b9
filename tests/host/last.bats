#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# A panic repeats the machine's last hit in a line at the end of the log, if the hit was
# within the last ten minutes. Action none and cancelled hits do not count. The guest's
# clock counts instructions (see tests/vm/boot), so ten idle minutes pass at once.
#
# seconds: 40
# bats file_tags=slow
#
# shellcheck disable=SC2016 # expanded by a shell in the guest

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	unset MAKEFLAGS MFLAGS MAKELEVEL ROULETTE_CMD ROULETTE_FILTER TIMEOUT
}

# panics COMMANDS: run them in a guest and then panic. Sets $output to the console.
panics() {
	run env ROULETTE_ICOUNT=1 ROULETTE_CMD='
		set -e
		cd /sys/class/roulette/kernel-roulette
		echo 1/1 >odds
		echo fire-drill >label
		hit() {
			echo "$1" >action
			cat /dev/kernel-roulette
		}
		'"$1"'
		echo c >/proc/sysrq-trigger' tests/vm/play
	echo "$output"
	[[ $status == 70 ]]
	grep -F 'Kernel panic - not syncing: sysrq triggered crash' <<<"$output"
}

# seconds_between: print the seconds from the line of the hit to the panic, by the guest's
# clock.
seconds_between() {
	awk '/: bang: / || /Kernel panic/ { sub(/^\[ */, ""); last = $1 - from; from = $1 } END { print int(last) }' <<<"$output"
}

@test "a panic 590 seconds later repeats the last hit, as our last line" {
	panics 'hit warn; hit warn; sleep 590'
	(($(seconds_between) >= 590 && $(seconds_between) < 600))
	grep -E 'roulette: last hit 59[0-9] s ago: kernel-roulette pull 1, action warn, label "fire-drill"$' <<<"$output"
	(($(grep -c 'last hit' <<<"$output") == 1))
	[[ $(grep -F roulette <<<"$output" | tail -n 1) == "kernel-roulette: the guest panicked." ]]
	[[ $(grep -F roulette <<<"$output" | tail -n 2 | head -n 1) == *': last hit '* ]]
}

@test "a panic does not repeat a hit 610 seconds old, action none, or a cancelled hit" {
	panics 'hit warn
		sleep 610
		hit none
		echo 60000 >delay_ms
		hit warn
		echo N >/sys/module/roulette/parameters/armed
		until dmesg | grep "is cancelled"; do sleep 0.1; done'
	(($(seconds_between) >= 610))
	grep -F ': bang: pull 0' <<<"$output"
	grep -F 'action warn is cancelled, armed was set to N, label "fire-drill"' <<<"$output"
	if grep -F 'last hit' <<<"$output"; then return 1; fi
}
