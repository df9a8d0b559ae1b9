# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # for who sources it
#
# The kernel's log in a guest, and what of it counts as a report. For
# tests/guest.bash, and tests/guest/run, which judges what came after the last
# test.

# What no test expects, whatever it does. lockdep's titles are in
# kernel/locking/lockdep.c and locks.c beside it.
ALWAYS_REPORTS='WARNING:|BUG:|BUG |KASAN: |UBSAN|ODEBUG|INFO: |soft lockup|hard LOCKUP'
ALWAYS_REPORTS+='|general protection|Unable to handle kernel|divide error|stack segment|double fault'
ALWAYS_REPORTS+='|still has locks held|sleeping function|scheduling while atomic|corruption|list_add double add|refcount_t:'
ALWAYS_REPORTS+='|Fixing recursive fault|exited with preempt_count'

# What begins the report of a shot, see tests/actions.tsv, and a test that shoots
# therefore expects; and what is in one, or in that of another crash.
SHOT_BEGINS='^(WARNING: .*/roulette/actions/crash\.c:[0-9]+ |BUG: unable to handle page fault for address: f+000$'
SHOT_BEGINS+='|Unable to handle kernel paging request at virtual address f+000$'
SHOT_BEGINS+='|kernel BUG at .*/roulette/actions/crash\.c:[0-9]+!$|Internal error: Oops - BUG:'
SHOT_BEGINS+='|BUG: KASAN: [a-z-]+ in roulette_use_after_free[.+])'
# arm64 takes the trap of a BUG() for an NMI, out of which who dies never comes;
# the idle task of that CPU finds that, and says so once.
[[ $HOSTTYPE != aarch64 ]] || SHOT_BEGINS+='|^WARNING: .*kernel/context_tracking\.c:[0-9]+ '
CRASH_REPORTS='Oops|Call Trace|blocked for more than'

# What a kernel says when its machine stood still for a while, as an emulated one
# does on a busy host.
STOOD_STILL='^(hrtimer: interrupt took |clocksource: |perf: interrupt took |sched: |sched_clock: Marking unstable'
STOOD_STILL+='|tsc: Marking TSC unstable|TSC found unstable )'

# Where data races of the kernel's own are put aside, to be told at the end.
OTHER_RACES=/run/races

# read_log ASIDE [OPTION...]: the log without what is not ours. Read at once, by
# syslog(2), since what is cleared must be what was read; in a buffer that holds
# all of it (see log_buf_len in tests/vm/boot), with what that writes before each
# line. Two times in each test: a process is a tenth of a second on a debug kernel,
# and an empty log needs none.
read_log() {
	local aside=$1 log

	shift
	log=$(dmesg --syslog --buffer-size 32000000 --notime "$@") || return
	[[ -z $log || ! -e /sys/kernel/debug/kcsan ]] || log=$(races -v aside="$aside" <<<"$log")
	[[ -z $log ]] || log=$(grep -Ev "$STOOD_STILL" <<<"$log") || true
	[[ -z $log ]] || log_filter <<<"$log"
}

# For who has more to leave out.
log_filter() {
	cat
}

kernel_log() {
	read_log /dev/null
}

# Take the log, and begin a new one. An oops makes the console verbose; hundreds
# of reports would then crawl through the serial port. The log keeps them all the
# same.
take_log() {
	echo 1 >/proc/sys/kernel/printk
	[[ ! -e /sys/kernel/debug/kcsan ]] || mkdir -p "$OTHER_RACES"
	read_log "$OTHER_RACES/$EPOCHREALTIME" --read-clear
}

# report_in LOG REGEX: the first that matches, in REPORT. Searched without a
# process of its own: this runs after every test.
report_in() {
	[[ $1 =~ $2 ]] || return
	REPORT=${BASH_REMATCH[0]}
}
