# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Prints the results of tests/drill/run: failures at once, all cells as a table, as JSON,
# and in docs/drill-results.md. RESULT[DRILL/COLLECTOR] is the seconds, a word of reasons.tsv,
# or "FAILED".

declare -A RESULT

DOCS=$TREE/docs/drill-results.md

why() {
	reason "$1" 3
}

# cell_json OK WHY: add the cell that judge() checks to the JSON.
cell_json() {
	local seen=true expected=seen

	# shellcheck disable=SC2154 # set by judge()
	[[ ${FIELDS[$name/$collector]} == + ]] || expected=unseen
	[[ -n $AT ]] || seen=false
	# shellcheck disable=SC2154 # set by judge() and drill()
	JSON_CELLS+=("$(printf '{"drill": "%s", "action": "%s", "collector": "%s", "setup": "%s", "settings": "%s", "options": "%s", "label": "%s", "expected": "%s", "seen": %s, "seconds": %s, "why": "%s", "ok": %s}' \
		"$name" "${name%@*}" "$collector" "$setup" "${FIELDS[$name/settings]#-}" "${FIELDS[$name/options]#-}" \
		"$LABEL" "$expected" "$seen" "${AT:-null}" "${2//[\"\\]/}" "$1")")
}
JSON_CELLS=()

pass_cell() {
	local expected=${FIELDS[$name/$collector]} why=''

	((++passed))
	[[ $expected == + ]] || why=$(why "$expected")
	RESULT[$name/$collector]=${AT:-$expected}
	cell_json true "$why"
}

fail_cell() {
	((++failed))
	RESULT[$name/$collector]=FAILED
	FAILED+=("$name/$collector")
	say "FAILED $name/$collector: $1"
	cell_json false "$1"
}

# tell_failure CELL...: print the last events of an unexpected result, and the command that
# repeats it.
tell_failure() {
	say "The last events (all: $WORK/events; for the setup of ${WORK##*/} see tests/drill/setups.bash):"
	tail -n 25 "$WORK/events" | cut -c 1-160 | sed 's/^/    /' >&2
	[[ ! -s $WORK/qemu ]] || sed 's/^/    QEMU: /' "$WORK/qemu" >&2
	say "Run again: make drill CELLS='$*'"
}

json() {
	local i

	printf '{"kernel": "%s", "qemu": "%s", "date": "%s", "passed": %s, "failed": %s, "cells": [\n' \
		"$(<"$KERNEL/version")" "$("$QEMU" --version | sed -n '1s/.* version \([0-9.]*\).*/\1/p')" \
		"$(date -u +%FT%TZ)" "$passed" "$failed"
	for i in "${!JSON_CELLS[@]}"; do
		((i == ${#JSON_CELLS[@]} - 1)) || JSON_CELLS[i]+=,
		printf '\t%s\n' "${JSON_CELLS[i]}"
	done
	echo ']}'
}

# rows FORMAT: call FORMAT with the words of each row. The first row is the heading.
rows() {
	local each drill collector last='' words

	"$1" drill "${COLLECTORS[@]}"
	for each in "${PLAN[@]}"; do
		drill=${each%% *}
		[[ $drill != "$last" ]] || continue
		last=$drill words=()
		for collector in "${COLLECTORS[@]}"; do
			words+=("$(short "${RESULT[$drill/$collector]:-}")")
		done
		"$1" "$drill" "${words[@]}"
	done
}

# short RESULT: print a reason as its letter, which is its position among all reasons.
short() {
	if [[ $1 =~ ^[a-z] ]]; then
		awk -F '\t' -v word="$1" '
			/^#/ { next }
			{ letter = substr("abcdefghijklmnopqrstuvwxyz", ++number, 1) }
			$1 == word { print "(" letter ")" }' "$REASONS"
	else
		echo "$1"
	fi
}

reasons_given() {
	local word

	while read -r word; do
		echo "$(short "$word") $(why "$word")"
	done < <(printf '%s\n' "${RESULT[@]}" | grep '^[a-z]' | sort -u) | sort
}

plain_row() {
	local i

	printf '%-21s' "$1"
	for ((i = 0; i < ${#COLLECTORS[@]}; i++)); do
		printf " %-${#COLLECTORS[i]}s" "${@:i + 2:1}"
	done
	echo
}

table() {
	rows plain_row | sed 's/ *$//'
	reasons_given
}

# docs_row WORD...: print a Markdown row: | a | b |
docs_row() {
	printf '|'
	printf ' %s |' "$@"
	echo
	[[ $1 != drill ]] || { printf '|'; printf '%s' "${@/*/---|}"; echo; }
}

docs_table() {
	local drill settings options last='' row

	echo "Kernel $(<"$KERNEL/version"), seconds from the line of the hit to the evidence. A letter gives the reason for no evidence; an empty cell was not tried:"
	echo
	rows docs_row
	echo
	reasons_given | sed 's/^/- /'
	echo
	echo 'Settings and kernel options of each drill:'
	echo
	echo '| drill | settings | kernel options |'
	echo '|---|---|---|'
	for row in "${PLAN[@]}"; do
		drill=${row%% *} settings=${FIELDS[${row%% *}/settings]} options=${FIELDS[${row%% *}/options]}
		[[ $drill != "$last" && $settings$options != -- ]] || continue
		last=$drill
		echo "| $drill | ${settings#-} | ${options#-} |"
	done
}

write_docs() {
	docs_table | replace_marked "$DOCS" 'make drill'
}
