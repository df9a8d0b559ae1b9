#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# Checks the events that tests/drill/judge.bash accepts as evidence of a drill. The events
# are written here, not sent by a guest.
# bats file_tags=slow

TREE=$BATS_TEST_DIRNAME/../..
# shellcheck source=tests/drill/judge.bash
. "$TREE/tests/drill/judge.bash"

HIT='10.0 console [    9.1] roulette kernel-roulette: bang: pull 0 drew 0, odds 1/1, action bug, seed 0x1, pid 9 (cat), label "drill-1"'
PANIC='10.2 console Kernel panic - not syncing: Fatal exception'
READ_BACK='13.0 result read back'
LOGGED='roulette kernel-roulette: bang: pull 0 drew 0, label "drill-1"'
# The evidence of each collector. Saved logs contain the label.
declare -gA SHOWS=(
	[serial]='10.5 console kernel BUG at /build/devices/roulette/actions/crash.c:46!'
	[netconsole]='10.5 net kernel BUG at /build/devices/roulette/actions/crash.c:46!'
	[pvpanic]='10.5 qmp {"timestamp": {"seconds": 1}, "event": "GUEST_PANICKED", "data": {"action": "run"}}'
	[erst]="10.5 result erst dmesg-erst-1: $LOGGED"
	[ramoops]="10.5 result ramoops dmesg-ramoops-0: $LOGGED"
	[systemd-pstore]="10.5 result systemd-pstore dmesg.txt: $LOGGED"
	[kdump]="10.4 result vmcore: $LOGGED"
	[i6300esb]='10.5 qmp {"event": "WATCHDOG", "data": {"action": "reset"}}'
	[i6300esb-nmi]="10.4 result vmcore: $LOGGED"
	[softlockup]='10.5 console watchdog: BUG: soft lockup - CPU#1 stuck for 3s! [cat:9]'
	[hungtask]='10.5 console INFO: task cat:9 blocked for more than 2 seconds.'
	[rcustall]='10.5 console rcu: 	1-...!: (0 ticks this GP)'
	[hardlockup]='10.5 console watchdog: Watchdog detected hard LOCKUP on cpu 1'
)

setup() {
	# shellcheck disable=SC2034 # used by judge.bash
	WORK=$BATS_TEST_TMPDIR LABEL=drill-1 REPORT='kernel BUG at' name=bug
	echo saved >"$WORK/dump"
}

# seen COLLECTOR EVENT...: whether the collector has seen the drill. Sets AT.
seen() {
	printf '%s\n' "${@:2}" >"$WORK/events"
	shot && sees "$1" && [[ -n $AT ]]
}

# unseen COLLECTOR EVENT...: the opposite of seen.
unseen() {
	if seen "$@"; then return 1; fi
}

# shown COLLECTOR: set NEEDS to the events that it needs besides its evidence.
shown() {
	NEEDS=("$HIT" "$PANIC" "$READ_BACK")
	[[ $1 != netconsole ]] || NEEDS+=("${HIT/console/net}")
	[[ $1 != kdump && $1 != i6300esb-nmi ]] || NEEDS+=('10.5 result dumped')
	[[ $1 != i6300esb-nmi ]] || NEEDS+=("${SHOWS[i6300esb]}" '10.5 console Linux version 6.12.1')
}

