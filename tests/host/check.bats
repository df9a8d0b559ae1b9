# SPDX-License-Identifier: GPL-2.0
# seconds: 20
#
# tests/vm/check itself: its results for tests that fail, panic or hang. Also checks that
# no test of the guest runs on this machine.
# bats file_tags=slow

bats_require_minimum_version 1.5.0

# One run serves most tests below. The files' `# seconds:` divide them as follows: hang
# runs in one guest, and passes in a second. mixed and panic run in a third, and between
# in a fourth.
setup_file() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	unset ROULETTE_CMD ROULETTE_FILTER
	export LOG=$BATS_FILE_TMPDIR/log
	STATUS=0
	TIMEOUT=12 T="$(echo tests/host/fixtures/*.bats)" tests/vm/check >"$LOG" 2>&1 || STATUS=$?
	export STATUS
}

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
}

# result REGEX: print the result that matches, and the lines up to the next result.
result() {
	local found

	found=$(sed -nE "/$1/,\${p;/$1/!{/^(not )?ok /q}}" "$LOG" | sed -E '1!{/^(not )?ok /,$d}')
	[[ -n $found ]] || { echo "no line matches '$1' in:"; cat "$LOG"; return 1; }
	echo "$found"
}

@test "passed, failed and skipped tests are reported, with the reason" {
	result '^ok [0-9]+ - tests\/host\/fixtures\/mixed.bats: passes in [0-9]+ms$'
	result '^not ok [0-9]+ - tests\/host\/fixtures\/mixed.bats: fails' | grep -Fx '# the reason for it'
	result '^ok [0-9]+ - tests\/host\/fixtures\/mixed.bats: is skipped.*# skip with a reason$'
}

@test "a test fails if the kernel crashed and the test did not announce it" {
	result '^not ok [0-9]+ - .*: crashes unannounced' | grep -E '^# kernel BUG at '
	result '^ok [0-9]+ - .*: crashes as announced'
}

@test "reports of the kernel between tests, and after the last, are failures" {
	result '^not ok [0-9]+ - .*: fails for a report before it' | grep -Fx '# WARNING: before all tests'
	result '^ok [0-9]+ - .*: passes without a report'
	result '^not ok [0-9]+ - this guest: the kernel reported' | grep -Fx '# WARNING: after all tests'
}

@test "a panic is reported with the running test and the console" {
	result '^ok [0-9]+ - tests\/host\/fixtures\/panic.bats: before the panic'
	result '^not ok [0-9]+ - tests\/host\/fixtures\/panic.bats: panics$' >"$BATS_TEST_TMPDIR/panic"
	grep -F 'the guest panicked while this test was running' "$BATS_TEST_TMPDIR/panic"
	grep -F 'Kernel panic - not syncing: sysrq triggered crash' "$BATS_TEST_TMPDIR/panic"
}

@test "a hang is reported with the running test" {
	result '^not ok [0-9]+ - tests\/host\/fixtures\/hang.bats: hangs$' |
		grep -F 'the guest hung while this test was running'
}

@test "tests that never ran fail; later files run in another guest" {
	result '^not ok [0-9]+ - .*: after the panic$' | grep '^# never ran: the guest panicked'
	result '^not ok [0-9]+ - .*: after the hang$' | grep '^# never ran: the guest hung'
	result '^ok [0-9]+ - tests\/host\/fixtures\/passes.bats: passes'
}

@test "all results are counted, and the run fails" {
	[ "$STATUS" -eq 1 ]
	grep -Fx 1..14 "$LOG"
	[ "$(grep -cE '^(not )?ok [0-9]+ - ' "$LOG")" -eq 14 ]
	[ "$(grep -E '^(not )?ok ' "$LOG" | sed -E 's/^(not )?ok ([0-9]+) .*/\2/')" = "$(seq 14)" ]
	[ "$(tail -n 1 "$LOG")" = '5 passed, 8 failed, 1 skipped' ]
}

@test "a run without a test fails" {
	run env ROULETTE_FILTER='^no such test$' T=tests/host/fixtures/passes.bats tests/vm/check
	[ "$status" -eq 1 ]
	[ "${lines[-1]}" = '0 passed, 1 failed' ]
}

@test "a test of the guest refuses to run on this machine" {
	run bats --tap tests/host/fixtures/panic.bats
	[ "$status" -ne 0 ]
	[[ $output == *"# These tests may crash the kernel, so they run only in a guest. Use: make check T='tests/FILE.bats'"* ]]
	[ "$(grep -c '^ok' <<<"$output")" -eq 0 ]
}
