# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # for who sources it
#
# What counts as evidence, and whether it is there. The caller has set WORK to
# what tests/drill/boot left, LABEL, and REPORT, the drill's regular expression.

# The source of an event, and what its text must match. What saves a log shows
# the label itself; a report, or an event of QEMU's, comes after the line with it
# in the same guest, which fires once.
declare -gA EVIDENCE=(
	[pvpanic]='qmp .*"GUEST_(PANICKED|CRASHLOADED)"'
	[erst]='result erst .*LABEL'
	[ramoops]='result ramoops .*LABEL'
	[systemd-pstore]='result systemd-pstore .*LABEL'
	[kdump]='result vmcore: .*LABEL'
	[i6300esb]='qmp .*"WATCHDOG"'
	[i6300esb-nmi]='result vmcore: .*LABEL'
	[softlockup]='console .*watchdog: BUG: soft lockup - CPU#1 .*\[cat:'
	[hungtask]='console .*INFO: task cat:[0-9]+ blocked for more than'
	[rcustall]='console .*rcu: .1-'
	[hardlockup]='console .*Watchdog detected hard LOCKUP on cpu 1'
)

# shot: what came from the line of the hit on, in WORK/shot; sets FIRED_AT, or
# fails if that line did not come by the serial port.
shot() {
	awk -v label="label \"$LABEL\"" '/^[0-9.]+ (console|net) .*: bang: / && index($0, label) { hit = 1 } hit' \
		"$WORK/events" >"$WORK/shot"
	FIRED_AT=$(first "console .*: bang: .*label \"$LABEL\"")
	[[ -n $FIRED_AT ]]
}

# first REGEX: when such an event came; nothing if none did.
first() {
	grep -E -m 1 "^[0-9.]+ $1" "$WORK/shot" | cut -d ' ' -f 1 || true
}

# reason WORD FIELD: of its line.
reason() {
	awk -F '\t' -v word="$1" -v field="$2" '$1 == word { print $field }' "$REASONS"
}
REASONS=$TREE/tests/drill/reasons.tsv

# alone REGEX: whether such an event came before the guest was reset from outside;
# its firmware then resets it once more.
alone() {
	awk -v regex="^[0-9.]+ $1" '/"host-qmp-system-reset"/ { exit } $0 ~ regex { found = 1; exit }
		END { exit !found }' "$WORK/shot"
}

# ended HOW: the guest has come to what a word of reasons.tsv wants.
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

# Without it a pstore that shows nothing proves nothing.
was_read_back() {
	[[ -n $(first 'result read back$') ]]
}

# last_hit COLLECTOR: with the backtraces of many CPUs a record's last line repeats the
# hit, and the line of the hit itself is not in that record, else it proves nothing.
last_hit() {
	local file

	file=$(grep -E -m 1 "^[0-9.]+ result $1 .*: last hit .*label \"$LABEL\"" "$WORK/shot" | cut -d ' ' -f 4)
	[[ -n $file ]] || { WHY="no record with the last hit"; return 1; }
	# Of ERST's records systemd-pstore makes one.
	[[ $1 != systemd-pstore ]] || return 0
	! grep -qE "^[0-9.]+ result $1 $file .*: bang: " "$WORK/shot" ||
		{ WHY="the line of the hit is still in $file: the backtraces are too short"; return 1; }
}

# page_commands NUMBER: those that docs/drills.md has for a dump, crash's and drgn's.
page_commands() {
	awk -v wanted="$1" '
		/^ *```shell$/ { match($0, /^ */); indent = RLENGTH; inside = ++number == wanted; next }
		/^ *```$/ { inside = 0 }
		inside { print substr($0, indent + 1) }
	' "$TREE/docs/drills.md"
}

