#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The limits that hold a low draw: times, interval and space; alone, together, and
# with concurrent pulls.
#
# seconds: 7
# concurrent

load guest

NODE=/dev/roulette/bond
KNOBS=/sys/class/roulette/bond
ARMED=/sys/module/roulette/parameters/armed

setup_file() {
	modprobe roulette
}

setup() {
	guest_setup
	mkdir "$CONFIG/roulette/bond"
	set_knobs bond action=none odds=1/1
}

teardown() {
	echo Y >$ARMED &&
		rmdir "$CONFIG/roulette/bond" &&
		guest_teardown
}

teardown_file() {
	unload_all
}

@test "times is the number of hits that are left, and each hit decrements it" {
	[[ $(set_knobs bond times=3 && pull -n 6 -l $NODE) == bbbTTT ]]
	[[ $(<$KNOBS/times) == 0 && $(<$KNOBS/hits) == 3 && $(<$KNOBS/pulls) == 6 ]]
	[[ $(set_knobs bond times=1 && pull -n 3 -l $NODE) == bTT ]]
	# A click or a held draw does not decrement times.
	[[ $(set_knobs bond times=2 odds=0/1 && pull -n 3 -l $NODE) == ccc ]]
	[[ $(<$KNOBS/times) == 2 ]]
	[[ $(set_knobs bond odds=1/1 space=2 interval=5 seed=1 && pull -n 5 -l $NODE) == SSIIb ]]
	[[ $(<$KNOBS/times) == 1 ]]
	[[ $(set_knobs bond times=-1 interval=1 && pull -n 5 -l $NODE) == bbbbb ]]
	[[ $(<$KNOBS/times) == -1 ]]
	[[ $(set_knobs bond times=9223372036854775807 && pull -n 2 -l $NODE) == bb ]]
	[[ $(<$KNOBS/times) == 9223372036854775805 ]]
	# reset and seed do not restore times.
	[[ $(set_knobs bond times=1 && pull -n 2 -l $NODE) == bT ]]
	[[ $(set_knobs bond reset=1 seed=5 && pull -n 2 -l $NODE) == TT ]]
}

@test "with interval n, only each n-th pull since a write of seed or reset can hit" {
	[[ $(set_knobs bond interval=3 seed=1 && pull -n 8 -l $NODE) == IIbIIbII ]]
	[[ $(pull -n 2 -l $NODE) == bI ]]
	# The phase depends on the pull's number, not on earlier values of interval.
	[[ $(set_knobs bond interval=4 && pull -n 8 -l $NODE) == IbIIIbII ]]
	[[ $(set_knobs bond interval=1 && pull -n 2 -l $NODE) == bb ]]
	# A write of seed or reset restarts the count.
	[[ $(set_knobs bond interval=3 seed=1 && pull -n 2 -l $NODE) == II ]]
	[[ $(set_knobs bond seed=1 && pull -n 4 -l $NODE) == IIbI ]]
	[[ $(set_knobs bond reset=1 && pull -n 4 -l $NODE) == IIbI ]]
	# No other knob restarts the count.
	[[ $(set_knobs bond odds=0/1 && pull -n 1 -l $NODE) == c ]]
	[[ $(set_knobs bond odds=1/1 times=5 respin=0 label=x action=warn action=none && pull -n 1 -l $NODE) == b ]]
	[[ $(set_knobs bond interval=4294967295 && pull -n 3 -l $NODE) == III ]]
	[[ $(<$KNOBS/interval) == 4294967295 ]]
}

@test "space is the number of pulls that cannot hit, and each pull decrements it" {
	[[ $(set_knobs bond space=3 && pull -n 5 -l $NODE) == SSSbb ]]
	[[ $(<$KNOBS/space) == 0 ]]
	# A click decrements space, and so does a draw held by times or armed.
	[[ $(set_knobs bond space=4 odds=0/1 && pull -n 1 -l $NODE) == c ]]
	[[ $(<$KNOBS/space) == 3 ]]
	[[ $(set_knobs bond odds=1/1 times=0 && pull -n 1 -l $NODE) == T ]]
	[[ $(<$KNOBS/space) == 2 ]]
	echo N >$ARMED
	[[ $(pull -n 1 -l $NODE) == A ]]
	echo Y >$ARMED
	[[ $(<$KNOBS/space) == 1 ]]
	[[ $(set_knobs bond times=-1 && pull -n 2 -l $NODE) == Sb ]]
	[[ $(set_knobs bond space=18446744073709551615 && pull -n 2 -l $NODE) == SS ]]
	[[ $(<$KNOBS/space) == 18446744073709551613 ]]
	[[ $(set_knobs bond reset=1 seed=1 && pull -n 1 -l $NODE) == S ]]
}

