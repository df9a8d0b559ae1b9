#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The forecasts of roulettectl check for machines with a few files. They agree with
# tests/drill/drills.tsv.
#
# seconds: 4
# bats file_tags=slow

# shellcheck disable=SC2030,SC2031 # each test sets its own output

load guest
load check-lines
load check-machines

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
	sysctls kernel.tainted=0 kernel.hung_task_warnings=0
	foresees 0 "becomes a panic (hung_task_panic=1)" hung_task --hang-time 241
	line warn "hung tasks" "reports no more (hung_task_warnings=0)"
	sysctls kernel.hung_task_panic=0
	foresees 0 "blocks the reader for 241 s, its detector reports no more (hung_task_warnings=0)" hung_task --hang-time 241
	sysctls kernel.hung_task_warnings=-1
	foresees 0 "blocks the reader for 241 s, its detector reports it after 120 to 240 s" hung_task --hang-time 241
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

@test "each further failure has the settings of its kind" {
	local action

	kernel
	sysctls kernel.panic=10 kernel.panic_on_oops=1
	put /proc/consoles 'ttyS0 -W- (EC p a) 4:64'
	for action in null gpf divide list_corruption double_free usercopy; do
		foresees 0 "becomes a panic (panic_on_oops=1)" $action
	done
	sysctls kernel.panic_on_oops=0 kernel.panic_on_warn=1
	foresees 0 "kills the reader" null
	foresees 0 "becomes a panic (context hardirq)" divide --context hardirq
	for action in refcount atomic_sleep; do
		foresees 0 "becomes a panic (panic_on_warn=1)" $action
	done
	foresees 0 "panics" stack_corruption
	sysctls kernel.arch=riscv64
	foresees 0 "becomes a panic (riscv64 treats BUG() as an interrupt)" usercopy
	foresees 0 "kills the reader" null
	sysctls kernel.softlockup_panic=1 kernel.hardlockup_panic=1 kernel.nmi_watchdog=1
	put /boot/config-6.12.0 '#' 'CONFIG_HARDLOCKUP_DETECTOR_PERF=y'
	foresees 0 "becomes a panic (softlockup_panic=1)" deadlock --hang-time 60
	foresees 0 "becomes a panic (hardlockup_panic=1)" deadlock --hang-time 60 --context hardirq
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

	# The load of a machine does not change the forecast.
	case $1 in
	spinning-kdump | memory-kdump | io-kdump) set -- kdump "${@:2}" ;;
	spinning | memory | io) set -- plain "${@:2}" ;;
	esac
	rm -rf "$R"
	kernel
	sysctls kernel.panic=-1
	put /proc/consoles 'ttyS0                -W- (EC p a)    4:64'
	case $1 in
	plain | each-cpu | kdump | together | notifiers)
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

# bats test_tags=full
@test "the forecasts agree with the measured drills" {
	local fields columns=() i drill setup hang_time last cells=0

	declare -A setup_of=(
		[-/ramoops]=ramoops [-/kdump]=kdump [-/i6300esb]=watchdog
		[cpus/ramoops]=cpus-ramoops [spinning/kdump]=spinning-kdump
		[memory/kdump]=memory-kdump [io/kdump]=io-kdump
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
