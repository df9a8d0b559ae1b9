# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # used by the scripts that source this
#
# Decides whether a collector has seen a drill. The caller has set WORK to the directory
# that tests/drill/boot filled, LABEL, and REPORT, the drill's regular expression.

# EVIDENCE[COLLECTOR]: the source of an event, and a regex for its text. A saved log must
# contain the label itself. A detector's report or an event of QEMU has no label, so it
# must follow the line with the label; each guest has one hit.
# <cpu> is the CPU that was hit.
declare -gA EVIDENCE=(
	[pvpanic]='qmp .*"GUEST_(PANICKED|CRASHLOADED)"'
	[erst]='result erst .*LABEL'
	[ramoops]='result ramoops .*LABEL'
	[systemd-pstore]='result systemd-pstore .*LABEL'
	[kdump]='result vmcore: .*LABEL'
	[i6300esb]='qmp .*"WATCHDOG"'
	[i6300esb-nmi]='result vmcore: .*LABEL'
	[softlockup]='console .*watchdog: BUG: soft lockup - CPU#<cpu> .*\[cat:'
	[hungtask]='console .*INFO: task cat:[0-9]+ blocked for more than'
	[rcustall]='console .*rcu: .<cpu>-'
	[hardlockup]='console .*Watchdog detected hard LOCKUP on cpu <cpu>'
)

# shot: write the line of the hit and all later events to WORK/shot, and set FIRED_AT.
# Fails if that line did not arrive at the serial port.
shot() {
	awk -v label="label \"$LABEL\"" '/^[0-9.]+ (console|net) .*: bang: / && index($0, label) { hit = 1 } hit' \
		"$WORK/events" >"$WORK/shot"
	FIRED_AT=$(first "console .*: bang: .*label \"$LABEL\"")
	[[ -n $FIRED_AT ]]
}

# first REGEX: print the time of the first matching event, or nothing.
first() {
	grep -E -m 1 "^[0-9.]+ $1" "$WORK/shot" | cut -d ' ' -f 1 || true
}

# latest REGEX: print the time of the first event that matches and names the CPU that was
# hit. A drill on each CPU in turn needs such an event for each CPU, after the hit on it;
# then print the time of the last.
latest() {
	local hits cpu at=''

	# shellcheck disable=SC2154 # of judge()
	[[ $name == *@each-cpu ]] || { first "${1//<cpu>/1}"; return; }
	mapfile -t hits < <(grep -nE "^[0-9.]+ console .*: bang: .*label \"$LABEL\"" "$WORK/shot" | cut -d : -f 1)
	for cpu in 0 1 2 3; do
		[[ -n ${hits[cpu]:-} ]] || return 0
		at=$(tail -n "+${hits[cpu]}" "$WORK/shot" | grep -E -m 1 "^[0-9.]+ ${1//<cpu>/$cpu}" | cut -d ' ' -f 1 || true)
		[[ -n $at ]] || return 0
	done
	echo "$at"
}

# reason WORD FIELD: print this field of the word's line in reasons.tsv.
reason() {
	awk -F '\t' -v word="$1" -v field="$2" '$1 == word { print $field }' "$REASONS"
}
REASONS=$TREE/tests/drill/reasons.tsv

# alone REGEX: whether a matching event occurred before the host reset the guest. After
# that reset the firmware resets the guest again, so later events prove nothing.
alone() {
	awk -v regex="^[0-9.]+ $1" '/"host-qmp-system-reset"/ { exit } $0 ~ regex { found = 1; exit }
		END { exit !found }' "$WORK/shot"
}

# ended WORD: whether the guest ended as this word of reasons.tsv requires.
ended() {
	case $(reason "$1" 2) in
	survived) alone 'result survived$' ;;
	restarted) alone 'qmp .*"(RESET|SHUTDOWN)".*"guest-reset"' ;;
	panicked) alone 'console .*Kernel panic' ;;
	dumped) alone 'result dumped$' ;;
	hung) ! alone '(result (survived|dumped)$|console .*Kernel panic|qmp .*"guest-reset")' ;;
	*) return 1 ;;
	esac
}

# was_read_back: an empty pstore proves something only if the guest has read it.
was_read_back() {
	[[ -n $(first 'result read back$') ]]
}

# last_hit COLLECTOR: whether a record has the line `last hit`, but not the line of the
# hit. Backtraces of many CPUs push the line of the hit out of the record. If the line is
# still there, the drill proves nothing.
last_hit() {
	local file

	file=$(grep -E -m 1 "^[0-9.]+ result $1 .*: last hit .*label \"$LABEL\"" "$WORK/shot" | cut -d ' ' -f 4)
	[[ -n $file ]] || { WHY="no record contains the last hit"; return 1; }
	# systemd-pstore joins the records of ERST.
	[[ $1 != systemd-pstore ]] || return 0
	! grep -qE "^[0-9.]+ result $1 $file .*: bang: " "$WORK/shot" ||
		{ WHY="the line of the hit is still in $file: the backtraces are too short"; return 1; }
}

