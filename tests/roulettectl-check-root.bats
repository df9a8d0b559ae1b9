#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# roulettectl check --root: machines of several distributions, good and broken, each with a
# few files.
#
# seconds: 6

# shellcheck disable=SC2030,SC2031 # each test sets its own output

load guest
load check-lines
load check-machines

debian() {
	kernel
	put /etc/os-release 'ID=debian'
	put /etc/default/kdump-tools '# a comment' 'USE_KDUMP=1' '#KDUMP_COREDIR="/elsewhere"' \
		'KDUMP_COREDIR="/srv/crash"'
	put /lib/systemd/system/kdump-tools.service '[Unit]'
	put /lib/systemd/system/systemd-pstore.service '[Unit]'
	put /lib/systemd/systemd-journald ''
	put /etc/systemd/journald.conf '[Journal]' '#Storage=auto'
	enable multi-user.target kdump-tools
	enable sysinit.target systemd-pstore
	mkdir -p "$R/var/log/journal"
}

@test "Debian: kdump-tools, ERST, and a lasting journal" {
	debian
	loads_crash_kernel
	has_erst
	sysctls kernel.panic=10 kernel.panic_on_oops=1
	check
	((status == 0)) || fail "$output"
	line ok "kdump memory" "192 MiB"
	line ok "kdump kernel" "is loaded"
	line ok "kdump service" "kdump-tools starts at boot"
	line ok "kdump target" "/srv/crash, * free"
	line ok "kdump notifiers" "crash_kexec_post_notifiers=N"
	line ok pstore "erst keeps the last 10240 bytes"
	line ok "pstore records" none
	line ok systemd-pstore "to /var/lib/systemd/pstore"
	line ok journal "survives a restart"
	check --action bug
	has "becomes a panic (panic_on_oops=1), restarts after the dump; recorded in journal, kdump; pstore stays empty"
	line no pstore "the crash kernel starts earlier"
	put /sys/module/kernel/parameters/crash_kexec_post_notifiers Y
	check --action bug
	has "recorded in journal, kdump, pstore"
}

@test "Debian, broken" {
	debian
	check
	((status == 1)) || fail "$output"
	line bad kernel.panic "0: nothing restarts"
	line bad "kdump memory" "none is reserved"
	line bad "kdump kernel" "no crash kernel is loaded"
	line warn pstore "no backend"
	put /proc/cmdline 'root=/dev/sda1 ro crashkernel=4G'
	put /etc/default/kdump-tools 'USE_KDUMP=0' 'SSH="kdump@192.0.2.7"'
	check
	line bad "kdump memory" "the kernel has reserved no memory"
	line bad "kdump service" "switched off by USE_KDUMP"
	line ok "kdump target" "ssh kdump@192.0.2.7"
	put /etc/default/kdump-tools 'USE_KDUMP=1'
	ln -s /dev/null "$R/etc/systemd/system/kdump-tools.service"
	check
	line bad "kdump service" "kdump-tools does not start at boot"
	line ok "kdump target" "/var/crash"
}

@test "a crash kernel of an unknown program promises no dump" {
	debian
	put /etc/default/kdump-tools 'USE_KDUMP=0'
	loads_crash_kernel
	check --action panic
	line bad "kdump service" "switched off by USE_KDUMP*; another program may have loaded the crash kernel"
	has "panics, only the crash kernel can restart the machine; recorded in journal; not known whether a dump is saved"
	line no kdump "the service kdump-tools is off: not known whether"
	put /etc/default/kdump-tools 'USE_KDUMP=1'
	check --action panic
	has "panics, restarts after the dump; recorded in journal, kdump"
	rm "$R/etc/default/kdump-tools"
	check --action panic
	line warn "kdump service" "none is known, but a crash kernel is loaded"
	line yes kdump "an unknown program has loaded a crash kernel; probably saves a dump in /var/crash"
}

@test "Debian: too little space, a short watchdog, old records, a small pstore" {
	debian
	loads_crash_kernel
	has_erst
	put /proc/meminfo 'MemTotal:   99999999999 kB'
	watchdog iTCO_wdt 10 active
	put /etc/systemd/system.conf.d/watchdog.conf '[Manager]' 'RuntimeWatchdogSec=20'
	put /sys/fs/pstore/dmesg-erst-1 panic
	put /sys/module/pstore/parameters/kmsg_bytes 2048
	check
	line bad "kdump target" "/srv/crash"
	line bad watchdog0 "fed by systemd (RuntimeWatchdogSec=20); it resets the crash kernel"
	line warn pstore "2048 bytes"
	line warn "pstore records" "1 in /sys/fs/pstore"
	put /proc/meminfo 'MemTotal:         512000 kB'
	check
	line ok "kdump target" free
	watchdog iTCO_wdt 25 active
	check
	line warn watchdog0 "25 s, active*; a dump may take longer"
	check --action panic
	line yes kdump "saves a dump in /srv/crash, unless the watchdog"
	watchdog iTCO_wdt 120 active
	check
	line ok watchdog0 "120 s, active"
	check --action hang --hang-time 0
	((status == 0)) || fail "$output"
	has "until the watchdog iTCO_wdt resets the machine"
	check --action hang --hang-time 150
	has "may reset the machine"
	watchdog iTCO_wdt 120 inactive
	check
	line warn watchdog0 inactive
	check --action hang --hang-time 0
	((status == 1)) || fail "$output"
	rm "$R/sys/class/watchdog/watchdog0/state"
	check
	line '?' watchdog0 "not known"
}

