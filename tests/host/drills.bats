#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# docs/drills.md: every command in it, as a person would type it, in its order, by
# way of make play. What it ends by "# bang: ..." must come out; and where it says that
# the machine ends, that must be so.
#
# seconds: 14

# chain NUMBER: the commands up to the first end of the machine, or those after it
chain() {
	awk -v wanted="$1" '
		/^ *<!-- the machine ends -->$/ { number++ }
		/^ *```sh$/ { match($0, /^ */); indent = RLENGTH; inside = 1; next }
		/^ *```$/ { inside = 0 }
		inside && number == wanted - 1 { print substr($0, indent + 1) }
	' docs/drills.md
}

# play NUMBER: what is on its console and its output, and its status, as run has them.
# A guest has no network card, and what the page pulls by the way must not hit.
play() {
	chain "$1" >"$BATS_TEST_TMPDIR/chain"
	run env ROULETTE_CMD="set -euxo pipefail
		modprobe dummy numdummies=1
		$([[ $1 == 1 ]] || echo 'echo N >/sys/module/roulette/parameters/armed')
		$(sed 's/\beth0\b/dummy0/' "$BATS_TEST_TMPDIR/chain")
		$([[ $1 == 2 ]] || echo sleep 20)" tests/vm/play
	echo "$output"
	sed -n 's/.*# *\(bang: .*\)/\1/p' "$BATS_TEST_TMPDIR/chain" >"$BATS_TEST_TMPDIR/bangs"
	while read -r line; do
		grep -Fx "$line" <<<"$output" || return
	done <"$BATS_TEST_TMPDIR/bangs"
}

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
}

@test "the first drill, up to the panic" {
	play 1
	[[ $status == 70 ]]
	grep -E 'Kernel panic - not syncing: kernel-roulette: shot, action panic, label "drill [^"]*ticket 4711, panic"$' <<<"$output"
	(($(wc -l <"$BATS_TEST_TMPDIR/bangs") == 2))
}

@test "all other commands" {
	play 2
	[[ $status == 0 ]]
	(($(wc -l <"$BATS_TEST_TMPDIR/chain") > 25))
	[[ -z $(chain 3) ]]
}
