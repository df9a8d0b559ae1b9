# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions of the fail-nth files. These files need a kernel whose allocations can
# fail on purpose, see docs/maintaining-tests.md.

# Drop lines by which the kernel reports a failed allocation. warn_alloc() in
# mm/page_alloc.c and kmem_cache_create() log a trace: its line `Call Trace:` is
# dropped, and any other report in the trace is kept. event_define_fields() warns:
# the line of the warning and its `Call Trace:` are dropped.
log_filter() {
	awk '
		/^WARNING: .*kernel\/trace\/trace_events\.c:/ { warned = 1; next }
		warned && /^Call Trace:$/ { warned = 0; next }
		/: (vmalloc error: size|page allocation failure: order:)|^kmem_cache_create.*\(roulette_(freed|double_free|usercopy)\) failed with error -[0-9]+$/ { told = 1 }
		told && /^Call Trace:$/ { told = 0; next }
		!/: vmalloc error: |: page allocation failure: |^kmem_cache_create|^CPU: |^Tainted: |^Hardware name: / { told = 0 }
		{ print }'
}

# Delayed releases would take most of the time of a thousand loads and unloads.
# Without the delay, another task still does each release, but at once.
quick_releases() {
	[[ -e $RELEASE_DELAY ]] || return 0
	export LATE_BY
	LATE_BY=$(<"$RELEASE_DELAY")
	echo 0 >"$RELEASE_DELAY"
}

late_releases() {
	[[ -z ${LATE_BY:-} ]] || echo "$LATE_BY" >"$RELEASE_DELAY"
}

# sweep WHAT ARGUMENT...: run failnth, and print how many failures it tried.
sweep() {
	local what=$1 said

	shift
	said=$(failnth "$@" 2>&3) || {
		fail "$what: failnth $*"$'\n'"$said"$'\n'"To repeat one failure with the kernel's stack dump:" \
			"${ROULETTE_AGAIN:-}make play, then the earlier steps of the test, then failnth -N NUMBER $*"
		return
	}
	echo "# $what: $said" >&3
}
