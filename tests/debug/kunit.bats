#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The unit tests of tests/kunit. Each suite has a test here, named after the suite.
# All suites run while the module loads, and setup_file keeps the kernel log of the
# load. Only a debug kernel has KUnit:
#
#	make kunit
#
# A test for each case would add minutes, in which only bats runs.
#
# seconds: 40
# bats file_tags=memory

load ../guest

setup_file() {
	export LOG=$BATS_FILE_TMPDIR/log

	log_begins
	modprobe roulette_kunit
	take_log >"$LOG"
}

teardown_file() {
	rmmod roulette_kunit roulette_core
}

# The suite of the test's name ran all its cases, at least one, and each is "ok". For
# each other case, all its log lines are printed. The lines of a case are indented,
# the lines of a suite are not.
passed() {
	awk -v suite="$BATS_TEST_DESCRIPTION" '
		/^ +# Subtest: / { ours = $3 == suite; block = ""; next }
		!ours { next }
		/^ +1\.\.[0-9]+$/ { planned = substr($1, 4); next }
		{ block = block $0 "\n" }
		/^ +ok [0-9]+ [a-z0-9_]+$/ { ok++; block = ""; next }
		/^ +(not )?ok [0-9]+ / { printf "%s", block; block = ""; next }
		/^ok [0-9]+ / { whole = $3 == suite; ours = 0 }
		/^not ok / { ours = 0 }
		END {
			printf "# %d of %d cases passed\n", ok, planned
			exit !(planned && ok == planned && whole)
		}' "$LOG"
}

@test "each suite that runs has a test in this file" {
	diff <(sed -nE 's/^@test "([a-z_]+)" .*/\1/p' "$BATS_TEST_FILENAME") \
		<(sed -nE 's/^ +# Subtest: //p' "$LOG")
}

@test "the kernel reports no fault while the suites run" {
	[[ -s $LOG ]]
	expect_clean "$(<"$LOG")"
}

@test "roulette_parse" { passed; }
@test "roulette_odds" { passed; }
@test "roulette_draw" { passed; }
@test "roulette_rules" { passed; }
@test "roulette_line" { passed; }
@test "roulette_place" { passed; }
@test "parrot_rate" { passed; }
@test "parrot_clock" { passed; }
@test "parrot_animation" { passed; }
@test "parrot_rows" { passed; }
@test "parrot_mirror" { passed; }
