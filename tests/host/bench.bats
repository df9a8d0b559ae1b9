#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 4
#
# make bench judges, prints and records rows. The rows are not measured: tests/vm/boot is
# replaced by a script that prints the file RECORDED/REVISION-PART for each part.

setup() {
	export ROULETTE_CACHE=$BATS_TEST_TMPDIR/cache RECORDED=$BATS_TEST_TMPDIR/recorded
	unset SUITE ARCH ROULETTE_FLAVOUR
	mkdir -p "$BATS_TEST_TMPDIR"/{bin,recorded} "$BATS_TEST_TMPDIR"/tree/{docs,tests} "$ROULETTE_CACHE/guest/bookworm"
	cp -r "$BATS_TEST_DIRNAME"/../{vm,bench} "$BATS_TEST_TMPDIR/tree/tests"
	cd "$BATS_TEST_TMPDIR/tree" || return
	echo 6.1.0-0-test >"$ROULETTE_CACHE/guest/bookworm/version"
	printf '#!/bin/sh\necho "QEMU emulator version 10.0.2 (Debian)"\n' >"$BATS_TEST_TMPDIR/bin/qemu-system-x86_64"
	printf '#!/bin/sh\n' >tests/vm/build
	cat >tests/vm/boot <<-'END'
		#!/bin/bash
		revision=tree
		[[ ! -d $1/job/modules ]] || revision=base
		touch "$1"/{console,err}
		for part in $(sed -n 's/^for part in \(.*\); do$/\1/p' "$1/job/command"); do
			echo "$revision $part${ROULETTE_ICOUNT:+ counted}" >>"$RECORDED/booted"
			cat "$RECORDED/$revision-$part"
		done >"$1/out"
		echo 'RESULT rc=0' >"$1/result"
	END
	# shellcheck disable=SC2016 # the script's own argument
	echo 'build_modules() { mkdir "$2"; }' >>tests/bench/guests.bash
	chmod +x "$BATS_TEST_TMPDIR/bin/qemu-system-x86_64"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	{
		printf '# key\tpart\tkind\tgoal\tratio\twhat\tpeer\n'
		printf 'dice-roll\tdice\tcounted\t1.30\t1.20\ta roll\ta coin\n'
		printf 'dice-shake\tdice\tcounted\t0.90\t1.00\ta shake\ta nod\n'
		printf 'card-draw\tcard\tcounted\t2.00\t1.50\ta draw\ta coin\n'
		printf 'card-wait\tcard\ttimed\t1.00\t1.00\ta wait\ta nap\n'
	} >tests/bench/rows.tsv
	printf 'game\tlogarithmic\tCost of a game\tplayers\tinstructions\nlonely\tlinear\tNo points\tx\ty\n' >tests/bench/plots.tsv
	printf '<!-- make bench: begin -->\nold\n<!-- make bench: end -->\nend\n' >docs/performance.md
	# As many as the tree has, 4 % more, as many, and twice as many.
	printf 'row dice-roll\t120\t100\tns\nrow\tdice-shake\t104.0\t100.0\tns\n' >"$RECORDED/tree-dice"
	printf 'row card-draw\t15\t10\tKiB\nrow card-wait\t2000\t1000\tns\n' >"$RECORDED/tree-card"
	printf 'point game/dice\t%s\t%s\npoint game/a coin\t%s\t%s\n' 1 10 1 9 100 1000 100 900 >>"$RECORDED/tree-dice"
	git init -q .
	git add -A
	git -c user.name=a -c user.email=a@example.org commit -q -m one
}

# bench ARGUMENT...: run it. Sets output, lines and status, and RESULTS to the folder of its
# files.
bench() {
	run tests/bench/run "$@"
	echo "$output"
	RESULTS=$(echo "$ROULETTE_CACHE"/bench/bookworm-*)
}

# remark KEY: print the last column of a row of the table.
remark() {
	sed -nE "s/^$1 .*[0-9-] +[0-9-][0-9.]* +[0-9-][0-9.]* *//p" <<<"$output"
}

@test "rows within 5 % of the recorded ratio pass, and those above the goal are marked" {
	bench
	((status == 0))
	[[ ${lines[-1]} == '4 passed, 0 failed' ]]
	[[ $(remark dice-roll) == '' ]]
	[[ $(remark dice-shake) == 'above the goal' ]]
	[[ $(remark card-wait) == 'above the goal' ]]
	grep -E '^row +what +peer +ratio +goal +recorded +remark$' <<<"$output"
	grep -E '^dice-roll +a roll +a coin +1\.20 +1\.30 +1\.20$' <<<"$output"
	[[ $(sort "$RECORDED/booted") == $'tree card\ntree card counted\ntree dice counted' ]]
}

@test "a counted row that is 6 % above the recorded ratio fails, also below its goal" {
	sed -i 's/dice-roll\t120/dice-roll\t127.2/' "$RECORDED/tree-dice"
	bench
	((status == 1))
	[[ ${lines[-1]} == '3 passed, 1 failed' ]]
	[[ $(remark dice-roll) == 'FAILED: rose by 6.0 %' ]]
}

@test "a row that fell by 6 % passes, and is to be recorded" {
	sed -i 's/dice-roll\t120/dice-roll\t112.8/' "$RECORDED/tree-dice"
	bench
	((status == 0))
	[[ $(remark dice-roll) == 'fell by 6.0 %; record it by make bench DOCS=1' ]]
}