@test "Fedora: kdump.conf" {
	kernel
	loads_crash_kernel
	put /etc/os-release 'ID=fedora'
	put /etc/sysconfig/kdump 'KDUMP_COMMANDLINE_APPEND="irqpoll"'
	put /usr/lib/systemd/system/kdump.service '[Unit]'
	put /etc/kdump.conf $'path /bytes\xff\e[31m'
	check --json
	[[ $(iconv -f utf-8 <<<"$output") == *'/bytes\\xff\\x1b[31m, '* ]] || fail "$output"
	put /etc/kdump.conf '#path /no' 'path /var/dumps   # here' 'core_collector makedumpfile -l'
	put /usr/lib/systemd/journald.conf '[Journal]' 'Storage=volatile'
	put /usr/lib/systemd/systemd-journald ''
	check
	line ok "kdump target" "/var/dumps, "
	line bad "kdump service" "kdump does not start"
	line warn journal "in memory only (Storage=volatile)"
	enable multi-user.target kdump
	put /etc/systemd/journald.conf.d/50-keep.conf '[Journal]' 'Storage = persistent'
	check
	line ok "kdump service" "kdump starts at boot"
	line ok journal "survives a restart (Storage=persistent"
	put /run/systemd/journald.conf.d/60-late.conf '[Journal]' 'Storage=none'
	check
	line warn journal "keeps no journal"
	put /etc/systemd/journald.conf.d/60-late.conf '[Other]' 'Storage=none'
	check
	line ok journal "survives a restart"
	for target in 'ssh user@192.0.2.7' 'nfs 192.0.2.7:/dumps' 'raw /dev/sdb1' 'ext4 UUID=1-2'; do
		put /etc/kdump.conf "$target"
		check
		line ok "kdump target" "$target;"
	done
	put /etc/fstab 'UUID=1-2 /data ext4 defaults 0 2'
	check
	line ok "kdump target" "/data/var/crash, "
	check --action panic
	line yes kdump "saves a dump in /data/var/crash"
}

@test "SUSE: KDUMP_SAVEDIR" {
	kernel
	loads_crash_kernel
	put /etc/os-release 'ID="opensuse-leap"' 'ID_LIKE="suse opensuse"'
	put /etc/sysconfig/kdump 'KDUMP_SAVEDIR="file:///srv/dumps"'
	put /usr/lib/systemd/system/kdump.service '[Unit]'
	enable multi-user.target kdump
	check
	line ok "kdump target" "/srv/dumps, "
	line ok "kdump service" "kdump starts"
	put /etc/sysconfig/kdump 'KDUMP_SAVEDIR=/srv/others'
	check
	line ok "kdump target" "/srv/others, "
	put /etc/sysconfig/kdump 'KDUMP_SAVEDIR="sftp://user@192.0.2.7/dumps"'
	check
	line ok "kdump target" "sftp user@192.0.2.7/dumps"
	rm "$R/etc/sysconfig/kdump"
	put /sys/kernel/kexec_crash_loaded 0
	put /sys/kernel/kexec_crash_size 0
	check
	line warn "kdump memory" "not installed"
	has "zypper install kdump"
}

@test "Ubuntu without systemd's pstore, with netconsole and a serial line" {
	kernel
	put /etc/os-release 'ID=ubuntu' 'ID_LIKE=debian'
	has_erst
	put /proc/consoles 'ttyS0                -W- (EC p a)    4:64' 'netcon0              -W- (E  p  )'
	mkdir -p "$R/sys/module/netconsole"
	check
	has "apt install kdump-tools"
	line ok console "ttyS0; record"
	line '?' netconsole "kernels before 6.7"
	put /sys/kernel/config/netconsole/drill/enabled 0
	check
	line warn netconsole "none is enabled"
	put /sys/kernel/config/netconsole/drill/enabled 1
	put /sys/kernel/config/netconsole/drill/remote_ip 192.0.2.9
	put /sys/kernel/config/netconsole/drill/remote_port 6666
	check
	line ok netconsole "192.0.2.9:6666"
	line ok systemd-pstore "not installed"
	check --action panic
	has "recorded in pstore, netconsole, serial"
	line yes netconsole "192.0.2.9:6666"
}

@test "System V: services by the links of the runlevels" {
	kernel
	loads_crash_kernel
	put /etc/default/kdump-tools 'USE_KDUMP=1'
	put /etc/rc2.d/K01kdump-tools ''
	enable multi-user.target kdump-tools
	check
	line bad "kdump service" "does not start"
	line warn journal "neither journald nor a syslog daemon"
	put /etc/rc2.d/S03kdump-tools ''
	put /etc/rc2.d/S01rsyslog ''
	check
	line ok "kdump service" "starts at boot"
	line ok journal "rsyslog keeps the log"
}

