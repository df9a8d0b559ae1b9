# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Shared by all bats files of the suite. Each of them loads it by its first statement:
#
#	load guest
#
# This file refuses to run outside a guest of `make check` or `make play`, because a
# test may crash the kernel under it.
#
# setup and teardown below are the defaults. A file that defines its own must call
# guest_setup first and guest_teardown last:
#
#	setup()    { guest_setup; load_all; }
#	teardown() { unload_all && guest_teardown; }
#
# guest_setup sends the test's name to the host, which reports it if the guest dies. It
# also starts a new kernel log.
#
# guest_teardown fails a test whose kernel log contains a crash that the test did not
# announce by expect_crash. It prints the log of a failed test. After the last test of a
# file it fails if memory was leaked or lockdep was disabled, on kernels that detect this.
# The status of teardown is that of its last command, so join the commands by &&.
#
# Variables
#	$CLASS    /sys/class/roulette           knobs by device name
#	$CONFIG   /sys/kernel/config/roulette   TYPE/NAME
#	$SUITE    directory of the tests; the sources are in $SUITE/..
#	$LATE     seconds within which a device is released after its last user;
#	          0 except on some debug kernels
#	$PACE     factor for time limits of a test's steps; 1, or 3 on debug kernels
#	$KILLERS  two actions that kill the reader and nothing else; $KILLER is one
# The programs of tests/tools/*.c are on the PATH by their names.
#
# Functions
#	load_all [MODULE.PARAM=VALUE...]  modprobe both device types
#	find_modules                 export the files CORE ROULETTE PARROT COIN MISFIT
#	remove_instances             rmdir every instance
#	unload_all                   rmdir every instance and unload all modules
#	kernel_log                   print the kernel's messages since the test began
#	log_has REGEX                fail, with the log, unless a line matches
#	expect_crash                 allow the kernel to report a crash in this test
#	log_begins                   fail if the log contains a crash, and start a new log;
#	                             setup and teardown call it
#	shown FILE                   print a knob's value without its newline
#	refused ERRNO FILE VALUE     a write fails with ERRNO and changes nothing
#	takes FILE VALUE [SHOWN]     a write succeeds, and the knob then shows SHOWN
#	                             (default: VALUE)
#	set_knobs DEVICE KNOB=VALUE...  write the knobs in this order through sysfs
#	eventually SECONDS COMMAND   repeat the command until it succeeds; fail after
#	                             SECONDS times $PACE
#	soon COMMAND                 run it once; where releases are deferred, repeat it
#	                             for up to $LATE seconds
#	init_reads FILE              let PID 1 read a line of FILE; print bash's error
#	                             message if any, then "rc=N line=LINE"
#	fail MESSAGE                 print MESSAGE and fail
#
# VALUE is written by one write(2) without an added newline. It may contain the escapes
# \n \t \\ \xHH \0 (see tests/tools/knob.c).

if [[ ! -e /run/roulette-guest ]]; then
	echo "These tests may crash the kernel, so they run only in a guest. Use: make check T='tests/FILE.bats'" >&2
	return 1
fi

# bats records each command by a DEBUG trap, which takes milliseconds per command in a
# guest. Disable the trap while this file is loaded; see also guest_setup.
set +T

bats_require_minimum_version 1.5.0

# shellcheck source=tests/guest/log.bash
. /suite/tests/guest/log.bash

export CLASS=/sys/class/roulette
export CONFIG=/sys/kernel/config/roulette
export SUITE=/suite/tests

read -r KERNEL </proc/sys/kernel/osrelease

# DEBUG_KOBJECT_RELEASE defers a release by less than a second, plus scheduling. Only our
# kernels have the parameter (see tests/vm/kernel). Reading /proc/kallsyms takes half a
# second, so the tests of a file inherit LATE from the file.
RELEASE_DELAY=/sys/module/kernel/parameters/kobject_release_delay
if [[ -z ${LATE:-} ]]; then
	export LATE=0
	[[ ! -e $RELEASE_DELAY ]] || ! grep -q ' kobject_delayed_cleanup$' /proc/kallsyms || LATE=10
