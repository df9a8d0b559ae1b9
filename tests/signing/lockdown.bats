#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The table of docs/signing.md: what a kernel with lockdown forbids, and what works.
#
# seconds: 20
# bats file_tags=signing

load ../guest

PAGE=$SUITE/../docs/signing.md
NODE=/dev/kernel-roulette
TRACING=/sys/kernel/tracing

setup() {
	guest_setup
	load_all
	set_knobs kernel-roulette odds=0
	mount -t securityfs securityfs /sys/kernel/security
	LOCKDOWN=$(sed 's/.*\[\(.*\)\].*/\1/' /sys/kernel/security/lockdown)
	umount /sys/kernel/security
}

teardown() {
	unload_all && guest_teardown
}

# cell FEATURE: print the page's cell for this feature and this lockdown.
cell() {
	awk -F ' *[|] *' -v feature="$1" -v lockdown="$LOCKDOWN" '
		/^\| feature / { for (i = 2; i <= NF; i++) if ($i == "`" lockdown "`") column = i }
		column && $2 == feature { print $column }' "$PAGE"
}

# tried FEATURE COMMAND...: COMMAND must succeed, or fail and log the words that the page
# shows.
tried() {
	local shown

	shown=$(cell "$1")
	[[ -n $shown ]] || fail "the page has no cell for '$1' and $LOCKDOWN"
	log_begins
	run "${@:2}"
	echo "$output"
	case $shown in
	works) [[ $status == 0 ]] ;;
	*) [[ $status != 0 ]] && kernel_log | grep -F "${shown//\`/}" ;;
	esac || fail "$1: status $status instead of '$shown'"
}

@test "ramoops, /proc/kcore and kexec: lockdown forbids them as the page shows" {
	tried 'ramoops with module parameters' modprobe -v ramoops mem_address=0x10000000 \
		mem_size=0x100000 record_size=0x20000
	tried '/proc/kcore: drgn, crash on the running kernel' head -c 16 /proc/kcore
	command -v kexec >/dev/null || skip "only trixie's guest has kexec"
	tried 'kexec without -s' kexec -c -l "/boot/vmlinuz-$KERNEL" --reuse-cmdline
	tried 'kexec -s of a signed kernel' kexec -s -l "/boot/vmlinuz-$KERNEL" --reuse-cmdline
	[[ $(</sys/kernel/kexec_loaded) == 1 ]]
}

@test "trace events record pulls, unless lockdown is confidentiality" {
	local shown

	shown=$(cell 'trace events: trace-cmd, perf, bpftrace')
	if [[ $LOCKDOWN == integrity ]]; then
		[[ $shown == works ]]
		echo 1 >$TRACING/events/roulette/roulette_pull/enable
		cat $NODE
		echo 0 >$TRACING/events/roulette/roulette_pull/enable
		grep 'roulette_pull: device=kernel-roulette ' $TRACING/trace
	else
		[[ $shown == 'no line' ]]
		[[ ! -e $TRACING/events ]]
	fi
}