@test "missing files are unknown, not off" {
	put /etc/default/kdump-tools 'USE_KDUMP=1'
	check
	((status == 0)) || fail "$output"
	line '?' kernel "not known"
	line '?' "kdump memory" "not known"
	line '?' "kdump kernel" "not known"
	line '?' "kdump service" "not known"
	line '?' pstore "not known"
	line '?' watchdog "not known"
	line '?' console "cannot be read"
	line '?' "Secure Boot" "not known"
	lacks "Forecast of each action"
	lacks "ready to fail"
	check --action panic
	((status == 3)) || fail "$output"
}

@test "symbolic links end in the tree, and nothing waits for a FIFO" {
	kernel
	put /etc/kdump.conf 'path /srv/linked'
	mkdir -p "$R/etc/default" "$R/etc/cron.d"
	ln -s /etc/real "$R/etc/default/kdump-tools"
	put /etc/real 'KDUMP_COREDIR=/srv/in-tree'
	echo 'KDUMP_COREDIR=/srv/outside' >"$BATS_TEST_TMPDIR/outside"
	rm "$R/proc/consoles"
	mkfifo "$R/proc/consoles" "$R/etc/cron.d/job"
	status=0
	output=$(timeout 10 roulettectl check --root "$R") || status=$?
	((status == 1)) || fail "$status: $output"
	has "/srv/in-tree, "
	line '?' console "cannot be read"
	ln -sf "$BATS_TEST_TMPDIR/outside" "$R/etc/default/kdump-tools"
	check
	lacks outside
	# Below a record's directory, too.
	mkdir -p "$R/var/lib" "$BATS_TEST_TMPDIR/roulette/drills"
	mkfifo "$BATS_TEST_TMPDIR/roulette/drills/drill-00000001.json"
	ln -s "$BATS_TEST_TMPDIR/roulette" "$R/var/lib/roulette"
	timeout 10 roulettectl history --root "$R"
	rm "$R/var/lib/roulette"
	mv "$BATS_TEST_TMPDIR/roulette" "$R/var/lib"
	timeout 10 roulettectl history --root "$R" 2>&1 | grep 'could not read the record'
}

@test "actions of a newer module are known by name" {
	kernel
	put /sys/class/roulette/new/available_actions none panic fire{1..20}
	sysctls kernel.panic=10
	put /proc/consoles 'ttyS0 -W- (EC p a) 4:64'
	check --action fire20
	((status == 0)) || fail "$output"
	has "may become a panic (this program is older than the action)"
	line no log "not certain"
	line yes serial ttyS0
}

@test "a panic that only the journal or a serial line has is no readiness" {
	kernel
	sysctls kernel.panic=-1
	put /etc/systemd/journald.conf '[Journal]' 'Storage=persistent'
	check
	((status == 0)) || fail "$output"
	line ok kernel.panic "-1: the machine restarts at once"
	line warn evidence "nothing has the message of a panic"
	lacks "ready to fail"
	put /proc/consoles 'ttySIF0 -W- (EC p a) 4:64'
	check
	line warn evidence "only the serial line"
	lacks "ready to fail"
	has_erst
	check
	lacks evidence
	has "This machine is ready to fail."
}

@test "a watchdog that no process has open" {
	kernel
	watchdog iTCO_wdt 60 active
	check
	line '?' watchdog0 "feeder not seen"
	put /etc/systemd/system.conf '[Manager]' 'RuntimeWatchdogSec=30'
	check
	line ok watchdog0 "fed by systemd"
	put /proc/7/comm watchd
	mkdir "$R/proc/7/fd"
	check
	line warn watchdog0 "no process has it open"
	ln -s /dev/watchdog "$R/proc/7/fd/3"
	check
	line ok watchdog0 "fed by watchd"
}

@test "lockdown, Secure Boot, and jobs that read devices" {
	kernel
	put /sys/kernel/security/lockdown 'none [integrity] confidentiality'
	mkdir -p "$R/sys/firmware/efi/efivars"
	printf '\6\0\0\0\1' >"$R/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
	put /etc/cron.daily/aide '#!/bin/sh' 'aide --check' '# borg create --read-special'
	put /etc/crontab '5 4 * * * root rsync -a / backup:/'
	check
	line warn lockdown "integrity: only signed modules"
	has "docs/signing.md"
	line ok "Secure Boot" on
	line ok "scheduled jobs" "none"
	put /etc/borgmatic/config.yaml 'location:' '    read_special: true'
	put /etc/cron.d/sums '0 1 * * * root file -s /dev/* >/root/files'
	check
	has "/etc/borgmatic/config.yaml: read_special: true"
	has "/etc/cron.d/sums: file -s"
	mkdir -p "$R/sys/module/roulette"
	check
	line ok lockdown "integrity"
	rmdir "$R/sys/module/roulette"
	put /sys/kernel/security/lockdown '[none] integrity confidentiality'
	put /sys/module/module/parameters/sig_enforce Y
	check
	line ok lockdown none
	line warn signatures "only signed modules load"
	has "docs/signing.md"
}
