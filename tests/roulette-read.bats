#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# Reading a roulette: the calls that pull the trigger, the bytes that a read gets, and
# the text of the line, for each way to read.
#
# seconds: 8

load guest

NODE=/dev/roulette/bond
KNOBS=/sys/class/roulette/bond

# The line of each pull with the start values below, and its length.
LINE='bang: drew 0, odds 1/1, action none'
LENGTH=$((${#LINE} + 1))

setup_file() {
	modprobe roulette
}

setup() {
	guest_setup
	mkdir "$CONFIG/roulette/bond"
	set_knobs bond odds=1/1 action=none
}

teardown() {
	echo Y >/sys/module/roulette/parameters/armed &&
		rmdir "$CONFIG/roulette/bond" &&
		guest_teardown
}

teardown_file() {
	unload_all
}

@test "a program that reads the node to its end pulls once" {
	local fd line

	[[ $(cat $NODE) == "$LINE" ]]
	[[ $(dd if=$NODE bs=1 status=none) == "$LINE" ]]
	[[ $(tail -n 1 $NODE) == "$LINE" ]]
	[[ $(<$NODE) == "$LINE" ]]
	[[ $(head -c 4 $NODE) == bang ]]
	read -r line <$NODE
	[[ $line == "$LINE" ]]
	[[ $(shown $KNOBS/pulls) == 6 && $(shown $KNOBS/hits) == 6 ]]
	# The second cat on one open file reads the end of file.
	exec {fd}<$NODE
	[[ $(cat <&"$fd") == "$LINE" && -z $(cat <&"$fd") ]]
	exec {fd}<&-
	[[ $(shown $KNOBS/pulls) == 7 ]]
}

@test "a program that reads the start of the node twice pulls twice" {
	[[ $(file -bs $NODE) == 'ASCII text' ]]
	[[ $(<$KNOBS/pulls) == 2 ]]
	bash $NODE 2>/dev/null || true
	[[ $(<$KNOBS/pulls) == 4 ]]
	command -v python3 >/dev/null || return 0
	[[ $(python3 -c "import linecache; print(*linecache.getlines('$NODE'), end='')") == "$LINE" ]]
	[[ $(<$KNOBS/pulls) == 6 ]]
}

@test "only a read at position 0 pulls, and later reads get the rest of the line" {
	calls <<-END
		# None of these calls pulls.
		open f $NODE
		read f 0 = 0
		readv f 0 = 0
		pread f 0 0 = 0
		preadv f 0 0 = 0
		poll f 0 = IN
		epoll f 0 = IN
		lseek f 0 cur = 0
		lseek f 0 set = 0
		splice f 100 = EINVAL
		open w $NODE rw
		write w x = EINVAL
		write w 1\n = EINVAL
		close w
		open w $NODE w
		write w x = EINVAL
		close w
		# A read at a later position does not pull, and there is no line yet.
		pread f 100 1 = 0
		preadv f 100 35 = 0
		lseek f 5 set = 5
		read f 100 = 0
		lseek f 0 cur = 5
		text $KNOBS/pulls = 0
		# A line that is read in pieces is one pull.
		lseek f -5 cur = 0
		read f 7 = 7
		text $KNOBS/pulls = 1
		read f 1 = 1
		readv f 2 = 2
		lseek f 0 cur = 10
		read f 100 = $((LENGTH - 10))
		read f 100 = 0
		lseek f 0 cur = $LENGTH
		pread f 100 1 = $((LENGTH - 1))
		pread f 100 $((LENGTH - 1)) = 1
		pread f 100 $LENGTH = 0
		preadv f 100 1000000 = 0
		pread f 0 0 = 0
		lseek f 1 set = 1
		read f 100 = $((LENGTH - 1))
		poll f 0 = IN
		splice f 100 = EINVAL
		text $KNOBS/pulls = 1
		# Each read at position 0 pulls again.
		pread f 1 0 = 1
		text $KNOBS/pulls = 2
		preadv f 100 0 = $LENGTH
		text $KNOBS/pulls = 3
		lseek f 0 cur = $LENGTH
		lseek f 0 set = 0
		readv f 100 = $LENGTH
		text $KNOBS/pulls = 4
		read f 100 = 0
		text $KNOBS/hits = 4
		# SEEK_END, invalid positions, and the greatest position
		lseek f 0 end = EINVAL
		lseek f -1 set = EINVAL
		lseek f -1000 cur = EINVAL
		lseek f 9223372036854775807 set = 9223372036854775807
		lseek f 1 cur = EINVAL
		lseek f 0 cur = 9223372036854775807
		text $KNOBS/pulls = 4
	END
}

@test "each open file keeps the line of its own last pull" {
	local fd other rest

	calls <<-END
		open f $NODE
		open g $NODE
		read f 100 = $LENGTH
		pread g 100 1 = 0
		put $KNOBS/odds 0/1000
		pread f 100 1 = $((LENGTH - 1))
		read f 100 = 0
		text $KNOBS/pulls = 1
		# A duplicate descriptor is the same open file.
		put $KNOBS/odds 1/1
		open h $NODE
		read h 5 = 5
		dup h
		lseek h 0 cur = 5
		read h 100 = $((LENGTH - 5))
		text $KNOBS/pulls = 2
	END
	# An inherited descriptor is the same open file, too.
	exec {fd}<$NODE {other}<$NODE
	[[ $(dd bs=6 count=1 status=none <&"$fd") == 'bang: ' ]]
	set_knobs bond action=bug odds=0
	[[ $(cat <&"$other") == 'click: drew '*', odds 0/100' ]]
	rest=$(cat <&"$fd")
	[[ "bang: $rest" == "$LINE" ]]
	[[ $(shown $KNOBS/pulls) == 4 ]]
	exec {fd}<&- {other}<&-
}

# bats test_tags=kernels
@test "each way to read pulls, with and without O_NONBLOCK" {
	local method pulls=0 lines

	for method in read readv pread preadv aio uring uring-fixed; do
		lines=$(pull -m "$method" -n 2 $NODE)
		[[ $lines == "$LINE"$'\n'"$LINE" ]]
		lines=$(pull -m "$method" -n 2 -N $NODE)
		[[ $lines == "$LINE"$'\n'"$LINE" ]]
		((pulls += 4))
		[[ $(<$KNOBS/pulls) == "$pulls" ]]
	done
	# Two requests at once are two pulls.
	for method in aio uring uring-fixed; do
		[[ $(pull -m "$method" -n 4 -b 2 -o $NODE) == 'bang 4' ]]
		[[ $(pull -m "$method" -n 4 -b 2 -o -N $NODE) == 'bang 4' ]]
	done
	((pulls += 24))
	[[ $(<$KNOBS/pulls) == "$pulls" && $(<$KNOBS/hits) == "$pulls" ]]
}

# A read with RWF_NOWAIT that would hit returns EAGAIN and changes nothing.
never_hits() {
	local before

	before=$(cat $KNOBS/{pulls,hits,times,space})
	[[ $(pull -m nowait $NODE) == EAGAIN ]]
	[[ $(cat $KNOBS/{pulls,hits,times,space}) == "$before" ]]
}

# bats test_tags=kernels
@test "a read that must not wait can click, and returns EAGAIN instead of a hit" {
	local action drawn pulls

	set_knobs bond odds=1/2 seed=7 space=30 times=1000
	drawn=$(pull -n 60 -d $NODE)
	set_knobs bond reset=1 space=30 times=1000
	[[ $(pull -m nowait -n 30 -d $NODE) == "$(head -n 30 <<<"$drawn")" ]]
	# Clicks are drawn and counted, up to the first pull that would hit.
	until [[ $(pull -m nowait $NODE) == EAGAIN ]]; do :; done
	for action in none warn "$KILLER" panic error; do
		echo "$action" >$KNOBS/action
		never_hits
	done
	echo none >$KNOBS/action
	[[ $(pull $NODE) == 'bang: drew 0, '* ]]
	pulls=$(<$KNOBS/pulls)
	[[ $(pull -n $((60 - pulls)) -d $NODE) == "$(tail -n +$((pulls + 1)) <<<"$drawn")" ]]
	# A held draw is a click.
	set_knobs bond odds=1/1 times=0
	[[ $(pull -m nowait $NODE) == 'click: drew 0, odds 1/1, held by times' ]]
	[[ $(kernel_log) != *bang* ]]
}

# bats test_tags=kernels
@test "io_uring draws the same hits and clicks as pread" {
	local drawn

	set_knobs bond odds=1/2 seed=7
	drawn=$(pull -n 100 $NODE)
	echo 1 >$KNOBS/reset
	[[ $(pull -m uring -n 50 $NODE; pull -m uring-fixed -n 50 $NODE) == "$drawn" ]]
	[[ $(<$KNOBS/pulls) == 100 && $(<$KNOBS/hits) == "$(grep -c bang <<<"$drawn")" ]]
}

@test "a pull whose read fails with EFAULT counts" {
	local method

	for method in read readv pread preadv aio uring; do
		run pull -m "$method" -F $NODE
		[[ $status == 1 && $output == EFAULT ]] || fail "$method: $output"
	done
	[[ $(shown $KNOBS/pulls) == 6 && $(shown $KNOBS/hits) == 6 ]]
	# A click whose read has RWF_NOWAIT and fails with EFAULT counts, too.
	echo 0 >$KNOBS/odds
	run pull -m nowait -F $NODE
	[[ $output == EFAULT && $(shown $KNOBS/pulls) == 7 ]]
	[[ $(kernel_log | wc -l) == 1 ]]
}

@test "the line has the drawn number, the odds, and the outcome" {
	local held='click: drew 0, odds 1/1, held by' odds drawn=

	calls <<-END
		text $NODE = $LINE
		put $KNOBS/odds 0/1
		text $NODE = click: drew 0, odds 0/1
		put $KNOBS/odds 1/1
		put /sys/module/roulette/parameters/armed N
		put $KNOBS/action warn
		text $NODE = $held armed
		put $KNOBS/action oops
		text $NODE = $held armed
		put $KNOBS/action bug
		text $NODE = $held armed
		put $KNOBS/action panic
		text $NODE = $held armed
		put $KNOBS/action none
		put /sys/module/roulette/parameters/armed Y
		put $KNOBS/times 0
		text $NODE = $held times
		put $KNOBS/times -1
		put $KNOBS/space 1
		text $NODE = $held space
		put $KNOBS/interval 4294967295
		text $NODE = $held interval
		# A draw of N or more is a plain click, although limits would hold a hit.
		put $KNOBS/odds 0/1
		text $NODE = click: drew 0, odds 0/1
	END
	# Odds of each length, up to the longest possible line.
	for odds in 50 99/99 100/1000 99999/100000 4294967295/4294967295; do
		echo "$odds" >$KNOBS/odds
		[[ $(cat $NODE) =~ ^click:\ drew\ [0-9]+,\ odds\ ${odds/50/50/100}(, held by interval)?$ ]]
	done
	# Drawn numbers of each length. The program pull checks the form of each line.
	for odds in 0/10{,0,00,000,0000,00000,000000,0000000,00000000} 4294967295/4294967295; do
		echo "$odds" >$KNOBS/odds
		drawn+=$'\n'$(pull -n 8 -d $NODE)
	done
	[[ $drawn != *$'\n0'[0-9]* ]]
	for odds in {1..10}; do
		[[ $drawn$'\n' =~ $'\n'[0-9]{$odds}$'\n' ]] || fail "none of $odds digits: $drawn"
	done
}

@test "a read by init returns EPERM and does not pull" {
	local said

	echo bug >$KNOBS/action
	said=$(init_reads $NODE)
	[[ $said == *'Operation not permitted'* ]]
	[[ $(shown $KNOBS/pulls) == 0 ]]
}
