# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The loads under which a guest pulls the trigger. load_NAME starts a load, and returns
# when the load has an effect.

# grows COMMAND...: whether the number that COMMAND prints grows within two seconds.
grows() {
	local before try

	before=$("$@")
	for ((try = 0; try < 20; try++)); do
		sleep 0.1
		(($("$@") == before)) || return 0
	done
	return 1
}

# ticks CPU: print the number of timer interrupts that the CPU has taken.
ticks() {
	awk -v field=$(($1 + 2)) '$1 == "LOC:" { print $field }' /proc/interrupts
}

# worked CPU: print the time that the CPU has spent in tasks, in hundredths of a second.
worked() {
	awk -v cpu="cpu$1" '$1 == cpu { print $2 + $4 }' /proc/stat
}

# CPU 2 spins with interrupts off, by a second roulette. Before that it is busy, because an
# idle CPU takes no timer interrupts either.
load_spinning() {
	local knob knobs=/sys/class/roulette/spinner

	mount -t configfs config /sys/kernel/config
	mkdir /sys/kernel/config/roulette/roulette/spinner
	for knob in action=hard_lockup hang_time=0 odds=1/1; do
		echo "${knob#*=}" >"$knobs/${knob%%=*}" || broken "$knob is refused"
	done
	taskset -c 2 cat /dev/zero >/dev/null &
	grows ticks 2 || broken "CPU 2 took no timer interrupts before it was to spin"
	taskset -c 2 cat /dev/roulette/spinner >/dev/null &
	sleep 0.5
	! grows ticks 2 || broken "CPU 2 does not spin"
}

reclaimed() {
	awk '/^pgsteal_(kswapd|direct) / { sum += $2 } END { print sum }' /proc/vmstat
}

# A file in memory leaves 24 MB. Readers of the disk need more than that, so the kernel must
# reclaim memory all the time. There is no swap.
load_memory() {
	local available

	available=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)
	mount -t tmpfs -o size=100% hog /mnt
	head -c "$((available - 24 * 1024))K" /dev/zero >/mnt/hog || broken "cannot fill the memory"
	for _ in 1 2; do
		while cat /dev/nvme0n1; do :; done >/dev/null 2>&1 &
	done
	grows reclaimed || broken "the memory is not short"
}

sectors() {
	awk '{ print $7 }' /sys/block/nvme0n1/stat
}

packets() {
	cat /sys/class/net/eth0/statistics/tx_packets
}

# Writes to the disk that must reach it, and frames by the network interface of netconsole.
load_io() {
	while dd if=/dev/zero of=/load bs=1M count=64 conv=fsync; do :; done 2>/dev/null &
	/suite/tests/drill/flood eth0 &
	grows sectors || broken "nothing is written to the disk"
	grows packets || broken "nothing is sent by the network"
}
