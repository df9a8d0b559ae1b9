#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# roulettectl check, drill, the restart, and roulettectl verify, on Debian machines with
# packaged collectors. Some machines have a wrong setup.
#
# seconds: 240
# bats file_tags=slow
#
# shellcheck disable=SC2016 # expanded by a shell in the machine
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # variables of machine.bash, per test

load machine

DRILL='roulettectl drill --action panic --label "ticket 4711" --delay 4 --yes'

# Nothing of a drill is loaded or armed after a restart.
SAFE='[ ! -e /sys/module/roulette ] && [ ! -e /run/roulettectl.drill ]'

NETWORK='until [ -e /sys/class/net/eth0 ]; do sleep 0.1; done
	modprobe netconsole && mkdir /sys/kernel/config/netconsole/drill
	cd /sys/kernel/config/netconsole/drill
	echo eth0 >dev_name; echo 10.0.2.15 >local_ip; echo 10.0.2.2 >remote_ip
	echo 52:55:0a:00:02:02 >remote_mac
	until echo 1 >enabled; do sleep 0.1; done 2>/dev/null'

# Debian's systemd-pstore does not wait for ramoops.
RAMOOPS='mkdir /etc/systemd/system/systemd-pstore.service.d
	printf "[Unit]\nWants=modprobe@ramoops.service\nAfter=modprobe@ramoops.service\n" \
		>/etc/systemd/system/systemd-pstore.service.d/ramoops.conf
	echo options ramoops mem_address=0x10000000 mem_size=0x100000 record_size=0x20000 \
		>/etc/modprobe.d/ramoops.conf
	sync; modprobe ramoops'

# says REGEX: the last life printed a line that matches.
says() {
	grep -E "$1" <<<"$output" || fail "no line matches $1"
}

fail() {
	echo "$1"
	return 1
}

kdump() {
	SUITE=$1 MACHINE_OPTIONS=crashkernel=192M MACHINE_DEVICES='erst net'
	life "$NETWORK
		roulettectl check --action panic || exit
		$DRILL"
	[[ $status == 70 ]]
	says '^panic: .*kdump'
	grep -F 'action panic, ' <<<"$netconsole" | grep -F ' ticket 4711"'
	printf -v received %q "$netconsole"
	life "set -e; $SAFE; echo $received >/tmp/netconsole"'
		roulettectl verify --last --netconsole /tmp/netconsole
		roulettectl status; roulettectl history'
	[[ $status == 0 ]]
	says '^kdump +found .*/var/crash/'
	says '^journal +found'
	says '^netconsole +found'
	says '^pstore +not expected'
	says '^panic +proven'
}

# bats test_tags=full
@test "trixie: kdump-tools, the journal and netconsole have a drill" {
	kdump trixie
}

@test "bookworm: kdump-tools, the journal and netconsole have a drill" {
	kdump bookworm
}

# pstore SUITE OPTIONS DEVICES SETUP
pstore() {
	SUITE=$1 MACHINE_OPTIONS="panic=1 $2" MACHINE_DEVICES=$3
	life "$4
		roulettectl check --action panic || exit
		$DRILL"
	[[ $status == 70 ]]
	life "set -e; $SAFE"'
		roulettectl verify
		roulettectl status'
	[[ $status == 0 ]]
	says '^pstore +found .*/var/lib/systemd/pstore/'
	says '^kdump +not expected'
	says '^panic +proven'
}

# bats test_tags=full
@test "trixie: systemd-pstore has a drill, with ERST" {
	pstore trixie '' erst ''
}

@test "bookworm: systemd-pstore has a drill, with ERST" {
	pstore bookworm '' erst ''
}

# bats test_tags=full
@test "trixie: systemd-pstore has a drill, with ramoops" {
	pstore trixie 'memmap=1M$0x10000000' memory "$RAMOOPS"
}

@test "bookworm: systemd-pstore has a drill, with ramoops" {
	pstore bookworm 'memmap=1M$0x10000000' memory "$RAMOOPS"
}

@test "check reports a missing crashkernel, a missing restart and a volatile journal" {
	SUITE=trixie MACHINE_OPTIONS='' MACHINE_DEVICES=''
	life 'mkdir -p /etc/systemd/journald.conf.d
		printf "[Journal]\nStorage=volatile\n" >/etc/systemd/journald.conf.d/50.conf
		roulettectl check --action panic; echo "status $?"
		roulettectl drill --action panic --dry-run'
	says '^(bad|warn) +kdump memory +none is reserved'
	says '^bad +kernel.panic '
	says '^(bad|warn) +journal +.*volatile'
	says '^status 1$'
	says 'WARNING +nothing restarts this machine'
}

@test "check reports a full disk, and verify its incomplete dump" {
	SUITE=trixie MACHINE_OPTIONS=crashkernel=192M MACHINE_DEVICES=''
	life 'truncate -s 24M /disk && mkfs.ext4 -q -m 0 -O ^has_journal /disk
		echo "/disk /var/crash ext4 loop 0 0" >>/etc/fstab
		mount /var/crash && sync
		roulettectl check --action panic; echo "check $?"
		'"$DRILL"
	[[ $status == 70 ]]
	says '^(bad|warn) +kdump target +.*/var/crash'
	life "$SAFE"'
		ls -l /var/crash/*
		roulettectl verify --last; echo "verify $?"
		roulettectl status'
	says '^kdump +(incomplete|missing)'
	says '^verify 1$'
	says '^panic +unproven'
}

@test "check reports a small kmsg_bytes, and the record still has the last hit" {
	SUITE=trixie MACHINE_OPTIONS='panic=1 pstore.kmsg_bytes=200' MACHINE_DEVICES=erst
	life "roulettectl check --action panic
		$DRILL"
	[[ $status == 70 ]]
	says '^warn +pstore +.*200 bytes'
	life "$SAFE"'
		roulettectl verify --last'
	[[ $status == 0 ]]
	says '^pstore +found'
}

@test "check reports a watchdog that is shorter than the dump, and the watchdog cuts the dump" {
	SUITE=trixie MACHINE_OPTIONS=crashkernel=192M MACHINE_DEVICES=watchdog
	life 'modprobe -r i6300esb
		modprobe i6300esb heartbeat=8
		(exec 9>/dev/watchdog; while sleep 1; do echo >&9; done) &
		sleep 1
		roulettectl check --action panic; echo "check $?"
		'"$DRILL"
	[[ $status == 7[03] ]]
	says '^(bad|warn) +watchdog0 +.*8 s'
	says '^panic: .*kdump saves nothing'
	life "$SAFE"'
		ls /var/crash/*; roulettectl verify --last; echo "verify $?"'
	says '^kdump +(incomplete|not expected) '
}

@test "a power cut after the record leaves the record, and no armed device" {
	SUITE=bookworm MACHINE_OPTIONS='' MACHINE_DEVICES=''
	life 'roulettectl drill --action panic --delay 60 --yes >/dev/null 2>&1 &
		until ls /var/lib/roulette/drills/drill-*.json; do sleep 0.01; done
		power_cut'
	[[ $status == cut ]]
	life "$SAFE && "'roulettectl history --json
		roulettectl list; echo "list $?"'
	says '"id": "drill-'
	says '^list 3$'
}
