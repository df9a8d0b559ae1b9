# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the fail-nth files share. They need a kernel whose allocations can be
# made to fail, see docs/maintaining-tests.md.

# Without the traces by which the kernel tells that an allocation of its own has
# failed: see warn_alloc() in mm/page_alloc.c, and kmem_cache_create(). Of them only the line that a trace
# begins with goes; whatever else is in there is still seen. Nor the warning of an
# event_define_fields() that had no memory.
log_filter() {
	awk '
		/^WARNING: .*kernel\/trace\/trace_events\.c:/ { warned = 1; next }
		warned && /^Call Trace:$/ { warned = 0; next }
		/: (vmalloc error: size|page allocation failure: order:)|^kmem_cache_create.*\(roulette_freed\) failed with error -[0-9]+$/ { told = 1 }
		told && /^Call Trace:$/ { told = 0; next }
		!/: vmalloc error: |: page allocation failure: |^kmem_cache_create|^CPU: |^Tainted: |^Hardware name: / { told = 0 }
		{ print }'
}

# A thousand loads and unloads would wait for their late releases most of the
# time. Quick ones come from a task of their own, too, only at once.
quick_releases() {
	[[ -e $RELEASE_DELAY ]] || return 0
	export LATE_BY
	LATE_BY=$(<"$RELEASE_DELAY")
	echo 0 >"$RELEASE_DELAY"
}

late_releases() {
	[[ -z ${LATE_BY:-} ]] || echo "$LATE_BY" >"$RELEASE_DELAY"
}

# sweep WHAT ARGUMENT...: run failnth and say how many failures it visited
sweep() {
	local what=$1 said

	shift
	said=$(failnth "$@" 2>&3) || {
		fail "$what: failnth $*"$'\n'"$said"$'\n'"One failure by hand, with the kernel's stack dump," \
			"after what the test does first: ${ROULETTE_AGAIN:-}make play, then failnth -N NUMBER $*"
		return
	}
	echo "# $what: $said" >&3
}
