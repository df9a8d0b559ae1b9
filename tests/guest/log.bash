# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # used by the scripts that source this
#
# Reads the kernel's log in a guest, and finds reports of faults in it. Used by
# tests/guest.bash, and by tests/guest/run for messages after the last test.

# Reports that no test may cause. lockdep's titles are in kernel/locking/lockdep.c and in
# locks.c beside it.
ALWAYS_REPORTS='WARNING:|BUG:|BUG |KASAN: |UBSAN|ODEBUG|INFO: |soft lockup|hard LOCKUP'
ALWAYS_REPORTS+='|general protection|Unable to handle kernel|divide error|stack segment|double fault'
ALWAYS_REPORTS+='|still has locks held|sleeping function|scheduling while atomic|[a-z] corruption|list_add double add|refcount_t:'
ALWAYS_REPORTS+='|Fixing recursive fault|exited with preempt_count'

# SHOT_BEGINS: the first line of the report of a shot (see tests/actions.tsv), which a test
# that shoots expects. CRASH_REPORTS: lines within the report of a shot or another crash.
SHOT_BEGINS='^(WARNING: .*/roulette/actions/crash\.c:[0-9]+ |BUG: unable to handle page fault for address: f+000$'
SHOT_BEGINS+='|Unable to handle kernel paging request at virtual address f+000$'
SHOT_BEGINS+='|kernel BUG at .*/roulette/actions/crash\.c:[0-9]+!$|Internal error: Oops - BUG:'
SHOT_BEGINS+='|BUG: KASAN: [a-z-]+ in roulette_(use_after_free|double_free|null|gpf|stack_corruption)[.+]'
SHOT_BEGINS+='|BUG: kernel NULL pointer dereference, address: 0+$'
SHOT_BEGINS+='|Unable to handle kernel NULL pointer dereference at virtual address 0+$'
SHOT_BEGINS+='|Unable to handle kernel access to user memory without uaccess routines at virtual address 0+$'
SHOT_BEGINS+='|(Oops: )?general protection fault, probably for non-canonical address 0xdead000000000100: '
# With KASAN, the address is that of the shadow memory.
SHOT_BEGINS+='|general protection fault, probably for non-canonical address 0xfbd59c0000000020: '
SHOT_BEGINS+='|KASAN: maybe wild-memory-access in range \[0xdead000000000100-'
SHOT_BEGINS+='|(Oops: )?divide error: |UBSAN: division-overflow in .*/roulette/actions/crash\.c:|list_add corruption\. next->prev should be prev '
SHOT_BEGINS+='|kernel BUG at (lib/list_debug|mm/slub|mm/usercopy)\.c:[0-9]+!$'
SHOT_BEGINS+='|refcount_t: underflow; use-after-free\.$|WARNING: .*lib/(refcount|list_debug)\.c:[0-9]+ |BUG: scheduling while atomic: |INFO: lockdep is turned off\.$)'
# arm64 treats the trap of a BUG() as an NMI, and the task that dies never leaves the NMI.
# The idle task of that CPU detects this, and warns once.
[[ $HOSTTYPE != aarch64 ]] || SHOT_BEGINS+='|^WARNING: .*kernel/context_tracking\.c:[0-9]+ '
CRASH_REPORTS='Oops|Call Trace|blocked for more than'

# Messages of a kernel whose machine stood still for a while. An emulated machine does so
# on a busy host.
STOOD_STILL='^(hrtimer: interrupt took |clocksource: |perf: interrupt took |sched: |sched_clock: Marking unstable'
STOOD_STILL+='|tsc: Marking TSC unstable|TSC found unstable )'

# Directory for data races of the kernel itself. They are reported at the end.
OTHER_RACES=/run/races

# read_log ASIDE [OPTION...]: print the log without messages that do not concern us. ASIDE
# gets the data races that are not ours.
#
# With --read-clear, syslog(2) reads and clears the log in one step, so no message is
# lost. The buffer must hold the whole log (see log_buf_len in tests/vm/boot) and the
# prefix of each line. Each test runs this function twice. A process takes a tenth of a
# second on a debug kernel, so for an empty log no further process is started.
read_log() {
	local aside=$1 log

	shift
	log=$(dmesg --syslog --buffer-size 32000000 --notime "$@") || return
	[[ -z $log || ! -e /sys/kernel/debug/kcsan ]] || log=$(races -v aside="$aside" <<<"$log")
	[[ -z $log ]] || log=$(grep -Ev "$STOOD_STILL" <<<"$log") || true
	[[ -z $log ]] || log_filter <<<"$log"
}

# Overridden by files that drop further lines.
log_filter() {
	cat
}

kernel_log() {
	read_log /dev/null
}

# take_log: print the log and start a new one. An oops raises the console's log level, and
# hundreds of reports take long on a serial port, so reset the level. The log keeps all
# messages anyway.
take_log() {
	echo 1 >/proc/sys/kernel/printk
	[[ ! -e /sys/kernel/debug/kcsan ]] || mkdir -p "$OTHER_RACES"
	read_log "$OTHER_RACES/$EPOCHREALTIME" --read-clear
}

# report_in LOG REGEX: set REPORT to the first match. This runs after every test, so it
# starts no process.
report_in() {
	[[ $1 =~ $2 ]] || return
	REPORT=${BASH_REMATCH[0]}
}
