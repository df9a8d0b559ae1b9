#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# roulettectl check --root: machines of several distributions, good and broken, each with a
# few files. The forecasts agree with tests/drill/drills.tsv.
#
# seconds: 10

# shellcheck disable=SC2030,SC2031 # each test sets its own output

load guest

setup_file() {
	R=$BATS_FILE_TMPDIR/kernel
	new_kernel
}

setup() {
	guest_setup
	R=$BATS_TEST_TMPDIR/root
	mkdir "$R"
}

# put PATH TEXT...: write a file of the machine, a line for each TEXT.
put() {
	[[ -d $R${1%/*} ]] || mkdir -p "$R${1%/*}"
	printf '%s\n' "${@:2}" >"$R$1"
}

# enable TARGET UNIT: as systemctl enable does.
enable() {
	mkdir -p "$R/etc/systemd/system/$1.wants"
	ln -s "/lib/systemd/system/$2.service" "$R/etc/systemd/system/$1.wants/$2.service"
}

# sysctls NAME=VALUE...: with dots in the name.
sysctls() {
	local setting name

	for setting; do
		name=${setting%%=*}
		put "/proc/sys/${name//.//}" "${setting#*=}"
	done
}

# A machine as its kernel starts it.
kernel() {
	cp -rT "$BATS_FILE_TMPDIR/kernel" "$R"
}

new_kernel() {
	sysctls kernel.panic=0 kernel.panic_on_oops=0 kernel.panic_on_warn=0 \
		kernel.softlockup_panic=0 kernel.hardlockup_panic=0 kernel.hung_task_panic=0 \
		kernel.panic_on_rcu_stall=0 vm.panic_on_oom=0 kernel.oops_limit=10000 \
		kernel.warn_limit=0 kernel.tainted=0 kernel.soft_watchdog=1 \
		kernel.nmi_watchdog=0 kernel.watchdog_thresh=10 kernel.arch=x86_64 \
		kernel.hung_task_timeout_secs=120 kernel.hung_task_check_interval_secs=0 \
		kernel.printk='7 4 1 7' kernel.osrelease=6.12.0
	put /sys/module/rcupdate/parameters/rcu_cpu_stall_timeout 21
	put /sys/devices/system/cpu/online 0-1
	put /sys/kernel/kexec_crash_size 0
	put /sys/kernel/kexec_crash_loaded 0
	put /sys/module/kernel/parameters/crash_kexec_post_notifiers N
	put /sys/module/pstore/parameters/backend '(null)'
	put /proc/meminfo 'MemTotal:         512000 kB'
	put /proc/cmdline 'root=/dev/sda1 ro'
	put /proc/mounts 'sysfs /sys sysfs rw 0 0'
	put /proc/consoles 'tty0                 -WU (EC p  )    4:7'
	mkdir -p "$R/sys/class/watchdog"
}

loads_crash_kernel() {
	put /sys/kernel/kexec_crash_size 201326592
	put /sys/kernel/kexec_crash_loaded 1
}

watchdog() {
	put /sys/class/watchdog/watchdog0/identity "$1"
	put /sys/class/watchdog/watchdog0/timeout "$2"
	put /sys/class/watchdog/watchdog0/state "$3"
}

has_erst() {
	put /sys/module/pstore/parameters/backend erst
	put /sys/module/pstore/parameters/kmsg_bytes 10240
	put /proc/mounts 'pstore /sys/fs/pstore pstore rw 0 0'
	mkdir -p "$R/sys/fs/pstore"
}

# check ARGUMENT...: sets output and status.
check() {
	status=0
	output=$(roulettectl check --root "$R" "$@" 2>&1) || status=$?
}

# line STATE NAME TEXT: the output has this line; TEXT is a pattern of bash.
line() {
	local found

	while read -r found; do
		[[ $found == "$1 "* && $found == *" $2 "*$3* ]] && return
	done <<<"$output"
	fail "no line '$1 $2 $3' in: $output"
}

has() {
	[[ $output == *"$1"* ]] || fail "no '$1' in: $output"
}

lacks() {
	[[ $output != *"$1"* ]] || fail "'$1' in: $output"
}

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
}

# foresees STATUS TEXT ARGUMENT...: the forecast has TEXT.
foresees() {
	check --action "${@:3}"
	((status == $1)) || fail "status $status, not $1: $output"
	has "$3: $2"
}

@test "the time of a lockup decides whether a detector reports it" {
	kernel
	sysctls kernel.panic=10 kernel.softlockup_panic=1 kernel.hung_task_panic=1
	put /proc/consoles 'ttyS0 -W- (EC p a) 4:64'
	foresees 0 "blocks a CPU for 10 s, too short for a detector (over 21 s)" soft_lockup --hang-time 10
	foresees 0 "blocks a CPU for 46 s, RCU reports it after 21 s" soft_lockup --hang-time 46
	foresees 0 "becomes a panic (softlockup_panic=1), restarts in 10 s" soft_lockup --hang-time 47
	foresees 0 "becomes a panic (softlockup_panic=1)" soft_lockup --hang-time 0
	foresees 0 "blocks a CPU for 90 s, RCU reports it after 21 s" rcu_stall --hang-time 90
	foresees 0 "blocks all CPUs for 20 s, too short" hang --hang-time 20
	foresees 0 "may become a panic (softlockup_panic=1)" hang --hang-time 30
	foresees 0 "blocks the reader for 120 s, too short for its detector (over 240 s)" hung_task --hang-time 120
	has_erst
	foresees 0 "may become a panic (hung_task_panic=1)" hung_task --hang-time 121
	line no pstore "not certain"
	line yes serial "ttyS0"
	foresees 0 "becomes a panic (hung_task_panic=1)" hung_task --hang-time 241
	line yes pstore "backend erst"
	sysctls kernel.tainted=128
	foresees 0 "blocks the reader for 241 s, its detector is silent after an oops" hung_task --hang-time 241
	sysctls kernel.softlockup_panic=0 kernel.panic_on_rcu_stall=1 kernel.max_rcu_stall_to_panic=2
	foresees 0 "blocks a CPU for 84 s" rcu_stall --hang-time 84
	foresees 0 "becomes a panic (panic_on_rcu_stall=1)" rcu_stall --hang-time 85
}

@test "without detectors the machine does not survive a lockup for ever" {
	kernel
	sysctls kernel.panic=10 kernel.hardlockup_panic=1
	foresees 1 "blocks a CPU for ever (hang_time=0), nothing restarts" hard_lockup --hang-time 0
	watchdog iTCO_wdt 60 active
	foresees 1 "blocks a CPU for ever" hard_lockup --hang-time 0
	put /sys/devices/system/cpu/online 0
	put /etc/systemd/journald.conf '[Journal]' 'Storage=persistent'
	foresees 0 "hangs all CPUs until the watchdog iTCO_wdt resets" hard_lockup --hang-time 0
	put /sys/class/watchdog/watchdog0/identity 'Software Watchdog'
	foresees 1 "blocks a CPU for ever" hard_lockup --hang-time 0
	sysctls kernel.nmi_watchdog=1
	put /sys/devices/system/cpu/online 0-3
	foresees 0 "becomes a panic (hardlockup_panic=1)" hard_lockup --hang-time 0
	foresees 1 "blocks all CPUs for ever" hang --hang-time 0
	put /boot/config-6.12.0 '#' 'CONFIG_HARDLOCKUP_DETECTOR_PERF=y'
	foresees 0 "becomes a panic (hardlockup_panic=1)" hang --hang-time 0
}

@test "the settings decide which oops panics, and which one pstore records" {
	kernel
	sysctls kernel.panic=10 kernel.oops_limit=4
	put /sys/kernel/oops_count 2
	has_erst
	loads_crash_kernel
	foresees 0 "kills the reader, the machine continues; recorded in log, pstore" oops
	put /sys/kernel/oops_count 3
	foresees 0 "becomes a panic (oops_limit=4), restarts after the dump; recorded in kdump, pstore" oops
	foresees 0 "becomes a panic (context softirq), restarts after the dump; recorded in kdump; pstore" bug --context softirq
	sysctls kernel.oops_limit=0 kernel.arch=riscv64
	foresees 0 "kills the reader" oops
	foresees 0 "becomes a panic (riscv64 treats BUG() as an interrupt)" bug
	put /sys/module/ramoops/parameters/max_reason 1
	foresees 0 "kills the reader, the machine continues; recorded in log" oops
	line no pstore "only after a panic (ramoops.max_reason=1)"
	put /proc/cmdline 'ro panic_on_taint=0x80,nousertaint'
	foresees 0 "becomes a panic (panic_on_taint=0x80)" oops
	line warn panic_on_taint "a failure that sets"
	sysctls vm.panic_on_oom=1
	mkdir -p "$R/var/log/journal"
	foresees 0 "becomes a panic (vm.panic_on_oom=1)" oom
	line no journal "no delay"
}

# machine SETUP SETTING...: a machine of tests/drill/setups.bash, with these settings.
machine() {
	local setting

	rm -rf "$R"
	kernel
	sysctls kernel.panic=-1
	put /proc/consoles 'ttyS0                -W- (EC p a)    4:64'
	case $1 in
	plain | kdump | together | notifiers)
		put /sys/kernel/config/netconsole/cmdline0/enabled 1
		put /sys/kernel/config/netconsole/cmdline0/remote_ip 10.0.2.2
		put /sys/kernel/config/netconsole/cmdline0/remote_port 6666
		;;
	esac
	case $1 in
	plain | cpus | together | notifiers) has_erst ;;
	ramoops | cpus-ramoops) put /sys/module/pstore/parameters/backend ramoops ;;
	esac
	case $1 in
	watchdog | restarts) watchdog 'i6300ESB timer' 4 active ;;
	kdump-watchdog) watchdog 'i6300ESB timer' 3 active ;;
	lockup)
		put /boot/config-6.12.0 '#' 'CONFIG_HARDLOCKUP_DETECTOR_BUDDY=y'
		sysctls kernel.nmi_watchdog=1
		;;
	esac
	case $1 in
	watchdog | kdump-watchdog) sysctls kernel.panic=0 ;;
	esac
	case $1 in
	kdump | kdump-watchdog | together | notifiers) loads_crash_kernel ;;
	esac
	[[ $1 != notifiers ]] || put /sys/module/kernel/parameters/crash_kexec_post_notifiers Y
	for setting in "${@:2}"; do
		case $setting in
		/*) put "${setting%%=*}" "${setting#*=}" ;;
		*=*) sysctls "$setting" ;;
		esac
	done
}

# Words of a forecast: the watchdog ends the lockup, or a detector reports it or panics.
declare -gA SAYS=(
	[i6300esb]='watchdog i6300ESB timer'
	[softlockup]='soft lockups reports|softlockup_panic'
	[hungtask]='its detector reports|hung_task_panic'
	[rcustall]='RCU reports|panic_on_rcu_stall'
	[hardlockup]='hard lockups reports|hardlockup_panic'
)

# agree DRILL COLLECTOR FIELD: the forecast in output agrees with a cell of the table.
agree() {
	local collector=$2 found want=no has=no

	[[ $3 != + ]] || want=yes
	case $collector in
	erst | systemd-pstore | ramoops) collector=pstore ;;
	esac
	while read -r found; do
		if [[ -n ${SAYS[$collector]:-} ]]; then
			[[ $found =~ ^[a-z_]+:.*(${SAYS[$collector]}) ]] && has=yes
		else
			[[ $found =~ ^yes\ +$collector\  ]] && has=yes
		fi
	done <<<"$output"
	[[ $has == "$want" ]] || fail "$1: the table has $2 $3, but: $output"
}

# bats test_tags=slow
@test "the forecasts agree with the measured drills" {
	local fields columns=() i drill setup hang_time last cells=0

	declare -A setup_of=(
		[-/ramoops]=ramoops [-/kdump]=kdump [-/i6300esb]=watchdog
		[cpus/ramoops]=cpus-ramoops
	)
	while IFS=$'\t' read -ra fields; do
		[[ ${fields[0]} != '# drill' ]] || columns=("${fields[@]}")
		[[ ${fields[0]} != '#'* ]] || continue
		drill=${fields[0]} last=''
		hang_time=${fields[4]##*hang_time=}
		[[ ${fields[4]} == *hang_time=* ]] || hang_time=30
		for i in "${!columns[@]}"; do
			((i >= 7)) || continue
			# The forecast omits pvpanic, crash and NMIs.
			[[ ${columns[i]} != @(pvpanic|crash|i6300esb-nmi) ]] || continue
			[[ ${fields[i]} != . ]] || continue
			# The evidence there is the line of the panic, not of the hit.
			[[ ${columns[i]}/${fields[i]} != @(serial|netconsole)/kexec-first ]] || continue
			setup=${setup_of[${fields[1]}/${columns[i]}]:-${fields[1]}}
			[[ $setup != - ]] || setup=plain
			if [[ $setup != "$last" ]]; then
				# shellcheck disable=SC2086 # settings are separate words
				machine "$setup" ${fields[4]}
				check --action "${drill%@*}" --hang-time "$hang_time"
				((status == 0)) || fail "$drill in $setup: $output"
				last=$setup
			fi
			agree "$drill" "${columns[i]}" "${fields[i]}"
			((++cells))
		done
	done <"$SUITE/drill/drills.tsv"
	((cells > 150)) || fail "only $cells cells were compared"
}
