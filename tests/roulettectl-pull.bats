#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 15
#
# roulettectl pull: its lines, its summary, and hits that kill the reader.

load guest
load terminal

KNOBS=/sys/class/roulette/bond

setup_file() {
	load_all roulette.odds=0
	terminal_begins 70 20
}

teardown_file() {
	terminal_ends
	unload_all
}

setup() {
	guest_setup
	terminal_begins_anew
	echo Y >/sys/module/roulette/parameters/armed
	mkdir "$CONFIG/roulette/bond"
	set_knobs bond odds=1/1 action=none seed=1
	log_begins
}

teardown() {
	remove_instances && guest_teardown
}

# bar_is_last REGEX: the bar is in the last row only.
bar_is_last() {
	local rows

	mapfile -t rows < <(screen)
	[[ ${rows[-1]} =~ $1 && ! "${rows[*]:0:${#rows[@]}-1}" =~ $1 ]]
}

# ended STATUS OUTPUT: the last run printed this, and nothing else.
ended() {
	[[ $status == "$1" && $output == "$2" ]] || fail "status $status: $output"
}

# pull_json [OPTION...]: pull bond, check the JSON and print it on one line.
pull_json() {
	roulettectl pull --json "$@" bond | python3 -c '
import json, jsonschema, sys
value = json.load(sys.stdin)
jsonschema.validate(value, json.load(open(sys.argv[1])))
print(json.dumps(value))' "$SUITE/schemas/pull.json"
}

no_reader() {
	! pgrep -x roulettectl >/dev/null
}

