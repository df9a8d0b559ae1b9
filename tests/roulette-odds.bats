#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The odds: how often and in which order a roulette hits. Only seed, pull number, odds
# and respin decide a draw. Concurrent readers draw the same numbers as one reader.
#
# The statistical tests have fixed seeds, so their results never change.
#
# seconds: 14
# concurrent

load guest

NODE=/dev/roulette/bond
KNOBS=/sys/class/roulette/bond

setup_file() {
	modprobe roulette
}

setup() {
	guest_setup
	mkdir "$CONFIG/roulette/bond"
	set_knobs bond action=none
}

teardown() {
	remove_instances && guest_teardown
}

teardown_file() {
	unload_all
}

@test "a million pulls at odds 1/6 are statistically random" {
	set_knobs bond odds=1/6 seed=1
	pull -n 1000000 -c $NODE
	[[ $(<$KNOBS/pulls) == 1000000 ]]
}

# bats test_tags=slow
@test "a million pulls at odds 10 are statistically random" {
	set_knobs bond odds=10 seed=0xdeadbeef
	pull -n 1000000 -c $NODE
	[[ $(<$KNOBS/pulls) == 1000000 ]]
}

@test "odds 0 never hit, and odds 1/1 always hit" {
	local odds respin

	for respin in 1 0; do
		for odds in 0 0/4294967295; do
			[[ $(set_knobs bond respin=$respin odds=$odds && pull -n 1000 -o $NODE) == 'click 1000' ]]
		done
		for odds in 1/1 4294967295/4294967295; do
			[[ $(set_knobs bond respin=$respin odds=$odds && pull -n 1000 -o $NODE) == 'bang 1000' ]]
		done
	done
	[[ $(<$KNOBS/hits) == 4000 && $(<$KNOBS/pulls) == 8000 ]]
}

@test "a seed gives the same sequence on each device, and other seeds give others" {
	local seed first seen=

	mkdir "$CONFIG/roulette/drax"
	echo none >"$CLASS/drax/action"
	first=$(set_knobs bond odds=1/1000 seed=7 && pull -n 100 $NODE)
	[[ $(set_knobs bond seed=7 && pull -n 100 $NODE) == "$first" ]]
	[[ $(set_knobs bond reset=1 && pull -n 100 $NODE) == "$first" ]]
	set_knobs drax odds=1/1000 seed=0x7
	[[ $(pull -n 100 /dev/roulette/drax) == "$first" ]]
	for seed in 0 1 2 6 8 0x8000000000000007 0xffffffffffffffff; do
		seen+=$'\n'$(set_knobs bond seed=$seed && pull -n 100 -d $NODE | tr '\n' ' ')
	done
	[[ $(sort -u <<<"${seen#?}" | wc -l) == 7 ]]
	[[ $seen != *"$(set_knobs bond seed=7 && pull -n 100 -d $NODE | tr '\n' ' ')"* ]]
}

@test "only seed and reset restart the sequence, and seed keeps pulls and hits" {
	local plain respin

	for respin in 1 0; do
		plain=$(set_knobs bond respin=$respin odds=1/1000 seed=7 && pull -n 60 -d $NODE)
		{
			set_knobs bond seed=7
			pull -n 10 -d $NODE
			set_knobs bond times=3 interval=7 space=2 label=x action=warn action=none
			pull -n 10 -d $NODE
			set_knobs bond odds=7/1000 times=-1
			pull -n 10 -d $NODE
			# Pulls at other odds or respin advance the sequence.
			set_knobs bond odds=1/6
			pull -n 5 $NODE >/dev/null
			set_knobs bond respin=$((!respin))
			pull -n 5 $NODE >/dev/null
			set_knobs bond respin=$respin odds=1/1000
			pull -n 20 -d $NODE
		} >"$BATS_TEST_TMPDIR/disturbed"
		[[ $(<"$BATS_TEST_TMPDIR/disturbed") == "$(sed '31,40d' <<<"$plain")" ]]
	done
	set_knobs bond reset=1 odds=1/1 interval=1 space=0
	pull -n 20 $NODE >/dev/null
	set_knobs bond seed=99 odds=0
	pull -n 10 $NODE >/dev/null
	[[ $(<$KNOBS/pulls) == 30 && $(<$KNOBS/hits) == 20 ]]
}

@test "concurrent readers draw the same numbers as one, and each pull is counted" {
	local respin one

	for respin in 1 0; do
		one=$(set_knobs bond respin=$respin odds=17/100 seed=5 reset=1 && pull -n 20000 -a $NODE)
		[[ $(set_knobs bond reset=1 && pull -n 10000 -t 2 -a $NODE) == "$one" ]]
		[[ $(set_knobs bond reset=1 && pull -n 5000 -t 4 -m read -a $NODE) == "$one" ]]
		[[ $(<$KNOBS/pulls) == 20000 ]]
		[[ $(<$KNOBS/hits) == "$(awk '$2 == "bang" { n += $3 } END { print n }' <<<"$one")" ]]
	done
}

@test "with respin 0 and odds N/M, any M pulls in a row have exactly N hits" {
	local odds n m

	echo 0 >$KNOBS/respin
	for odds in 0/1 1/1 1/2 1/3 2/3 1/6 5/6 3/7 10/100 7/100 333/1000 256/1024 1/4097 4096/4097; do
		n=${odds%/*} m=${odds#*/}
		[[ $(set_knobs bond odds=$odds && pull -n $((3 * m + 7)) -w "$m" $NODE) == "$n to $n" ]] || fail "$odds"
	done
	# Two concurrent readers get exact numbers, too.
	[[ $(set_knobs bond odds=7/100 && pull -n 1000 -t 2 -o $NODE) == $'click 1860\nbang 140' ]]
}

@test "with respin 0, each M pulls draw all numbers in the same order, which only seed changes" {
	local m round other

	echo 0 >$KNOBS/respin
	for m in 6 97 1000; do
		round=$(set_knobs bond seed=1 odds=1/$m && pull -n $m -d $NODE)
		[[ $(sort -n <<<"$round") == "$(seq 0 $((m - 1)))" ]]
		[[ $(pull -n $m -d $NODE) == "$round" ]]
		other=$(set_knobs bond odds=$m/$m && pull -n $m -d $NODE)
		[[ $other == "$round" ]]
		other=$(set_knobs bond seed=2 && pull -n $m -d $NODE)
		[[ $(sort -n <<<"$other") == "$(seq 0 $((m - 1)))" && $other != "$round" ]]
	done
	# A round too long to test in full repeats no number in its first 10,000 pulls.
	[[ $(set_knobs bond odds=1/4294967295 && pull -n 10000 -d $NODE | sort -u | wc -l) == 10000 ]]
}
