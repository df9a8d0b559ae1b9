#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The ways in which a life of a machine ends, and the state that it leaves.
#
# seconds: 60
# bats file_tags=slow,full
#
# shellcheck disable=SC2034,SC2154 # variables of machine.bash

load machine

@test "a life reports its end, and the next one has its disk" {
	SUITE=trixie MACHINE_DEVICES=watchdog
	life 'roulettectl --version || exit
		echo 1 >flushed; sync; echo 2 >lost
		power_cut'
	[[ $status == cut ]]
	life 'ls
		modprobe i6300esb heartbeat=4
		echo >/dev/watchdog
		sleep 60'
	[[ $output == flushed ]]
	[[ $status == 73 ]]
	life 'systemctl is-system-running; ls /var/crash; exit 3'
	[[ $status == 3 ]]
}

@test "a life that hangs is cut after its limit" {
	SUITE=trixie
	life 'echo begun; sleep 600' 60
	[[ $status == 71 && $output == begun ]]
}
