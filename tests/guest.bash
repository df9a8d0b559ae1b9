# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What every bats file of the suite loads, as its first statement:
#
#	load guest
#
# It refuses to go on anywhere but in a guest that `make check` or
# `make play` booted: a test may crash the kernel under it.
#
# setup and teardown below serve a file that has none of its own. A file
# that needs its own calls guest_setup first and guest_teardown last:
#
#	setup()    { guest_setup; load_all; }
#	teardown() { unload_all && guest_teardown; }
#
# guest_setup tells the host which test is about to run (so that it can
# name it when the guest dies) and begins a new kernel log;
# guest_teardown fails a test whose kernel log holds a crash that the test
# did not announce by expect_crash, and prints the log of a failed test; on a
# kernel that can tell it fails the file's last test if memory was lost, or if
# nobody watches the locks any more.
# What counts of teardown is its last command, so join them by &&.
#
# Variables
#	$CLASS    /sys/class/roulette           knobs by device name
#	$CONFIG   /sys/kernel/config/roulette   TYPE/NAME
#	$SUITE    the folder of the tests; the sources are in $SUITE/..
#	$LATE     seconds after which a device whose last user has gone is
#	          released at the latest; 0 but on some debug kernels
#	$PACE     what a test multiplies a time by that its steps must stay within;
#	          1, on debug kernels 3
#	$KILLERS  the actions that a reader, and it alone, dies of; $KILLER is one
# The programs of tests/tools/*.c are on the PATH by their names.
#
# Functions
#	load_all [MODULE.PARAM=VALUE...]  modprobe both device types
#	find_modules                 export the files CORE ROULETTE PARROT COIN MISFIT
#	remove_instances             rmdir every instance
#	unload_all                   and unload all modules
#	kernel_log                   the kernel's messages since the test began
#	log_has REGEX                fail, with the log, unless a line matches
#	expect_crash                 this test makes the kernel report a crash
#	log_begins                   fail if the log holds one (setup and teardown
#	                             do it), and begin a new log
#	shown FILE                   print a knob's value without its newline
#	refused ERRNO FILE VALUE     a write fails so and changes nothing
#	takes FILE VALUE [SHOWN]     a write succeeds, and SHOWN (or VALUE) is
#	                             what the knob shows then
#	set_knobs DEVICE KNOB=VALUE...  in this order, through sysfs
#	eventually SECONDS COMMAND   poll till the command succeeds, else fail after
#	                             these, times $PACE
#	soon COMMAND                 once, or, where devices are released late,
#	                             eventually within $LATE seconds
#	init_reads FILE              have PID 1 read a line of it; print bash's
#	                             complaint if any, then "rc=N line=LINE"
#	fail MESSAGE                 say it and fail
#
# VALUE is written by one write(2) just as it stands, no newline added, and
# may hold the escapes \n \t \\ \xHH \0 (see tests/tools/knob.c).

if [[ ! -e /run/roulette-guest ]]; then
	echo "These tests crash kernels and run in a guest only: make check T='tests/FILE.bats'" >&2
	return 1
fi

# bats notes where it is before each command, in functions too, which takes
# milliseconds in a guest. Here it need not; see guest_setup too.
set +T

bats_require_minimum_version 1.5.0

# shellcheck source=tests/guest/log.bash
. /suite/tests/guest/log.bash

export CLASS=/sys/class/roulette
export CONFIG=/sys/kernel/config/roulette
export SUITE=/suite/tests

read -r KERNEL </proc/sys/kernel/osrelease

# DEBUG_KOBJECT_RELEASE: less than a second, and time to get round to it. Only our
# own kernels have the parameter (see tests/vm/kernel); /proc/kallsyms takes half a
# second to read, so a file's tests inherit what the file found.
RELEASE_DELAY=/sys/module/kernel/parameters/kobject_release_delay
if [[ -z ${LATE:-} ]]; then
	export LATE=0
	[[ ! -e $RELEASE_DELAY ]] || ! grep -q ' kobject_delayed_cleanup$' /proc/kallsyms || LATE=10
fi

# Only Debian's own kernels have more than a number.
export PACE=1
[[ $KERNEL == *-* ]] || PACE=3

# What a reader may die of, and the one for a test that needs only one. riscv64's
# trap of a BUG() counts as an NMI, and who dies in an interrupt panics.
export KILLERS='bug oops'
[[ $HOSTTYPE != riscv64 ]] || KILLERS=oops
export KILLER=${KILLERS%% *}

# In the order in which they can be removed.
ROULETTE_MODULES=(misfit coin bell parrot roulette roulette_core)

setup() {
	guest_setup
}

teardown() {
	guest_teardown
}

guest_setup() {
	# Enough for bats to know are the lines of the test itself.
	trap '[[ ":$BATS_TEST_NAME:setup:teardown:" != *":$FUNCNAME:"* ]] ||
		bats_debug_trap "$BASH_SOURCE"' DEBUG
	crash_expected=
	# The file descriptor that tests/guest/run holds open to the host.
	if [[ -n ${ROULETTE_RESULT:-} ]]; then
		echo "# running ${BATS_TEST_FILENAME#/suite/}: $BATS_TEST_DESCRIPTION" >&"$ROULETTE_RESULT"
	fi
	log_begins || fail 'That was before this test began, after the one before it.'
}