# lists FILE: it has the device with its label, and the last hit.
lists() {
	# shellcheck disable=SC2154 # of judge()
	grep -Fxq "kernel-roulette, label \"$LABEL\", pulls 1, hits 1" "$1" &&
		grep -Fxq "last hit: kernel-roulette pull 0, action ${name%@*}, label \"$LABEL\"" "$1"
}

# open_dump COMMANDS: what the page says, in a folder with all that it wants.
open_dump() {
	KERNEL=$SYMBOLS in_root "$WORK" timeout 180 bash -c "cd /build && $1" </dev/null 2>&1 || true
}

# crash looks at the dump: first who was where, and the log. Its exit status tells of
# its last command only.
sees_in_dump() {
	printf '%s\n' sys 'bt -a > crash.tasks' 'foreach UN bt >> crash.tasks' 'log > crash.log' >"$WORK/.crashrc"
	ln -sf /kernel/vmlinux "$WORK/vmlinux"
	cp "$BUILD"/src/roulette{,_core}.ko "$WORK"
	open_dump "$(page_commands 1)" >"$WORK/crash"
	open_dump "$(page_commands 2)" >"$WORK/crash.drgn"
	{
		grep -q '^ *PANIC: ' "$WORK/crash" &&
			grep -q '\[roulette\]' "$WORK/crash.tasks" &&
			grep -qF "label \"$LABEL\"" "$WORK/crash.log"
	} || { WHY="crash does not name the module, or the label: see $WORK/crash*"; return 1; }
	lists "$WORK/crash" || { WHY="crash does not list device, label and last hit: see $WORK/crash"; return 1; }
	lists "$WORK/crash.drgn" || { WHY="drgn does not list device, label and last hit: see $WORK/crash.drgn"; return 1; }
}

# sees COLLECTOR: sets AT to the seconds from the hit to the evidence, or to
# nothing; fails, with WHY, if it cannot be told.
sees() {
	local at='' begun

	AT='' WHY=''
	case $1 in
	serial | netconsole)
		at=console
		[[ $1 != netconsole ]] || at=net
		# The hit has its line everywhere, whatever comes of it.
		[[ -n $(first "$at .*: bang: .*label \"$LABEL\"") ]] || { WHY="no line of the hit"; return 1; }
		[[ $REPORT != - ]] || REPORT=": bang: "
		at=$(first "$at .*$REPORT")
		;;
	crash)
		begun=$EPOCHREALTIME
		sees_in_dump || return 1
		at=$(awk -v at="$(first 'result dumped')" -v from="$begun" -v to="$EPOCHREALTIME" \
			'BEGIN { print at + to - from }')
		;;
	*)
		[[ $1 != erst && $1 != ramoops && $1 != systemd-pstore ]] || was_read_back ||
			{ WHY="the guest did not come back to read pstore"; return 1; }
		# shellcheck disable=SC2154 # of judge()
		[[ ($1 != erst && $1 != ramoops && $1 != systemd-pstore) || $name != *@cpus ]] ||
			last_hit "$1" || return 1
		at=$(first "${EVIDENCE[$1]/LABEL/label \"$LABEL\"}")
		# Of the dump the whole is wanted.
		[[ -z $at || ($1 != kdump && $1 != i6300esb-nmi) ]] || {
			at=$(first 'result dumped')
			[[ -s $WORK/dump ]] || at=''
		}
		# A starved machine would not be fed either.
		[[ $1 != i6300esb || -z $at || ${name%@*} == hang || -n $(first 'console .*Kernel panic') ]] ||
			{ WHY="the watchdog bit, and nothing had panicked"; return 1; }
		[[ $1 != i6300esb-nmi || -z $at || -n $(first 'qmp .*"WATCHDOG"') ]] ||
			{ WHY="a dump, but not by the watchdog"; return 1; }
		;;
	esac
	[[ -z $at ]] || AT=$(awk -v at="$at" -v from="$FIRED_AT" \
		'BEGIN { at -= from; printf "%.1f", at < 0 ? 0 : at }')
}
