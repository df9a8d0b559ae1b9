# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of the tests that load this
#
# Helpers for tests of roulettectl check: what its output, $output, contains.

# line STATE NAME TEXT: the output has this line; TEXT is a pattern of bash.
line() {
	local found

	while read -r found; do
		[[ $found == "$1 "* && $found == *" $2 "*$3* ]] && return
	done <<<"$output"
	fail "no line '$1 $2 $3' in: $output"
}

# has TEXT: the output contains TEXT.
has() {
	[[ $output == *"$1"* ]] || fail "no '$1' in: $output"
}

lacks() {
	[[ $output != *"$1"* ]] || fail "'$1' in: $output"
}
