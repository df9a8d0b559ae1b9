# SPDX-License-Identifier: GPL-2.0
# seconds: 20
#
# The runner itself: what it makes of tests that fail, panic or hang, and that
# no test of the guest runs on this machine.
# bats file_tags=slow

bats_require_minimum_version 1.5.0

# One run serves most tests below. By what their heads say, the files go to
# hang in one guest and passes in one after it; mixed and panic in the other, and
# between after them.
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

# One line that matches the regex, and what follows it up to the next result.
result() {
	local found

	found=$(sed -nE "/$1/,\${p;/$1/!{/^(not )?ok /q}}" "$LOG" | sed -E '1!{/^(not )?ok /,$d}')
	[[ -n $found ]] || { echo "no line like '$1' in:"; cat "$LOG"; return 1; }
	echo "$found"
}

@test "what passes, fails and is skipped is told so, with the reason" {
	result '^ok [0-9]+ - tests\/host\/fixtures\/mixed.bats: passes in [0-9]+ms$'
	result '^not ok [0-9]+ - tests\/host\/fixtures\/mixed.bats: fails' | grep -Fx '# a word on why'
	result '^ok [0-9]+ - tests\/host\/fixtures\/mixed.bats: is skipped.*# skip for a reason$'
}

@test "a crash in the kernel's log fails the test that did not announce it" {
	result '^not ok [0-9]+ - .*: lets the kernel crash unannounced' | grep -E '^# kernel BUG at '
	result '^ok [0-9]+ - .*: announces the crash'
}

@test "what the kernel says between tests, and after the last, is a failure" {
	result '^not ok [0-9]+ - .*: pays for what came before it' | grep -Fx '# WARNING: before all tests'
	result '^ok [0-9]+ - .*: pays for nothing'
	result '^not ok [0-9]+ - this guest: the kernel reported' | grep -Fx '# WARNING: after all tests'
}

@test "a guest that panics names the test that was running, and shows its console" {
	result '^ok [0-9]+ - tests\/host\/fixtures\/panic.bats: before the panic'
	result '^not ok [0-9]+ - tests\/host\/fixtures\/panic.bats: panics$' >"$BATS_TEST_TMPDIR/panic"
	grep -F 'the guest panicked while this test was running' "$BATS_TEST_TMPDIR/panic"
	grep -F 'Kernel panic - not syncing: sysrq triggered crash' "$BATS_TEST_TMPDIR/panic"
}

@test "a guest that hangs names the test that was running" {
	result '^not ok [0-9]+ - tests\/host\/fixtures\/hang.bats: hangs$' |
		grep -F 'the guest hung while this test was running'
}

@test "what never ran has failed; the files behind it get another guest" {
	result '^not ok [0-9]+ - .*: after the panic$' | grep '^# never ran: the guest panicked'
	result '^not ok [0-9]+ - .*: after the hang$' | grep '^# never ran: the guest hung'
	result '^ok [0-9]+ - tests\/host\/fixtures\/passes.bats: passes'
}

@test "all is counted, and the run has failed" {
	[ "$STATUS" -eq 1 ]
	grep -Fx 1..14 "$LOG"
	[ "$(grep -cE '^(not )?ok [0-9]+ - ' "$LOG")" -eq 14 ]
	[ "$(grep -E '^(not )?ok ' "$LOG" | sed -E 's/^(not )?ok ([0-9]+) .*/\2/')" = "$(seq 14)" ]
	[ "$(tail -n 1 "$LOG")" = '5 passed, 8 failed, 1 skipped' ]
}

@test "no test at all is a failure" {
	run env ROULETTE_FILTER='^no such test$' T=tests/host/fixtures/passes.bats tests/vm/check
	[ "$status" -eq 1 ]
	[ "${lines[-1]}" = '0 passed, 1 failed' ]
}

@test "a test that a crash would hurt runs in a guest only" {
	run bats --tap tests/host/fixtures/panic.bats
	[ "$status" -ne 0 ]
	[[ $output == *"# These tests crash kernels and run in a guest only: make check T='tests/FILE.bats'"* ]]
	[ "$(grep -c '^ok' <<<"$output")" -eq 0 ]
}
