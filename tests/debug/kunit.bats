#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The unit tests of tests/kunit: one test here for each suite, by its name.
# They all run while the module loads, and what the kernel says then is kept.
# Only a debug kernel has KUnit:
#
#	make kunit
#
# A test for each case would take minutes more, all of them bats' own.
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

# The suite that the test is named after ran as many cases as it has, one at
# least, and each is "ok" and nothing else. Of those that are not it prints all
# that the kernel said. What is said of a case is indented, of a suite not.
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

@test "every suite that ran has a test here" {
	diff <(sed -nE 's/^@test "([a-z_]+)" .*/\1/p' "$BATS_TEST_FILENAME") \
		<(sed -nE 's/^ +# Subtest: //p' "$LOG")
}

@test "the kernel reports nothing while they run" {
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
