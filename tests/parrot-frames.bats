#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 7
#
# The bytes that a parrot's reader gets. The frames of party are complete, in order
# and different from each other, by each way to read. Each frame begins with a
# cursor home, and its colour is reset at its end. A changed rate or colour does not
# alter the frame that is being read, and a replaced animation cuts it.
#
# The program parrotread compares the bytes of a parrot with an animation file.

load guest

PARTY=$SUITE/../devices/parrot/party
BIRD=$CLASS/bird

setup_file() {
	load_all
	mkdir "$CONFIG/parrot/bird" /lib/firmware/roulette -p
	# As in an animation file, lines with a form feed separate the frames.
	awk 'FNR == 1 && NR > 1 { print "\f" } { print }' "$PARTY"/*.txt >"$BATS_FILE_TMPDIR/party"
	knob write "$CLASS/bird/frame_rate" max
}

teardown_file() {
	unload_all
}

@test "party has 10 or more different frames of at most 24 lines by 60 columns" {
	local frames=("$PARTY"/*.txt) sums

	((${#frames[@]} >= 10)) || fail "only ${#frames[@]} frames"
	[[ $(shown "$BIRD/frames") == "${#frames[@]}" ]]
	sums=$(md5sum "${frames[@]}" | cut -c 1-32 | sort | uniq -d)
	[[ -z $sums ]] || fail "two frames are the same"
	awk 'FNR > 24 || length > 60 || /[^ -~]/ { print FILENAME ":" FNR ": " $0; bad = 1 }
		END { exit bad }' "${frames[@]}"
}

# bats test_tags=kernels
@test "party gives the same bytes by read, readv, preadv2, io_uring and splice of any size" {
	takes "$BIRD/color" none
	parrotread /dev/roulette/bird none "$BATS_FILE_TMPDIR/party" \
		read:1 read:13 read:1000000 readv:7 readv:5000 preadv2:100 \
		uring:300 uring:100000 splice:1 splice:50 splice:1000000
}

@test "each of the eight colours has its code before the picture and a reset after it" {
	local color

	for color in black red green yellow blue magenta cyan white; do
		knob write "$BIRD/color" "$color"
		parrotread /dev/roulette/bird "$color" "$BATS_FILE_TMPDIR/party" read:4096
	done
	parrotread /dev/roulette/bird white "$BATS_FILE_TMPDIR/party" read:1 splice:40
}

@test "color cycle gives each frame a reset, and a colour other than the frame before" {
	takes "$BIRD/color" cycle
	parrotread /dev/roulette/bird cycle "$BATS_FILE_TMPDIR/party" read:1 read:4096 splice:100
	parrotlive cycle
}

@test "a frame with its own colours ends with a reset, even with color none" {
	printf '\e[31mred\e[m\n\f\nplain\n\f\n\e[1;38;2;1;2;3mtrue\n\f\n\e[4:3mcurly\n' \
		>/lib/firmware/roulette/gaudy.anim
	takes "$BIRD/animation" gaudy
	takes "$BIRD/color" none
	parrotread /dev/roulette/bird none /lib/firmware/roulette/gaudy.anim read:1 read:4096 splice:9
	takes "$BIRD/color" cyan
	parrotread /dev/roulette/bird cyan /lib/firmware/roulette/gaudy.anim read:1 read:4096
	takes "$BIRD/animation" party
}

# bats test_tags=kernels,memory
@test "frames longer than a page or a pipe are read whole" {
	awk 'BEGIN { for (f = 0; f < 3; f++) {
		if (f) print "\f"
		for (l = 0; l < 3000; l++) printf "%d line %d of some %060d\n", f, l, l * f
	} }' >/lib/firmware/roulette/long.anim
	takes "$BIRD/animation" long
	takes "$BIRD/color" red
	parrotread /dev/roulette/bird red /lib/firmware/roulette/long.anim \
		read:4096 read:1000000 readv:100001 uring:300000 splice:5000 splice:1000000
	takes "$BIRD/animation" party
}

# The picture with color none, and the coloured one with its tail, end at each distance
# from a page's end.
# bats test_tags=kernels,memory
@test "frames that end near the end of a page are read whole" {
	local page color

	page=$(getconf PAGESIZE)
	awk -v from=$((page - 20)) -v to=$((page + 4)) 'BEGIN { for (n = from; n <= to; n++) {
		if (n > from) print "\f"
		printf "%0*d\n", n, n
	} }' >/lib/firmware/roulette/edge.anim
	takes "$BIRD/animation" edge
	for color in none red; do
		takes "$BIRD/color" $color
		parrotread /dev/roulette/bird $color /lib/firmware/roulette/edge.anim \
			read:5 read:65536 splice:4093 splice:65536
	done
	takes "$BIRD/animation" party
}

@test "cat plays frames, and leaves no colour behind when it is killed" {
	local seen=$BATS_TEST_TMPDIR/seen status=0

	takes "$BIRD/frame_rate" 50
	takes "$BIRD/color" cycle
	timeout 30 cat /dev/roulette/bird >"$seen" &
	eventually 20 dances "$seen"
	# Pause first: a cat that is killed in a write may leave half a frame.
	takes "$BIRD/frame_rate" 0
	eventually 20 rests "$(pgrep -P "$!")" "$seen"
	kill "$!"
	wait "$!" || status=$?
	takes "$BIRD/frame_rate" max
	((status == 143)) || fail "cat ended with status $status, SIGTERM (143) expected"
	[[ $(<"$seen") == $'\e[H\e[3'*$'\e[K\e[0m\n\e[J' ]] || fail "the output ends in: $(tail -c 40 "$seen")"
}

dances() {
	(($(grep -c $'^\e\[J' "$1") >= 3))
}

# rests PID FILE: the process sleeps, and FILE ends with a whole frame.
rests() {
	[[ $(<"/proc/$1/stat") == *') S '* && $(<"$2") == *$'\e[0m\n\e[J' ]]
}

@test "a reader that stops at a frame's last newline leaves no colour behind" {
	local frames

	takes "$BIRD/color" cycle
	for frames in 1 3; do
		head -n $((frames * 22)) /dev/roulette/bird >"$BATS_TEST_TMPDIR/seen"
		[[ $(tail -c 8 "$BATS_TEST_TMPDIR/seen") == *$'\e[K\e[0m' ]] ||
			fail "$frames frames end in: $(tail -c 8 "$BATS_TEST_TMPDIR/seen" | cat -v)"
	done
}

@test "a change of rate or colour does not alter the frame that is being read" {
	parrotlive whole
}

# bats test_tags=memory
@test "a frame whose animation is replaced is cut: reset, erase, then a new frame" {
	parrotlive cut
}

# bats test_tags=kernels
@test "a read that fails with EFAULT loses no bytes" {
	parrotgone fault
}
