# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # for who sources it
#
# The kernel's log in a guest, and what of it counts as a report. For
# tests/guest.bash, and tests/guest/run, which judges what came after the last
# test.

# What only a debug kernel says, and that locks are wrong: no test expects it.
# lockdep's titles are in kernel/locking/lockdep.c and locks.c beside it.
ALWAYS_REPORTS='BUG: KASAN|BUG: KCSAN|UBSAN|ODEBUG|INFO: |\[ BUG: '
ALWAYS_REPORTS+='|WARNING: (possible|bad|inconsistent|held|lock held|suspicious|Nested|HARDIRQ|SOFTIRQ)'
ALWAYS_REPORTS+='|still has locks held|sleeping function|scheduling while atomic|corruption|list_add double add|refcount_t:'
ALWAYS_REPORTS+='|BUG: (spinlock|rwlock|workqueue|key |MAX_|Bad )'

# What a shot says too.
CRASH_REPORTS='WARNING:|BUG:|BUG |Oops|Call Trace|general protection|blocked for more than'

# What a kernel says when its machine stood still for a while, as an emulated one
# does on a busy host.
STOOD_STILL='^(hrtimer: interrupt took |clocksource: |perf: interrupt took |sched: )'

# Where data races of the kernel's own are put aside, to be told at the end.
OTHER_RACES=/run/races

kernel_log() {
	if [[ -e /sys/kernel/debug/kcsan ]]; then
		dmesg --syslog --notime | races -v aside=/dev/null
	else
		dmesg --notime
	fi | grep -Ev "$STOOD_STILL" || true
}

# report_in LOG REGEX: the first that matches, in REPORT. Searched without a
# process of its own: this runs after every test.
report_in() {
	[[ $1 =~ $2 ]] || return
	REPORT=${BASH_REMATCH[0]}
}

# Begin a new log. An oops makes the console verbose; hundreds of reports would
# then crawl through the serial port. The log keeps them all the same.
dmesg_mark() {
	echo 1 >/proc/sys/kernel/printk
	if [[ -e /sys/kernel/debug/kcsan ]]; then
		mkdir -p "$OTHER_RACES"
		dmesg --syslog --notime | races -v aside="$OTHER_RACES/$EPOCHREALTIME" >/dev/null
	fi
	dmesg --clear
}