@test "rows that were not measured, not recorded, or are unknown, fail" {
	printf 'row dice-rolled\t120\t100\tns\n' >"$RECORDED/tree-dice"
	sed -i 's/card-draw\t15\t10/card-draw\t15\t0/' "$RECORDED/tree-card"
	sed -i 's/^card-wait\tcard\ttimed\t1.00\t1.00/card-wait\tcard\tcounted\t1.00\t-/' tests/bench/rows.tsv
	bench
	((status == 1))
	[[ ${lines[-1]} == '0 passed, 5 failed' ]]
	for key in dice-roll dice-shake card-draw; do
		[[ $(remark $key) == 'FAILED: not measured' ]]
	done
	[[ $(remark dice-rolled) == 'FAILED: not in rows.tsv' ]]
	[[ $(remark card-wait) == 'FAILED: no ratio recorded; record it by make bench DOCS=1' ]]
}

@test "a guest or a part that ends early fails its rows" {
	sed -i 's/rc=0/rc=1/' tests/vm/boot
	bench
	((status == 1))
	[[ $output == *'The benchmark ended early in the guest for dice'* ]]
	[[ ${lines[-1]} == '0 passed, 4 failed' ]]
	[[ $(remark dice-roll) == 'FAILED: not measured' ]]
	sed -i 's/^echo .RESULT.*/exit 71/' tests/vm/boot
	bench 'card-*'
	((status == 1))
	[[ $output == *'The guest for card did not end as it should'* ]]
	[[ ${lines[-1]} == '0 passed, 2 failed' ]]
}

@test "the results are also JSON, and plots of the points" {
	bench
	jq -e '.kernel == "6.1.0-0-test" and .qemu == "10.0.2" and .base == null and (.rows | length == 4)' "$RESULTS/bench.json"
	jq -e '.rows[0] == {key: "dice-roll", part: "dice", kind: "counted", goal: 1.3, recorded: 1.2, what: "a roll",
		peer: "a coin", unit: "instructions", cost: 120, peer_cost: 100, ratio: 1.2, base_ratio: null,
		verdict: "ok", note: null}' "$RESULTS/bench.json"
	jq -e '.points[3] == {plot: "game", line: "a coin", x: 100, y: 900}' "$RESULTS/bench.json"
	for text in 'Cost of a game' players instructions dice 'a coin' '</svg>'; do
		grep -F "$text" "$RESULTS/game.svg"
	done
	[[ $(cd "$RESULTS" && echo *.svg) == game.svg ]]
}

@test "DOCS=1 records the ratios and writes the page, unless a row is missing" {
	sed -i 's/dice-roll\t120/dice-roll\t150/' "$RECORDED/tree-dice"
	bench --docs
	((status == 0))
	[[ $(git diff --name-only) == $'docs/performance.md\ntests/bench/rows.tsv' ]]
	[[ $(cut -f 1,5 tests/bench/rows.tsv | tail -n 4) == $'dice-roll\t1.50\ndice-shake\t1.04\ncard-draw\t1.50\ncard-wait\t2.00' ]]
	grep -Fx '| a roll | a coin | 150 | 100 | 1.50 | 1.30 |' docs/performance.md
	grep -Fx '| a draw | a coin | 15.0 KiB | 10.0 KiB | 1.50 | 2.00 |' docs/performance.md
	grep -Fx '| a wait | a nap | 2000 ns | 1000 ns | 2.00 | 1.00 |' docs/performance.md
	grep -Fx '![Cost of a game](performance-game.svg)' docs/performance.md
	grep -F '</svg>' docs/performance-game.svg
	[[ $(tail -n 1 docs/performance.md) == end ]]
	bench
	((status == 0))

	git stash -q
	: >"$RECORDED/tree-card"
	bench --docs
	((status == 1))
	[[ -z $(git status --porcelain -uno) ]]
}

@test "BASE=REV shows the ratio of that revision, too" {
	printf 'row dice-roll\t180\t100\tns\npoint game/dice\t1\t15\n' >"$RECORDED/base-dice"
	cp "$RECORDED/tree-card" "$RECORDED/base-card"
	bench --base HEAD
	((status == 0))
	grep -E '^dice-roll +a roll +a coin +1\.20 +1\.30 +1\.20 +1\.80$' <<<"$output"
	grep -E '^dice-shake +a shake +a nod +1\.04 +0\.90 +1\.00 +- +above the goal$' <<<"$output"
	jq -e '.base == "HEAD" and .rows[0].base_ratio == 1.8 and .points[-1].line == "dice (HEAD)"' "$RESULTS/bench.json"
	grep -F 'dice (HEAD)' "$RESULTS/game.svg"
}

@test "COUNTED=1 and ROWS= measure only these rows, and wrong arguments are refused" {
	bench --counted 'card-*'
	[[ ${lines[-1]} == '1 passed, 0 failed' ]]
	[[ $(<"$RECORDED/booted") == 'tree card counted' ]]
	for wrong in --fast '--base nonsense' '--docs --counted' 'rows' --base; do
		# shellcheck disable=SC2086 # a list of words
		bench $wrong
		((status == 72))
	done
	[[ $(<"$RECORDED/booted") == 'tree card counted' ]]
}
