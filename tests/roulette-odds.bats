#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The odds: how often and in which order a roulette hits; that seed, number of
# the pull, odds and respin alone decide a draw; and that many readers at once
# draw what one would.
#
# The seeds of the statistical tests are fixed: what passes once passes always.
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

@test "a million pulls at 1/6 hit as chance would have it" {
	set_knobs bond odds=1/6 seed=1
	pull -n 1000000 -c $NODE
	[[ $(<$KNOBS/pulls) == 1000000 ]]
}

# bats test_tags=slow
@test "a million pulls at 10 hit as chance would have it" {
	set_knobs bond odds=10 seed=0xdeadbeef
	pull -n 1000000 -c $NODE
	[[ $(<$KNOBS/pulls) == 1000000 ]]
}

@test "0 never hits and 1/1 always does" {
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

@test "a seed gives its sequence on every device, another seed another" {
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

@test "no other knob disturbs the sequence, and seed disturbs no count" {
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
			# what is drawn at other odds meanwhile counts as pulls
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

@test "two readers at once draw what one does, and every pull counts" {
	local respin one

	for respin in 1 0; do
		one=$(set_knobs bond respin=$respin odds=17/100 seed=5 reset=1 && pull -n 20000 -a $NODE)
		[[ $(set_knobs bond reset=1 && pull -n 10000 -t 2 -a $NODE) == "$one" ]]
		[[ $(set_knobs bond reset=1 && pull -n 5000 -t 4 -m read -a $NODE) == "$one" ]]
		[[ $(<$KNOBS/pulls) == 20000 ]]
		[[ $(<$KNOBS/hits) == "$(awk '$2 == "bang" { n += $3 } END { print n }' <<<"$one")" ]]
	done
}

@test "respin 0: any M pulls in a row hold exactly N hits" {
	local odds n m

	echo 0 >$KNOBS/respin
	for odds in 0/1 1/1 1/2 1/3 2/3 1/6 5/6 3/7 10/100 7/100 333/1000 256/1024 1/4097 4096/4097; do
		n=${odds%/*} m=${odds#*/}
		[[ $(set_knobs bond odds=$odds && pull -n $((3 * m + 7)) -w "$m" $NODE) == "$n to $n" ]] || fail "$odds"
	done
	# from two readers at once as well
	[[ $(set_knobs bond odds=7/100 && pull -n 1000 -t 2 -o $NODE) == $'click 1860\nbang 140' ]]
}

@test "respin 0: each round is the same order of all numbers, which only seed changes" {
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
	# A round that is too long to see all of has no number twice either.
	[[ $(set_knobs bond odds=1/4294967295 && pull -n 10000 -d $NODE | sort -u | wc -l) == 10000 ]]
}
