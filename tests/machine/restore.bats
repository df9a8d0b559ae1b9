#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# roulettectl-restore.service, on a Debian machine.
#
# seconds: 30
# bats file_tags=slow
#
# shellcheck disable=SC2016,SC2034,SC2154 # expanded in the machine; variables of machine.bash

load machine

@test "the unit restores the saved devices at the next boot, with odds 0" {
	SUITE=trixie MACHINE_OPTIONS='' MACHINE_DEVICES=''
	life 'set -e
		modprobe roulette odds=7
		roulettectl create roulette bond odds=1/6 action=warn "label=fire drill"
		roulettectl create parrot polly frame_rate=7
		roulettectl save
		systemctl is-enabled roulettectl-restore && exit 1
		systemctl enable --quiet roulettectl-restore'
	[[ $status == 0 ]]
	life 'set -e
		unit() { systemctl show --property=ActiveState,Result,ConditionResult roulettectl-restore | sort | xargs; }
		unit
		roulettectl list --noheadings -o name,odds,action,label | sed "s, *$,,; s, \+, ,g"
		roulettectl get polly frame_rate
		roulettectl set bond odds=1/6
		echo { >/etc/roulette/devices.json
		systemctl restart roulettectl-restore || unit
		journalctl --boot --unit=roulettectl-restore --output=cat | grep "^roulettectl: "
		roulettectl get bond odds
		rm /etc/roulette/devices.json
		systemctl reset-failed roulettectl-restore
		systemctl restart roulettectl-restore
		unit'
	[[ $status == 0 ]]
	diff - <<<"$output" <(cat <<-'END'
		ActiveState=active ConditionResult=yes Result=success
		bond 0 warn fire drill
		kernel-roulette 0 bug
		polly - - -
		7
		Job for roulettectl-restore.service failed because the control process exited with error code.
		See "systemctl status roulettectl-restore.service" and "journalctl -xeu roulettectl-restore.service" for details.
		ActiveState=failed ConditionResult=yes Result=exit-code
		roulettectl: /etc/roulette/devices.json is not valid: it has no devices
		1/6
		ActiveState=inactive ConditionResult=no Result=success
	END
	)
}
