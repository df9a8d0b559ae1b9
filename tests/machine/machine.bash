# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # used by the tests that load this
#
# machine.bash: helpers for tests that run on this machine and boot a Debian machine over
# several lives. A test writes:
#
#	load machine
#	@test "..." {
#		SUITE=trixie                        # or bookworm
#		MACHINE_OPTIONS='crashkernel=192M'  # parameters of the kernel
#		MACHINE_DEVICES='erst net'          # see tests/machine/boot
#		life "$PULL panic"                  # the first life: script as root
#		[[ $status == 70 ]]                 # it panicked
#		life 'ls /var/crash/*/dmesg.*'      # the next life, after the restart
#		[[ $status == 0 && $output == *dmesg* ]]
#	}
#
# Each life is one run of QEMU. The boot of a crash kernel is part of the life that
# panicked. Files that a script writes are on the disk only after `sync`, if the machine
# panics. MACHINE_* may change between two lives.

export SUITE MACHINE_OPTIONS MACHINE_DEVICES MACHINE_DISK MACHINE_PAYLOAD MACHINE_KERNEL
MACHINE_TESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Prefix for scripts: pull ACTION [LABEL] hits once, with this action and label.
# shellcheck disable=SC2016 # expanded in the machine
PULL='
	pull() {
		cd /sys/class/roulette/kernel-roulette
		echo "${2:-drill 4711}" >label
		echo "$1" >action
		echo 1/1 >odds
		cat /dev/kernel-roulette
	}
	modprobe roulette odds=0
'

# Command that sends the log to the host; it arrives in $netconsole.
NETCONSOLE='modprobe netconsole netconsole=6665@10.0.2.15/eth0,6666@10.0.2.2/52:55:0a:00:02:02'

# life SCRIPT [LIMIT]: run SCRIPT in the next life of this test's machine. Sets:
#
#	status      the script's exit status, or `cut` after power_cut; if the machine ended
#	            before the script, or LIMIT seconds are over: see tests/machine/boot
#	output      output of the script
#	console     lines of the serial console, also of a crash kernel
#	netconsole  lines that arrived from the network
#	MACHINE     directory with the files of tests/machine/boot. A test may set it before.
life() {
	local ended=0

	: "${MACHINE:=$BATS_TEST_TMPDIR/machine}"
	"$MACHINE_TESTS/boot" "$MACHINE" "${2:-300}" <<<"$1" || ended=$?
	output=$(<"$MACHINE/output")
	console=$(said console)
	netconsole=$(said net)
	status=$ended
	((ended)) || status=$(<"$MACHINE/status")
	status=${status:-cut}
	printf '%s\n' "--- life of $SUITE ended with $status; console:" "$console" '--- output:' "$output"
}

# said SOURCE: print the lines of one source in the events of the last life.
said() {
	sed -n "s/^[0-9.]* $1 //p" "$MACHINE/events"
}