guest_teardown() {
	if [[ ${BATS_TEST_COMPLETED:-} != 1 ]]; then
		echo "kernel log of this test, its last lines:"
		kernel_log | tail -n 40
	fi
	log_begins || return
	((BATS_TEST_NUMBER < ${#BATS_TEST_NAMES[@]})) || { file_lost_nothing && expect_lockdep; }
}

# With the last test of each file, for all of them. A look takes most of a minute;
# who has none to lose leaves it to the one at the guest's end, see tests/guest/run.
file_lost_nothing() {
	[[ -n ${ROULETTE_QUICK:-} ]] || expect_no_leaks
}

expect_no_leaks() {
	local found

	found=$(leaks) || fail "memory was lost by one of the tests so far:"$'\n'"$found"
}

# An oops (128) or what KASAN found (32) silences lockdep; nothing else is to.
expect_lockdep() {
	[[ -e /proc/lockdep_stats && ! -e /run/lockdep-is-off ]] || return 0
	(($(</proc/sys/kernel/tainted) & (128 | 32))) ||
		grep -qE '^ *debug_locks: +1$' /proc/lockdep_stats || {
		touch /run/lockdep-is-off
		fail "lockdep has been switched off by one of the tests so far; those after this one are not watched"
	}
}

log_has() {
	local log

	log=$(kernel_log)
	grep -Eq -- "$1" <<<"$log" && return
	fail "the kernel log has no line that matches '$1':"$'\n'"$log"
}

expect_crash() {
	crash_expected=1
}

log_begins() {
	expect_clean "$(take_log)"
}

expect_clean() {
	local log=$1 reports=$ALWAYS_REPORTS

	if [[ -n ${crash_expected:-} ]]; then
		log=$(grep -Ev "$SHOT_BEGINS" <<<"$log") || true
	else
		reports+="|$CRASH_REPORTS"
	fi
	! report_in "$log" "$reports" ||
		fail "the kernel reported what this test did not expect ('$REPORT'):"$'\n'"$1"
}

fail() {
	echo "$*" >&2
	return 1
}

load_all() {
	local argument module of=()

	for module in roulette parrot; do
		of=()
		for argument; do
			[[ $argument != "$module".* ]] || of+=("${argument#*.}")
		done
		modprobe "$module" "${of[@]}" || return
	done
}

find_modules() {
	export CORE ROULETTE PARROT COIN MISFIT
	CORE=$(modinfo -n roulette_core)
	ROULETTE=$(modinfo -n roulette)
	PARROT=$(modinfo -n parrot)
	COIN=$(modinfo -n coin)
	MISFIT=$(modinfo -n misfit)
}

remove_instances() {
	local instance

	for instance in "$CONFIG"/*/*/; do
		[[ ! -d $instance ]] || rmdir "$instance" || return
	done
}

unload_all() {
	local module

	remove_instances || return
	for module in "${ROULETTE_MODULES[@]}"; do
		[[ ! -d /sys/module/$module ]] || rmmod "$module" || return
	done
}

shown() {
	local value=

	IFS= read -r -d '' value <"$1" || true
	printf '%s' "${value%$'\n'}"
}

refused() {
	local errno=$1 file=$2 value=$3 before='' after='' said

	# Not every knob can be read back: reset cannot.
	[[ ! -r $file ]] || IFS= read -r -d '' before <"$file" || true
	if said=$(knob write "$file" "$value"); then
		fail "$file took '${value:0:80}', $errno expected"
		return
	fi
	if [[ $said != "$errno" ]]; then
		fail "$file refused '${value:0:80}' with $said, $errno expected"
		return
	fi
	[[ ! -r $file ]] || IFS= read -r -d '' after <"$file" || true
	[[ $before == "$after" ]] ||
		fail "$file refused '${value:0:80}' and yet went from '$before' to '$after'"
}

takes() {
	local file=$1 value=$2 want=${3-$2} said now

	if ! said=$(knob write "$file" "$value"); then
		fail "$file refused '${value:0:80}' with $said"
		return
	fi
	now=$(shown "$file")
	[[ $now == "$want" ]] || fail "$file shows '$now' after '${value:0:80}', '$want' expected"
}

eventually() {
	local end=$((SECONDS + $1 * PACE + 1))

	shift
	until "$@"; do
		((SECONDS < end)) || { fail "still not so after the time allowed: $*"; return; }
		sleep 0.05
	done
}

soon() {
	if ((LATE)); then eventually "$LATE" "$@"; else "$@"; fi
}

init_reads() {
	rm -f /run/init-read.done
	echo "$1" >/run/init-read
	kill -USR1 1
	eventually 10 test -e /run/init-read.done || return
	cat /run/init-read.done
}

set_knobs() {
	local device=$1 knob

	shift
	for knob; do
		echo "${knob#*=}" >"$CLASS/$device/${knob%%=*}" || return
	done
}

set -T
