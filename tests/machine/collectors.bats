#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# After a panic and a restart, the packaged collectors of a Debian machine have the label.
#
# seconds: 170
# bats file_tags=slow,full
#
# shellcheck disable=SC2016,SC2034,SC2154 # expanded in the machine; variables of machine.bash

load machine

LABEL='label "drill 4711"'

# The journal has no line of the panic, because journald did not run again. It has lines of
# an earlier hit if they are on the disk. journald synchronizes every five minutes; without
# sync, the lines were lost. The boot of the crash kernel is one more boot in the journal.
kdump() {
	SUITE=$1 MACHINE_OPTIONS=crashkernel=192M MACHINE_DEVICES='erst net'
	life "$PULL $NETCONSOLE"'
		read -r loaded </sys/kernel/kexec_crash_loaded
		[[ $loaded == 1 ]] || exit 1
		pull warn "a survivor"
		sync
		pull panic'
	[[ $status == 70 ]]
	grep -F "action panic, $LABEL" <<<"$netconsole"
	life 'set -e
		cat /var/crash/*/dmesg.*
		stat -c "dump of %s bytes" /var/crash/*/dump.*
		ls /sys/fs/pstore
		journalctl -q -k -b -2 | grep "label \"a survivor\""
		journalctl -q -k -b -1 | grep "Kernel command line: .*kdump-tools-dump.service"'
	[[ $status == 0 ]]
	grep -F "action panic, $LABEL" <<<"$output"
	grep -E '^dump of [0-9]{8,} bytes$' <<<"$output"
	grep -E '^[A-Z][a-z]{2} .* machine kernel: .* label "a survivor"$' <<<"$output"
}

# pstore ID: the file has the panic of the last life, and systemd-pstore emptied pstore.
pstore() {
	life '[[ -z $(ls /sys/fs/pstore) ]] && cat '"/var/lib/systemd/pstore/$1"
	[[ $status == 0 ]]
	grep -F "action panic, $LABEL" <<<"$output"
}

erst() {
	SUITE=$1 MACHINE_OPTIONS=panic=1 MACHINE_DEVICES=erst
	life "$PULL pull panic"
	[[ $status == 70 ]]
	pstore '*/dmesg.txt'
}

# Debian's systemd-pstore.service waits for no driver but efi_pstore. With modules-load.d
# alone, ramoops is loaded too late, and its records stay in /sys/fs/pstore.
ramoops() {
	SUITE=$1 MACHINE_OPTIONS='panic=1 memmap=1M$0x10000000' MACHINE_DEVICES=memory
	life "$PULL"'
		mkdir /etc/systemd/system/systemd-pstore.service.d
		cat >/etc/systemd/system/systemd-pstore.service.d/ramoops.conf <<-END
			[Unit]
			Wants=modprobe@ramoops.service
			After=modprobe@ramoops.service
		END
		echo options ramoops mem_address=0x10000000 mem_size=0x100000 record_size=0x20000 >/etc/modprobe.d/ramoops.conf
		sync
		modprobe ramoops
		pull panic'
	[[ $status == 70 ]]
	pstore 'dmesg-ramoops-0'
}

@test "trixie: kdump-tools, the journal and netconsole" {
	kdump trixie
}

@test "bookworm: kdump-tools, the journal and netconsole" {
	kdump bookworm
}

@test "trixie: systemd-pstore with ERST" {
	erst trixie
}

@test "bookworm: systemd-pstore with ERST" {
	erst bookworm
}

@test "trixie: systemd-pstore with ramoops" {
	ramoops trixie
}

@test "bookworm: systemd-pstore with ramoops" {
	ramoops bookworm
}