# page_commands NUMBER: print the commands for a dump that docs/drills.md shows: 1 for
# crash, 2 for drgn.
page_commands() {
	awk -v wanted="$1" '
		/^ *```shell$/ { match($0, /^ */); indent = RLENGTH; inside = ++number == wanted; next }
		/^ *```$/ { inside = 0 }
		inside { print substr($0, indent + 1) }
	' "$TREE/docs/drills.md"
}

# lists FILE: whether FILE contains the device with its label, and the last hit.
lists() {
	# shellcheck disable=SC2154 # of judge()
	grep -Fxq "kernel-roulette, label \"$LABEL\", pulls 1, hits 1" "$1" &&
		grep -Fxq "last hit: kernel-roulette pull 0, action ${name%@*}, label \"$LABEL\"" "$1"
}

# open_dump COMMANDS: run commands of the page in a directory with all files they need.
open_dump() {
	KERNEL=$SYMBOLS in_root "$WORK" timeout 180 bash -c "cd /build && $1" </dev/null 2>&1 || true
}

# open_dumps: open the dump with crash, then with drgn, and write the seconds that it took to
# WORK/opened. crash first saves the tasks and the log to files. Its exit status is that of
# its last command only, so it is ignored.
open_dumps() {
	local begun=$EPOCHREALTIME

	[[ -s $WORK/dump ]] || return 0
	printf '%s\n' sys 'bt -a > crash.tasks' 'foreach UN bt >> crash.tasks' 'log > crash.log' >"$WORK/.crashrc"
	ln -sf /kernel/vmlinux "$WORK/vmlinux"
	cp "$BUILD"/src/roulette{,_core}.ko "$WORK"
	open_dump "$(page_commands 1)" >"$WORK/crash"
	open_dump "$(page_commands 2)" >"$WORK/crash.drgn"
	awk -v from="$begun" -v to="$EPOCHREALTIME" 'BEGIN { print to - from }' >"$WORK/opened"
}

# sees_in_dump: whether the output of open_dumps has all that the page promises.
sees_in_dump() {
	[[ -s $WORK/opened ]] || { WHY="there is no dump that could be opened"; return 1; }
	{
		grep -q '^ *PANIC: ' "$WORK/crash" &&
			grep -q '\[roulette\]' "$WORK/crash.tasks" &&
			grep -qF "label \"$LABEL\"" "$WORK/crash.log"
	} || { WHY="crash shows no module or no label: see $WORK/crash*"; return 1; }
	lists "$WORK/crash" || { WHY="crash does not show device, label and last hit: see $WORK/crash"; return 1; }
	lists "$WORK/crash.drgn" || { WHY="drgn does not show device, label and last hit: see $WORK/crash.drgn"; return 1; }
}

# watchdog_dumped: whether the watchdog fired before the crash kernel started.
watchdog_dumped() {
	local fired started

	fired=$(first 'qmp .*"WATCHDOG"') started=$(first 'console .*Linux version ')
	[[ -n $fired && -n $started ]] &&
		awk -v fired="$fired" -v started="$started" 'BEGIN { exit !(fired <= started) }'
}

# sees COLLECTOR: set AT to the seconds from the hit to the evidence, or to nothing if
# there is none. Fails, with WHY, if the events do not allow a decision.
sees() {
	local at=''

	AT='' WHY=''
	case $1 in
	serial | netconsole)
		at=console
		[[ $1 != netconsole ]] || at=net
		# Every hit is logged in a line, whatever its action.
		[[ -n $(first "$at .*: bang: .*label \"$LABEL\"") ]] || { WHY="no line of the hit"; return 1; }
		[[ $REPORT != - ]] || REPORT=": bang: "
		at=$(latest "$at .*$REPORT")
		;;
	crash)
		[[ -n $(first 'result dumped') ]] || return 0
		sees_in_dump || return 1
		at=$(awk -v at="$(first 'result dumped')" '{ print at + $1 }' "$WORK/opened")
		;;
	*)
		[[ $1 != erst && $1 != ramoops && $1 != systemd-pstore ]] || was_read_back ||
			{ WHY="the guest did not boot again to read pstore"; return 1; }
		# shellcheck disable=SC2154 # of judge()
		[[ ($1 != erst && $1 != ramoops && $1 != systemd-pstore) || $name != *@cpus ]] ||
			last_hit "$1" || return 1
		at=$(latest "${EVIDENCE[$1]/LABEL/label \"$LABEL\"}")
		# A dump counts only when it is complete.
		[[ -z $at || ($1 != kdump && $1 != i6300esb-nmi) ]] || {
			at=$(first 'result dumped')
			[[ -s $WORK/dump ]] || at=''
		}
		# A machine without CPU time would not feed its watchdog either, so require a panic.
		[[ $1 != i6300esb || -z $at || ${name%@*} == hang || -n $(first 'console .*Kernel panic') ]] ||
			{ WHY="the watchdog fired without a panic before it"; return 1; }
		[[ $1 != i6300esb-nmi ]] || watchdog_dumped || at=''
		;;
	esac
	[[ -z $at ]] || AT=$(awk -v at="$at" -v from="$FIRED_AT" \
		'BEGIN { at -= from; printf "%.1f", at < 0 ? 0 : at }')
}
