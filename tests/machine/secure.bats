#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# A drill of a panic on Debian machines with Secure Boot: kdump-tools loads the crash kernel
# with its signature, and roulettectl proves the drill.
#
# seconds: 120
# bats file_tags=slow,full
#
# shellcheck disable=SC2016,SC2034,SC2154 # expanded in the machine; variables of machine.bash

load machine

setup() {
	MACHINE_OPTIONS=crashkernel=192M
}

# drill LOCKDOWN: run it in a machine with this lockdown.
drill() {
	export ROULETTE_FLAVOUR=$1
	life "grep -F '[$1]' /sys/kernel/security/lockdown || exit 1
		roulettectl check --action panic
		roulettectl drill --action panic --label 'ticket 4711' --delay 4 --yes" 600
	[[ $status == 70 ]]
	[[ $output == *'Secure Boot '*' on'* ]]
	[[ $output == *"lockdown "*"$1: only signed modules load"* ]]
	life 'roulettectl verify --last' 600
	[[ $status == 0 ]]
	grep -E '^kdump +found .*/var/crash/' <<<"$output"
	grep -E '^proven: seen by 2 of 2 collectors' <<<"$output"
}

@test "trixie: kdump-tools has a drill under lockdown=integrity" {
	SUITE=trixie
	drill integrity
}

@test "bookworm: kdump-tools has a drill under lockdown=confidentiality" {
	SUITE=bookworm
	drill confidentiality
}