fi

# Only Debian's kernels have a suffix in their release; a debug kernel has only a number.
export PACE=1
[[ $KERNEL == *-* ]] || PACE=3

# Actions that kill the reader only: two that each kernel has, one of them, and the others.
# riscv64 treats the trap of a BUG() as an NMI, and a task that dies in an interrupt panics
# the kernel.
export KILLERS='bug oops' MORE_KILLERS='null gpf divide list_corruption double_free usercopy'
[[ $HOSTTYPE != riscv64 ]] || KILLERS=oops MORE_KILLERS=null
# Debug kernels report these two and continue.
[[ $KERNEL == *-* ]] || MORE_KILLERS=${MORE_KILLERS/list_corruption double_free /}
export KILLER=${KILLERS%% *}

# In an order in which they can be unloaded.
ROULETTE_MODULES=(misfit coin bell parrot roulette roulette_core)

setup() {
	guest_setup
}

teardown() {
	guest_teardown
}

guest_setup() {
	# bats needs to record only the lines of the test, setup and teardown.
	trap '[[ ":$BATS_TEST_NAME:setup:teardown:" != *":$FUNCNAME:"* ]] ||
		bats_debug_trap "$BASH_SOURCE"' DEBUG
	crash_expected=
	# tests/guest/run keeps this file descriptor open, and the host reads it.
	if [[ -n ${ROULETTE_RESULT:-} ]]; then
		echo "# running ${BATS_TEST_FILENAME#/suite/}: $BATS_TEST_DESCRIPTION" >&"$ROULETTE_RESULT"
	fi
	log_begins || fail 'The kernel reported this between the previous test and this one.'
}

guest_teardown() {
	if [[ ${BATS_TEST_COMPLETED:-} != 1 ]]; then
		echo "the last lines of the kernel log of this test:"
		kernel_log | tail -n 40
	fi
	log_begins || return
	((BATS_TEST_NUMBER < ${#BATS_TEST_NAMES[@]})) || { file_lost_nothing && expect_lockdep; }
}

# Search for leaks once, after the last test of a file, because a search takes most of a
# minute. With ROULETTE_QUICK only the one at the guest's end runs, see tests/guest/run.
file_lost_nothing() {
	[[ -n ${ROULETTE_QUICK:-} ]] || expect_no_leaks
}

expect_no_leaks() {
	local found

	found=$(leaks) || fail "this test, or one before it, leaked memory:"$'\n'"$found"
}

# An oops (taint 128) or a report of KASAN (32) disables lockdep. Nothing else may do so.
expect_lockdep() {
	[[ -e /proc/lockdep_stats && ! -e /run/lockdep-is-off ]] || return 0
	(($(</proc/sys/kernel/tainted) & (128 | 32))) ||
		grep -qE '^ *debug_locks: +1$' /proc/lockdep_stats || {
		touch /run/lockdep-is-off
		fail "this test, or one before it, disabled lockdep; it does not check the tests after this one"
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
		fail "the kernel reported a fault that this test did not expect ('$REPORT'):"$'\n'"$1"
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

	# Not every knob is readable: reset is not.
	[[ ! -r $file ]] || IFS= read -r -d '' before <"$file" || true
	if said=$(knob write "$file" "$value"); then
		fail "$file accepted '${value:0:80}', $errno expected"
		return
	fi
	if [[ $said != "$errno" ]]; then
		fail "$file refused '${value:0:80}' with $said, $errno expected"
		return
	fi
	[[ ! -r $file ]] || IFS= read -r -d '' after <"$file" || true
	[[ $before == "$after" ]] ||
		fail "$file refused '${value:0:80}', but changed from '$before' to '$after'"
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
		((SECONDS < end)) || { fail "did not succeed within the time limit: $*"; return; }
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
