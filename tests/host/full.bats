#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# make full continues an interrupted run, and writes its page. Its steps are replaced by
# scripts. Each script records that it ran, and one fails the first time.

setup() {
	export ROULETTE_CACHE=$BATS_TEST_TMPDIR/cache RAN=$BATS_TEST_TMPDIR/ran
	unset SUITE ARCH ROULETTE_FLAVOUR
	mkdir -p "$BATS_TEST_TMPDIR/tree"/{docs,tests/drill,tests/bench,tests/fuzz-tools}
	cp -r "$BATS_TEST_DIRNAME/../vm" "$BATS_TEST_TMPDIR/tree/tests"
	cd "$BATS_TEST_TMPDIR/tree" || return
	printf '#!/bin/sh\nexit 0\n' >tests/vm/packages
	for step in tests/vm/{check,matrix,coverage} tests/drill/run tests/bench/{list,run} tests/fuzz-tools/run; do
		cat >"$step" <<-END
			#!/bin/sh
			echo "$step \$*" >>"\$RAN"
			echo "3 passed, 0 failed, 1 skipped"
		END
		chmod +x "$step"
	done
	cat >tests/vm/coverage <<-'END'
		#!/bin/sh
		echo "coverage full=$ROULETTE_FULL" >>"$RAN"
		echo "3 passed, 0 failed"
		echo "coverage: 99.1 % of lines: index.html"
		[ "$(grep -c coverage "$RAN")" -gt 1 ]
	END
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\necho "QEMU emulator version 10.0.2 (Debian)"\n' >"$BATS_TEST_TMPDIR/bin/qemu-system-x86_64"
	chmod +x "$BATS_TEST_TMPDIR/bin/qemu-system-x86_64"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	git init -q .
	git add -A
	git -c user.name=a -c user.email=a@example.org commit -q -m one
}

@test "each step runs once, a failed step again, and the page shows the results" {
	run tests/vm/full
	[ "$status" -eq 1 ]
	[ "$(sort "$RAN" | uniq -d)" = '' ]
	grep -Fx 'coverage full=1' "$RAN"
	grep -Fx 'tests/vm/matrix bookworm+memory' "$RAN"
	grep -E '^\| coverage \| 3 \| 1 \| 0 \| 0 \| 99.1 % of lines \|$' docs/full.md
	steps=$(grep -c '' "$RAN")
	[[ ${lines[-1]} =~ ^[0-9]+\ passed,\ 1\ failed, ]]

	# The changed page does not prevent a second run, which repeats only the failed step.
	run tests/vm/full
	[ "$status" -eq 0 ]
	[ "$(grep -c '' "$RAN")" -eq $((steps + 1)) ]
	[ "${lines[-1]}" = "$((3 * steps)) passed, 0 failed, $((steps - 1)) skipped" ]
	grep -E "^Commit $(git log -1 --format=%h), 20[0-9-]+, [0-9]+ processors, QEMU emulator version 10.0.2\.$" docs/full.md
	grep -E '^\| check \| 3 \| 0 \| 1 \| 0 \|  \|$' docs/full.md
}

@test "an interrupted step counts as not run, and changed sources are refused" {
	cat >tests/drill/run <<-'END'
		#!/bin/sh
		kill "$PPID"
		sleep 5
	END
	git -c user.name=a -c user.email=a@example.org commit -q -a -m two
	run tests/vm/full
	[ "$status" -eq 143 ]
	grep -F '| drills |  |  |  |  | not run yet |' docs/full.md
	echo '# changed' >>tests/vm/matrix
	run tests/vm/full
	[ "$status" -eq 72 ]
	[[ $output == *'make full tests a commit'* ]]
}