@test "each collector's evidence counts, with the seconds since the hit" {
	[[ ${#SHOWS[@]} == $((${#EVIDENCE[@]} + 2)) ]]
	for collector in "${!SHOWS[@]}"; do
		shown "$collector"
		seen "$collector" "${NEEDS[@]}" "${SHOWS[$collector]}" || { echo "$collector: $WHY"; return 1; }
		[[ $AT == 0.5 ]] || { echo "$collector: $AT"; return 1; }
	done
}

@test "no collector accepts the evidence of another" {
	for collector in "${!SHOWS[@]}"; do
		shown "$collector"
		for other in "${!SHOWS[@]}"; do
			[[ $other != "$collector" && $other$collector != *kdump* && $other$collector != *-nmi* ]] || continue
			unseen "$collector" "${NEEDS[@]}" "${SHOWS[$other]}" || { echo "$collector: $other"; return 1; }
			[[ -z $WHY ]] || { echo "$collector: $WHY"; return 1; }
		done
	done
}

@test "evidence before the line of the hit, or with another label, does not count" {
	for collector in "${!SHOWS[@]}"; do
		shown "$collector"
		unseen "$collector" "${SHOWS[$collector]}" "${NEEDS[@]}" || { echo "$collector, before"; return 1; }
		[[ ${SHOWS[$collector]} != *drill-1* ]] ||
			unseen "$collector" "${NEEDS[@]}" "${SHOWS[$collector]/drill-1/drill-2}" ||
			{ echo "$collector, another"; return 1; }
	done
	unseen serial "${HIT/drill-1/drill-2}" "${SHOWS[serial]}"
}

@test "a dump must be complete, and pstore must be read back" {
	unseen kdump "$HIT" "${SHOWS[kdump]}"
	: >"$WORK/dump"
	unseen kdump "$HIT" "${SHOWS[kdump]}" '10.5 result dumped'
	unseen erst "$HIT" "${SHOWS[erst]}"
	[[ -n $WHY ]]
}

@test "with many CPUs the last hit counts, but not beside the line of the hit" {
	local last='10.6 result erst dmesg-erst-2: roulette: last hit 3 s ago: kernel-roulette pull 0, action hang, label "drill-1"'

	name=hang@cpus
	unseen erst "$HIT" "$READ_BACK" "${SHOWS[erst]}"
	[[ $WHY == 'no record'* ]]
	unseen erst "$HIT" "$READ_BACK" "${SHOWS[erst]/erst-1/erst-2}" "$last"
	[[ $WHY == *'still in dmesg-erst-2:'* ]]
	seen erst "$HIT" "$READ_BACK" "${SHOWS[erst]}" "$last"
}

@test "a drill on each CPU needs a report of each after its hit, and its time is that of the last" {
	local on=() hit=${HIT#10.0 } cpu collector

	# shellcheck disable=SC2034 # used by judge.bash
	name=soft_lockup@each-cpu REPORT='soft lockup - CPU#<cpu> '
	for cpu in 0 1 2 3; do
		on+=("1$cpu.0 $hit" "1$cpu.5 console watchdog: BUG: soft lockup - CPU#$cpu stuck for 3s! [cat:9]")
	done
	for collector in serial softlockup; do
		seen "$collector" "${on[@]}"
		[[ $AT == 3.5 ]]
		for cpu in 0 1 2 3; do
			unseen "$collector" "${on[@]:0:2 * cpu + 1}" "${on[@]:2 * cpu + 2}"
		done
		# The report on a CPU comes before the hit on that CPU.
		for cpu in 1 2 3; do
			unseen "$collector" "${on[0]}" "${on[2 * cpu + 1]}" "${on[@]:1:2 * cpu}" "${on[@]:2 * cpu + 2}"
		done
	done
}

@test "a watchdog must fire after a panic, and an NMI before the crash kernel starts" {
	unseen i6300esb "$HIT" "${SHOWS[i6300esb]}"
	unseen i6300esb-nmi "$HIT" "${SHOWS[i6300esb-nmi]}" '10.5 result dumped'
	unseen i6300esb-nmi "$HIT" '10.4 console Linux version 6.12.1' "${SHOWS[i6300esb]}" \
		"${SHOWS[i6300esb-nmi]}" '10.5 result dumped'
	name=hang
	seen i6300esb "$HIT" "${SHOWS[i6300esb]}"
}

@test "a reset by the host does not count as the guest's end" {
	local reset='22.0 qmp {"event": "RESET", "data": {"guest": false, "reason": "host-qmp-system-reset"}}'
	local again='22.2 qmp {"event": "RESET", "data": {"guest": true, "reason": "guest-reset"}}'

	printf '%s\n' "$HIT" "$reset" "$again" >"$WORK/events"
	shot
	ended silenced
	if ended restarted; then return 1; fi
	printf '%s\n' "$HIT" "$again" "$reset" >"$WORK/events"
	shot
	if ended silenced; then return 1; fi
}

@test "missing evidence counts only if the guest ended as the reason requires" {
	declare -A after=(
		[survived]='15.0 result survived'
		[restarted]='10.5 qmp {"event": "RESET", "data": {"guest": true, "reason": "guest-reset"}}'
		[panicked]="$PANIC" [dumped]='12.0 result dumped' [hung]="$HIT"
	)
	while IFS=$'\t' read -r word end _; do
		[[ $word != '#'* ]] || continue
		for how in "${!after[@]}"; do
			printf '%s\n' "$HIT" "${after[$how]}" >"$WORK/events"
			shot
			if ended "$word"; then seen_to_end=1; else seen_to_end=0; fi
			[[ $how == "$end" ]] && want=1 || want=0
			((seen_to_end == want)) || { echo "$word: $how"; return 1; }
		done
	done <"$REASONS"
}