@test "a line names the first limit that holds: armed, times, space, then interval" {
	echo N >$ARMED
	[[ $(set_knobs bond times=0 space=9 interval=1000 seed=1 && pull -n 2 -l $NODE) == AA ]]
	[[ $(set_knobs bond odds=0/1 && pull -n 1 -l $NODE) == c ]]
	echo Y >$ARMED
	[[ $(set_knobs bond odds=1/1 && pull -n 2 -l $NODE) == TT ]]
	[[ $(set_knobs bond times=-1 && pull -n 2 -l $NODE) == SS ]]
	[[ $(set_knobs bond space=0 && pull -n 2 -l $NODE) == II ]]
	[[ $(set_knobs bond interval=1 && pull -n 2 -l $NODE) == bb ]]
}

@test "times, space and interval together give the same counts for 1, 2 and 4 readers" {
	local threads want one
	local limits=(times=3 space=4 interval=5 seed=1 reset=1)

	[[ $(set_knobs bond "${limits[@]}" && pull -n 18 -l $NODE) == SSSSbIIIIbIIIIbTTT ]]
	printf -v want '%s\n' 'held by times 25' 'held by space 4' 'held by interval 8' 'bang 3'
	for threads in 1 2 4; do
		[[ $(set_knobs bond "${limits[@]}" && pull -n $((40 / threads)) -t $threads -o $NODE) == "${want%?}" ]]
		[[ $(<$KNOBS/times) == 0 && $(<$KNOBS/space) == 0 ]]
		[[ $(<$KNOBS/pulls) == 40 && $(<$KNOBS/hits) == 3 ]]
	done
	# Also at odds 30/100, the same seed gives one and two readers the same lines.
	limits=(odds=30/100 times=400 space=3000 interval=3 seed=7 reset=1)
	one=$(set_knobs bond "${limits[@]}" && pull -n 20000 -a $NODE)
	[[ $(<$KNOBS/hits) == 400 && $(<$KNOBS/times) == 0 ]]
	[[ $(set_knobs bond "${limits[@]}" && pull -n 10000 -t 2 -a $NODE) == "$one" ]]
	[[ $(<$KNOBS/hits) == 400 && $(<$KNOBS/times) == 0 ]]
}

@test "times, interval and space are exact with concurrent pulls" {
	[[ $(set_knobs bond times=1000 && pull -n 10000 -t 2 -o $NODE) == $'held by times 19000\nbang 1000' ]]
	[[ $(set_knobs bond times=-1 interval=7 seed=1 && pull -n 7000 -t 2 -o $NODE) == $'held by interval 12000\nbang 2000' ]]
	[[ $(set_knobs bond interval=1 space=5000 && pull -n 10000 -t 2 -o $NODE) == $'held by space 5000\nbang 15000' ]]
	[[ $(<$KNOBS/pulls) == 54000 && $(<$KNOBS/hits) == 18000 ]]
}

# Write knobs until the file `stop` exists. A refused write is an error.
turn_knobs() {
	until [[ -e $BATS_TEST_TMPDIR/stop ]]; do
		{
			printf "put $ARMED %s\n" N Y
			printf "put $KNOBS/%s\n" 'times 10' 'interval 3' 'space 20' 'odds 1/6' 'seed 1' \
				'label x' 'times -1' 'interval 1' 'odds 30' 'respin 0' 'odds 7/77' 'space 0' 'respin 1'
		} | calls || return
	done
}

@test "pulls and hits stay exact while knobs change" {
	local turner bangs

	echo 50 >$KNOBS/odds
	turn_knobs &
	turner=$!
	eventually 10 grep -q x $KNOBS/label
	pull -n 50000 -t 2 -o $NODE >"$BATS_TEST_TMPDIR/outcomes"
	touch "$BATS_TEST_TMPDIR/stop"
	wait $turner
	[[ $(<$KNOBS/pulls) == 100000 ]] || fail "$(<$KNOBS/pulls) pulls"
	bangs=$(sed -n 's/^bang //p' "$BATS_TEST_TMPDIR/outcomes")
	[[ $(<$KNOBS/hits) == "$bangs" ]] || fail "$(<$KNOBS/hits) hits"
}