@test "pull prints the lines of the device and a summary" {
	run roulettectl pull bond
	ended 0 'bang: drew 0, odds 1/1, action none

pulls     1
hits      1
expected  1 at odds 1/1'
	set_knobs bond odds=10 seed=5
	roulettectl pull -n 100 bond >"$BATS_TEST_TMPDIR/said"
	echo 5 >$KNOBS/seed
	pull -n 100 /dev/roulette/bond | diff - <(head -n 100 "$BATS_TEST_TMPDIR/said")
	[[ $(tail -n 4 "$BATS_TEST_TMPDIR/said") == "
pulls     100
hits      $(grep -c ^bang "$BATS_TEST_TMPDIR/said")
expected  10 at odds 10/100; 5 to 16 in at least 95 % of runs" ]] || fail "$(<"$BATS_TEST_TMPDIR/said")"
	[[ $(<$KNOBS/pulls) == 201 ]]
}

@test "a hit that kills the reader counts, and a new reader continues" {
	local action

	expect_crash
	for action in $KILLERS kill; do
		echo "$action" >$KNOBS/action
		run roulettectl pull -n 2 bond
		[[ $status == 0 && ${lines[1]} =~ ,\ reader\ ([0-9]+)\ has\ died$ ]] || fail "$output"
		log_has "action $action, .*pid ${BASH_REMATCH[1]} \(roulettectl\)"
		[[ ${lines[0]} != "${lines[1]}" ]]
		[[ $(sed -E 's/[0-9]+( has died)/PID\1/' <<<"$output") == "bang: drew 0, odds 1/1, action $action, reader PID has died
bang: drew 0, odds 1/1, action $action, reader PID has died

pulls     2
hits      2
died      2 readers
expected  2 at odds 1/1" ]] || fail "$output"
	done
	[[ $(<$KNOBS/hits) == "$((2 * $(wc -w <<<"$KILLERS kill")))" ]]
}

# bats test_tags=slow
@test "a reader that the OOM killer kills counts as a hit" {
	expect_crash
	echo oom >$KNOBS/action
	run roulettectl pull bond
	[[ $status == 0 && $output == *', action oom, reader '*' has died'*'died      1 reader'$'\n'* ]] || fail "$output"
}

@test "with respin 0 the expected number of hits is exact" {
	set_knobs bond odds=2/6 respin=0
	run roulettectl pull -n 60 bond
	[[ ${output##*$'\n\n'} == 'pulls     60
hits      20
expected  20 at odds 2/6, respin 0' ]] || fail "$output"
	run roulettectl pull -n 62 bond
	[[ $output == *'expected  20 to 22 at odds 2/6, respin 0' ]] || fail "$output"
	run roulettectl pull -n 5 bond
	[[ $output == *'expected  1 to 2 at odds 2/6, respin 0' ]] || fail "$output"
}

@test "the summary has the number of hits that each limit held" {
	echo 2 >$KNOBS/times
	run roulettectl pull -n 5 bond
	[[ ${output##*$'\n\n'} == 'pulls     5
hits      2
held      3 by times; 5 would have hit without limits
expected  5 at odds 1/1' ]] || fail "$output"
	set_knobs bond times=-1 space=3 interval=2 reset=1
	run roulettectl pull -n 10 bond
	[[ $output == *$'hits      4\nheld      3 by space, 3 by interval; 10 would have hit without limits\n'* ]] || fail "$output"
	echo N >/sys/module/roulette/parameters/armed
	run roulettectl pull -n 2 bond
	[[ $output == *'held      2 by armed; 2 would have hit without limits'* ]] || fail "$output"
}

# bats test_tags=slow
@test "the JSON of pull matches its schema" {
	set_knobs bond space=3 interval=2
	[[ $(pull_json -n 10) == '{"name": "bond", "odds": "1/1", "pulls": 10, "hits": 4, "not_fired": 0, "died": 0, "held": {"armed": 0, "times": 0, "space": 3, "interval": 3}, "expected": {"mean": 10.0, "low": 10, "high": 10, "certain": true}}' ]]
}

# bats test_tags=slow
@test "there is no expectation if the odds are changed during the pulls" {
	set_knobs bond action=hung_task hang_time=1
	roulettectl pull -n 2 bond >"$BATS_TEST_TMPDIR/said" &
	eventually 5 grep -q 1 $KNOBS/hits
	echo 0 >$KNOBS/odds
	wait $!
	grep -q '^expected  unknown, because odds' "$BATS_TEST_TMPDIR/said" || fail "$(<"$BATS_TEST_TMPDIR/said")"
}

@test "a failing read prints one line with the reason" {
	local pid result=0

	expect_crash
	echo error >$KNOBS/action
	run roulettectl pull bond
	[[ $status == 0 && ${lines[0]} == 'bang: the read failed with EIO, action error' && ${lines[2]} == 'hits      1' ]] || fail "$output"
	set_knobs bond action=warn delay_ms=100000
	run roulettectl pull -n 101 bond
	[[ $status == 0 && $output == *$'\nbang: drew 0, odds 1/1, action warn, not fired: 100 hits already wait for their delay. Pull later, or stop them: roulettectl disarm\n'* ]] || fail "$output"
	[[ $output == *$'hits      101\nnot fired 1 of the hits\n'* ]] || fail "$output"
	# The removal of the device ends the pulls.
	set_knobs bond odds=0 delay_ms=0
	roulettectl pull -n 1000000 bond >"$BATS_TEST_TMPDIR/said" 2>&1 &
	pid=$!
	eventually 5 grep -q click "$BATS_TEST_TMPDIR/said"
	rmdir "$CONFIG/roulette/bond"
	wait $pid || result=$?
	[[ $result == 3 && $(tail -n 2 "$BATS_TEST_TMPDIR/said") == "roulettectl: device 'bond' was removed during the pulls: No such device
Create the device again: roulettectl create roulette NAME." ]] || fail "$(tail -n 8 "$BATS_TEST_TMPDIR/said")"
	grep -q '^pulls     [1-9]' "$BATS_TEST_TMPDIR/said"
}

@test "pull explains wrong devices, CPUs, counts and users" {
	run roulettectl pull parrot
	ended 2 "roulettectl: 'parrot' is of type parrot, and only a roulette has a trigger
List the roulettes: roulettectl list."
	run roulettectl pull nobody
	[[ $status == 2 && $output == "roulettectl: there is no device 'nobody'"* ]] || fail "$output"
	run roulettectl pull --cpu 4711 bond
	ended 2 "roulettectl: CPU 4711 is not available
This process may use the CPUs $(awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status)."
	run roulettectl pull -n 0 bond
	[[ $status == 2 && $output == "roulettectl pull: '0' is not a number of pulls, 1 to 4294967295"* ]] || fail "$output"
	run setpriv --reuid=65534 --regid=65534 --clear-groups roulettectl pull bond
	ended 3 "roulettectl: could not open /dev/roulette/bond: Permission denied
Run the command as root, for example with sudo."
	[[ $(<$KNOBS/pulls) == 0 ]]
}

# bats test_tags=slow
@test "with --cpu the action runs on this CPU" {
	local cpu

	expect_crash
	echo warn >$KNOBS/action
	for cpu in 0 1; do
		log_begins
		roulettectl pull --cpu $cpu bond
		log_has "^CPU: $cpu .*Comm: roulettectl "
	done
}

# bats test_tags=slow
@test "10000 pulls take few seconds, and their lines and counts are complete" {
	local begin=$SECONDS

	echo 1/6 >$KNOBS/odds
	roulettectl pull -n 10000 bond >"$BATS_TEST_TMPDIR/said"
	((SECONDS - begin <= 15 * PACE)) || fail "it took $((SECONDS - begin)) s"
	[[ $(grep -cE '^(click|bang): ' "$BATS_TEST_TMPDIR/said") == 10000 && $(<$KNOBS/pulls) == 10000 ]]
	grep -qx "hits      $(<$KNOBS/hits)" "$BATS_TEST_TMPDIR/said"
	grep -qx 'expected  1666.666667 at odds 1/6; 1594 to 1740 in at least 95 % of runs' "$BATS_TEST_TMPDIR/said" ||
		fail "$(tail -n 1 "$BATS_TEST_TMPDIR/said")"
}

# bats test_tags=slow
@test "a signal ends the pulls with a summary that counts each pull" {
	local pid signal result

	echo 0 >$KNOBS/odds
	for signal in INT TERM HUP; do
		echo 1 >$KNOBS/reset
		# bash ignores SIGINT in the background.
		env --default-signal=INT roulettectl pull -n 1000000 bond >"$BATS_TEST_TMPDIR/said" &
		pid=$!
		eventually 5 grep -q click "$BATS_TEST_TMPDIR/said"
		kill -$signal $pid
		result=0
		wait $pid || result=$?
		[[ $result == $((128 + $(kill -l $signal))) ]] || fail "status $result"
		grep -qx "pulls     $(<$KNOBS/pulls)" "$BATS_TEST_TMPDIR/said" || fail "$(<$KNOBS/pulls) pulls: $(tail -n 3 "$BATS_TEST_TMPDIR/said")"
		no_reader
	done
	# Without its parent the reader stops pulling.
	roulettectl pull -n 1000000 bond >"$BATS_TEST_TMPDIR/said" &
	eventually 5 grep -q click "$BATS_TEST_TMPDIR/said"
	kill -KILL $!
	eventually 5 no_reader
}

# bats test_tags=slow
@test "Ctrl-C ends pull although its reader hangs" {
	local result=0

	set_knobs bond action=hung_task hang_time=3
	env --default-signal=INT roulettectl pull bond >"$BATS_TEST_TMPDIR/said" 2>&1 &
	eventually 5 grep -q 1 $KNOBS/hits
	kill -INT $!
	wait $! || result=$?
	[[ $result == 130 ]]
	grep -qx 'hits      1' "$BATS_TEST_TMPDIR/said"
	grep -Eqx 'roulettectl: reader [0-9]+ still hangs in the kernel; it ends when the action ends' "$BATS_TEST_TMPDIR/said"
	eventually 10 no_reader
}

# bats test_tags=slow
@test "on a terminal pull draws a bar below the lines, and erases it" {
	has_tmux || skip "no tmux in this guest"
	echo 0 >$KNOBS/odds
	types 'roulettectl pull -n 1000000 bond' Enter
	eventually 10 bar_is_last '[0-9]+ of 1000000 pulls, 0 hits, [0-9]+ s \[#* +\]'
	types C-c
	eventually 10 screen_has '^expected'
	screen_has "^pulls     $(<$KNOBS/pulls)\$" || fail "$(screen)"
	screen_lacks ' s \[' || fail "$(screen)"
	screen_lacks '\^C' || fail "$(screen)"
	# Without lines, it appears after a second.
	set_knobs bond odds=1/1 action=hung_task hang_time=3
	types 'clear; roulettectl pull bond >/dev/null; echo "rc $?"' Enter
	eventually 10 screen_has '^0 of 1 pulls, 0 hits, 2 s \[ +\]$'
	eventually 10 screen_has '^rc 0$'
	screen_lacks 'pulls' || fail "$(screen)"
}

# bats test_tags=slow,full
@test "valgrind finds no error in pull" {
	command -v valgrind >/dev/null || skip "no valgrind in this guest"
	expect_crash
	echo "$KILLER" >$KNOBS/action
	run valgrind -q --error-exitcode=99 --leak-check=full roulettectl pull -n 2 bond
	[[ $status == 0 && $output == *'died      2 readers'* && $output != *==* ]] || fail "$output"
	echo none >$KNOBS/action
	run valgrind -q --error-exitcode=99 --leak-check=full roulettectl pull --json -n 2 bond
	[[ $status == 0 && $output != *==* ]] || fail "$output"
}
