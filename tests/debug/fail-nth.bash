# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the fail-nth files share. They need a kernel whose allocations can be
# made to fail, see docs/testing.md.

# Without the traces by which the kernel tells that an allocation of its own has
# failed: see warn_alloc() in mm/page_alloc.c. Of them only the line that a trace
# begins with goes; whatever else is in there is still seen.
kernel_log() {
	dmesg --notime | awk '
		/: (vmalloc error: size|page allocation failure: order:)/ { told = 1 }
		told && /^Call Trace:$/ { told = 0; next }
		!/: vmalloc error: |: page allocation failure: |^CPU: |^Hardware name: / { told = 0 }
		{ print }'
}

# Jiffies jump when somebody waits for a late release, which RCU would take for
# a stall of its own.
quick_releases() {
	modprobe hasten
	echo 1 >/sys/module/rcupdate/parameters/rcu_cpu_stall_suppress
}

# sweep WHAT ARGUMENT...: run failnth and say how many failures it visited
sweep() {
	local what=$1 said

	shift
	said=$(failnth "$@" 2>&3) || fail "$what: failnth $*"$'\n'"$said" || return
	echo "# $what: $said" >&3
}
