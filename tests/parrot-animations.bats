#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 14
#
# Animations from /lib/firmware/roulette. A valid one plays. An invalid one is
# refused with an errno and a log line that names the fault, and the old one plays
# on. The knob flip shows the mirror image. No load leaks memory.
#
# The program parrotread compares the bytes of a parrot with an animation file.

load guest

FILES=/lib/firmware/roulette
BIRD=$CLASS/bird
NODE=/dev/roulette/bird

setup_file() {
	load_all
	mkdir "$CONFIG/parrot/bird" /lib/firmware/roulette -p
	knob write "$CLASS/bird/frame_rate" max
	knob write "$CLASS/bird/color" none
}

teardown_file() {
	unload_all
}

# file NAME BYTES: BYTES may hold the escapes of printf's %b.
file() {
	printf '%b' "$2" >"$FILES/$1.anim"
}

# refuses ERRNO NAME...: the knob animation refuses each name with ERRNO. One
# process writes all of them.
refuses() {
	local errno=$1 puts

	shift
	puts=("${@/#/"put $BIRD/animation "}")
	calls < <(printf '%s\n' "${puts[@]/%/" = $errno"}")
}

# plays FRAMES NAME BYTES: the animation plays and has FRAMES frames.
plays() {
	local frames

	file "$2" "$3"
	knob write "$BIRD/animation" "$2"
	read -r frames <"$BIRD/frames"
	[[ $frames == "$1" ]] || fail "$2 has $frames frames, not $1"
	parrotread "$NODE" none "$FILES/$2.anim" read:3 read:65536
}

@test "valid animations play: ASCII, UTF-8, colours, one frame, no final newline" {
	local all name

	printf -v all '\\x%x' {32..126}
	plays 2 ascii "$all\nsecond line\n\f\nsecond frame\n"
	plays 3 no-newline 'a\n\f\nb\n\f\nc'
	plays 1 one 'one frame\nof two lines\n'
	plays 1 a 'x'
	plays 2 blank-lines '\n\n x\n\n\f\n\ny\n\n'
	plays 2 blanks '  \n\f\n \n'
	plays 2 form-feed-first-line-only ' \n\f\nx\n'
	plays 2 utf8 '\xc2\xa0\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\n\f\n\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\xf0\x9f\xa6\x9c'
	plays 2 colours '\e[m\e[0m\e[1;31m\e[38;5;200mx\e[4:3m\e[0m\n\f\ny\e[0m'
	printf -v name '%063d' 7
	plays 1 "$name" 'a long name\n'
	plays 1 A.b-c_9 'all that names are made of\n'
}

# bats test_tags=memory
@test "1,024 frames and 4 MiB play, and one more frame or byte is refused with EFBIG" {
	awk 'BEGIN { for (i = 0; i < 1024; i++) print (i ? "\f\n" : "") i }' >"$FILES/frames.anim"
	takes "$BIRD/animation" frames
	[[ $(shown "$BIRD/frames") == 1024 ]]
	parrotread "$NODE" none "$FILES/frames.anim" read:4096
	printf '\f\nx' >>"$FILES/frames.anim"
	cp "$FILES/frames.anim" "$FILES/frames2.anim"
	refused EFBIG "$BIRD/animation" frames2
	log_has 'bird: animation frames2, line 20(49|50): more than 1024 frames before this line'

	# 64 lines of 32767 bytes, lines of 2 and 126 bytes, and 64 lines of 32767 bytes
	{
		yes "$(printf '%032766d' 1)" | head -n 64
		printf '\f\n%0125d\n' 2
		yes "$(printf '%032766d' 3)" | head -n 64
	} >"$FILES/large.anim"
	[[ $(stat -c %s "$FILES/large.anim") == 4194304 ]]
	takes "$BIRD/animation" large
	parrotread "$NODE" none "$FILES/large.anim" read:4194304
	printf 'x' >>"$FILES/large.anim"
	cp "$FILES/large.anim" "$FILES/larger.anim"
	refused EFBIG "$BIRD/animation" larger
	log_has 'bird: animation larger: larger than 4 MiB'
	truncate -s 1T "$FILES/larger.anim"
	refused EFBIG "$BIRD/animation" larger
	# A background costs 14 bytes on each line that it covers, and inverse 13.
	{ printf '\e[41mx'; yes '' | head -n 1300000; } >"$FILES/red.anim"
	sed '1s/41/7/' "$FILES/red.anim" >"$FILES/inverse.anim"
	refused EFBIG "$BIRD/animation" red
	refused EFBIG "$BIRD/animation" inverse
	log_has 'bird: animation red: larger than 16 MiB with the colours of each row'
	log_has 'bird: animation inverse: larger than 16 MiB with the colours of each row'
	[[ $(shown "$BIRD/frames") == 2 ]]
}

# The guest has 1 GiB of memory. The firmware loader's other calls read a
# compressed file whole.
# bats test_tags=kernels
@test "a file of 900 MB is refused, and compressed files are ignored, without an OOM kill" {
	truncate -s 900M "$FILES/giant.anim" "$FILES/packed.anim.xz" "$FILES/packed.anim.zst"
	refuses EFBIG giant
	refuses ENOENT packed
	log_has 'bird: animation giant: larger than 4 MiB'
	! kernel_log | grep -E 'Out of memory|invoked oom-killer' || fail "the load ran the machine out of memory"
	! kernel_log | grep '^roulette bird: animation packed' || fail "the missing file is logged twice"
	rm "$FILES"/giant.anim "$FILES"/packed.anim.*
}

# Pairs: the number of the faulty line, and the file's bytes. Escapes are those of
# the program calls, and \e, \f and \r.
MALFORMED=(
	# Control characters of each class, alone and within a line
	1 'tab\there' 1 'bell\x07' 1 'backspace\x08' 2 'carriage return\nin line 2\r\n'
	1 'vertical tab\x0b' 1 '\x01' 1 '\x1f' 1 'delete\x7f' 1 'shift out\x0e'
	# Form feeds that are not alone on their line
	2 'a\nb\f\nc\n' 2 'a\n\fb\n' 2 'a\n\f\f\nb\n' 2 'a\n\f \nb\n' 2 'a\n\f\r\nb\n'
	# Escape sequences
	1 '\e' 1 'x\ex' 1 '\e[' 1 '\e[31' 1 '\e[31\nm' 3 'a\n\f\n\e[2J' 1 '\e]0;title\x07'
	1 '\e]8;;x\e\x5c' 1 '\e[1A' 1 '\e[?25l' 1 '\e[>4m' 1 '\e[ m' 1 '\e[1;31' 1 '\e[31\e[0m' 1 '\e(0'
	1 '\ec' 1 '\e7' 1 '\eM' 1 '\ePq\e\x5c' 1 '\e_x\e\x5c' 1 '\e[6n' 1 '\e[3g' 1 '\e[m\e[K' 1 '\e[3\xc2\xa0m'
	# Bytes that are not UTF-8
	1 '\x80' 1 '\xbf' 1 '\xc2' 1 'a\xc2\na' 1 '\xc2\x41' 1 '\xe2\x82' 1 '\xe2\x28\xa1' 1 '\xe2\x82\x28'
	1 '\xf0\x9f\xa6' 1 '\xf0\x9f\xa6x' 1 '\xfe' 1 '\xff' 1 '\xf8\x88\x80\x80\x80' 1 '\xfc\x84\x80\x80\x80\x80'
	# Overlong forms, code points above U+10FFFF, surrogates
	1 '\xc0\x80' 1 '\xc1\xbf' 1 '\xc0\xaf' 1 '\xe0\x80\x80' 1 '\xe0\x9f\xbf' 1 '\xf0\x80\x80\x80'
	1 '\xf0\x8f\xbf\xbf' 1 '\xf4\x90\x80\x80' 1 '\xf5\x80\x80\x80' 1 '\xed\xa0\x80' 1 '\xed\xbf\xbf'
	# U+0080 to U+009F; U+009B is equivalent to ESC [
	1 '\xc2\x80' 1 '\xc2\x9b2J' 1 '\xc2\x9f' 2 'a\n\xc2\x9d'
	# Empty frames: the first, a middle one, the last, all; only blank lines
	1 '\f\nb\n' 3 'a\n\f\n\f\nb\n' 3 'a\n\f\n' 3 'a\n\f' 1 '\f' 2 '\n' 3 '\n\n' 2 '\n\f\nb'
)

# bats test_tags=memory
@test "a malformed animation is refused, its faulty line is logged, and the old one plays on" {
	local want=$BATS_TEST_TMPDIR/want

	plays 2 old 'the old\n\f\none\n'
	# One awk and one calls process handle all files, because there are many.
	printf '%s\n' "${MALFORMED[@]}" | awk -v files="$FILES" -v knob="$BIRD/animation" -v want="$want" '
		NR % 2 { line = $0; next }
		{
			gsub(/ /, "\\s")
			gsub(/\\e/, "\\x1b")
			gsub(/\\f/, "\\x0c")
			gsub(/\\r/, "\\x0d")
			name = "bad" NR
			printf "creat %s/%s.anim\n", files, name
			printf "put %s/%s.anim %s\n", files, name, $0
			printf "put %s %s = EINVAL\n", knob, name
			printf "%s, line %s\n", name, line >want
		}' >"$BATS_TEST_TMPDIR/calls"
	calls <"$BATS_TEST_TMPDIR/calls"
	file nul 'nul\0000'
	refused EINVAL "$BIRD/animation" nul
	echo 'nul, line 1' >>"$want"
	[[ $(shown "$BIRD/animation") == old && $(shown "$BIRD/frames") == 2 ]]
	parrotread "$NODE" none "$FILES/old.anim" read:65536
	# The log has exactly one line for each file.
	(($(wc -l <"$want") == ${#MALFORMED[@]} / 2 + 1))
	kernel_log | sed -n -E '/^roulette bird: animation /{s/^roulette bird: animation ([a-z0-9]+, line [0-9]+): [a-z].*/\1/;p}' |
		diff - "$want" || fail "the kernel log (<) differs from the expected lines (>)"
}

# Pairs: the bytes of a file, and the end of its log line after the file's name.
REASONS=(
	'\x07' ', line 1: control character 0x07'
	'a\nb\x7f' ', line 2: control character 0x7f'
	'a\tb' ', line 1: control character 0x09'
	'a\x0db' ', line 1: control character 0x0d'
	'a\nb\xc2\x9b' ', line 2: control character U+009B'
	'one\x0d\n\x0c\x0d\ntwo\x0d\n' ', line 1: line ends with CR LF: use LF'
	'one\n\x0c\x0d\ntwo' ', line 2: line ends with CR LF: use LF'
	'\xef\xbb\xbfone' ', line 1: byte-order mark (UTF-8): save the file as UTF-8 without one'
	'one\n\x0c\n\xef\xbb\xbftwo' ', line 3: byte-order mark (UTF-8): save the file as UTF-8 without one'
	'\xff\xfeone' ', line 1: byte-order mark (UTF-16): save the file as UTF-8 without one'
	'\xfe\xffone' ', line 1: byte-order mark (UTF-16): save the file as UTF-8 without one'
	'a\n\xff' ', line 2: byte 0xff is not UTF-8'
	'a\x1b[2J' ', line 1: escape sequence is not a colour (ESC [ numbers m)'
	'a\n\x0cb\n' ', line 2: form feed must be alone on its line'
	'\n\n\x0c\nb' ', line 3: frame of blank lines before this line'
	'a\n\x0c\n\n' ', line 4: frame of blank lines before this line'
	'a\n\x0c\n\x0c\nb' ', line 3: empty frame before this line'
	'a\n\x0c\n' ', line 3: empty frame before this line'
	'' ': empty, or not a regular file'
)

@test "each refused animation is logged with the reason" {
	local want=$BATS_TEST_TMPDIR/want

	printf '%s\n' "${REASONS[@]}" | awk -v files="$FILES" -v knob="$BIRD/animation" -v want="$want" '
		NR % 2 { bytes = $0; next }
		{
			name = "why" NR / 2
			printf "creat %s/%s.anim\n", files, name
			if (bytes != "")
				printf "put %s/%s.anim %s\n", files, name, bytes
			printf "put %s %s = EINVAL\n", knob, name
			print "roulette bird: animation " name $0 >want
		}' >"$BATS_TEST_TMPDIR/calls"
	calls <"$BATS_TEST_TMPDIR/calls"
	(($(wc -l <"$want") == ${#REASONS[@]} / 2))
	file nul 'nul\0000'
	refuses EINVAL nul
	echo 'roulette bird: animation nul, line 1: control character 0x00' >>"$want"
	kernel_log | grep '^roulette bird: animation ' | diff - "$want" ||
		fail "the kernel log (<) differs from the expected lines (>)"
}

@test "a missing file is ENOENT, an empty file or invalid name EINVAL, and the old one plays on" {
	plays 2 old 'the old\n\f\none\n'
	file empty ''
	file .hidden 'x\n'
	mkdir "$FILES/folder.anim"
	refuses ENOENT nothing-there Party old.anim
	refused ENOENT "$CONFIG/parrot/bird/animation" nothing-there
	# The firmware loader logs this, so the module must not.
	log_has 'nothing-there'
	! kernel_log | grep '^roulette bird: animation ' || fail "the missing file is logged twice"
	refuses EINVAL empty folder '\n' '\sold' 'old\s' 'old\n\n' 'old\n\nx' ../roulette/old ./old \
		roulette/old /lib/firmware/roulette/old .hidden -old _old 'old\t' 'ol\sd' '\xc3\xb6ld' \
		"$(printf '%064d' 1)" "$(printf '%05000d' 1)"
	refused EINVAL "$BIRD/animation" 'old\0'
	[[ $(shown "$BIRD/animation") == old && $(shown "$BIRD/frames") == 2 ]]
	parrotread "$NODE" none "$FILES/old.anim" read:65536
}

# mirror FILE: print it as flip 1 shows it. Each line is padded to the widest line,
# reversed, and its brackets and slashes are swapped.
mirror() {
	awk -v pairs='/\\()[]{}<>' '
		FNR == NR { if (length > width) width = length; next }
		/\f/ { print; next }
		{
			out = ""
			for (i = width; i; i--) {
				c = i > length ? " " : substr($0, i, 1)
				at = index(pairs, c)
				if (at)
					c = substr(pairs, at % 2 ? at + 1 : at - 1, 1)
				out = out c
			}
			print out
		}' "$1" "$1"
}

@test "flip 1 shows the mirror image, and flip 0 the original bytes again" {
	local name

	awk 'FNR == 1 && NR > 1 { print "\f" } { print }' \
		"$SUITE"/../devices/parrot/party/*.txt >"$FILES/copy.anim"
	file swaps '/\\ ( ) [ ] { } < >\n\f\nv^`,\n\n"W)(( /\n\f\n  x\n'
	for name in copy swaps; do
		takes "$BIRD/animation" "$name"
		takes "$BIRD/flip" 1
		mirror "$FILES/$name.anim" >"$BATS_TEST_TMPDIR/mirrored"
		! cmp -s "$FILES/$name.anim" "$BATS_TEST_TMPDIR/mirrored" || fail "$name is its own mirror image"
		parrotread "$NODE" none "$BATS_TEST_TMPDIR/mirrored" read:5 read:65536 splice:30
		takes "$BIRD/color" red
		parrotread "$NODE" red "$BATS_TEST_TMPDIR/mirrored" read:65536
		takes "$BIRD/color" none
		takes "$BIRD/flip" 0
		parrotread "$NODE" none "$FILES/$name.anim" read:65536
	done
	# flip 1 applies to the next animation. A frame without a final newline gets
	# none.
	takes "$BIRD/flip" 1
	plays 1 symmetric 'WAW'
	file short 'ab\n(c\nd'
	takes "$BIRD/animation" short
	printf 'ba\nc)\n d' >"$BATS_TEST_TMPDIR/mirrored"
	parrotread "$NODE" none "$BATS_TEST_TMPDIR/mirrored" read:1 read:4096
	takes "$BIRD/flip" 0
}

# wide LINES PAD: print lines. The first has 1 MiB with its erase sequence and
# newline. If PAD is a blank, the others are blank and as wide; else they are empty.
wide() {
	awk -v count="$1" -v pad="$2" 'BEGIN {
		line = "0"
		for (i = 0; i < 20; i++) {
			line = line line
			pad = pad pad
		}
		print substr(line, 5)
		while (--count)
			print substr(pad, 5)
	}'
}

@test "flip 1 refuses an animation that is not plain ASCII or would exceed 16 MiB" {
	local name

	local -A why=(
		[utf8]=', line 3: flip 1 requires plain ASCII, found characters that are not ASCII'
		[colours]=', line 1: flip 1 requires plain ASCII, found colours'
		[wider]=': larger than 16 MiB with flip 1'
	)

	file plain 'plain\n'
	file utf8 'plain\n\f\n\xc2\xa1\n'
	file colours '\e[31mx\e[0m\n\f\nplain\n\xc2\xa1'
	wide 16 '' >"$FILES/wide.anim"
	wide 17 '' >"$FILES/wider.anim"
	calls < <(
		for name in utf8 colours wider; do
			cat <<-CALLS
				put $BIRD/flip 0
				put $BIRD/animation $name
				put $BIRD/flip 1 = EINVAL
				text $BIRD/flip = 0
				text $BIRD/animation = $name
				put $BIRD/animation plain
				put $BIRD/flip 1
				put $BIRD/animation $name = EINVAL
				text $BIRD/flip = 1
				text $BIRD/animation = plain
				text $BIRD/frames = 1
			CALLS
		done
	)
	# One line from the write of flip, one from the write of animation.
	for name in utf8 colours wider; do
		printf '%s\n' "roulette bird: animation $name${why[$name]}"{,}
	done | diff <(kernel_log | grep '^roulette bird: animation ') - ||
		fail "the kernel log (<) differs from the expected lines (>)"
	printf 'nialp\n' >"$BATS_TEST_TMPDIR/mirrored"
	parrotread "$NODE" none "$BATS_TEST_TMPDIR/mirrored" read:4096
	takes "$BIRD/animation" wide
	wide 16 ' ' >"$BATS_TEST_TMPDIR/mirrored"
	parrotread "$NODE" none "$BATS_TEST_TMPDIR/mirrored" read:16777216
	takes "$BIRD/flip" 0
	takes "$BIRD/animation" plain
}

# Print the available memory in KiB. It includes freed pages that the processors
# keep, up to about 50 MiB.
available() {
	awk '/^MemAvailable:/ { kib += $2 } $1 == "count:" { kib += 4 * $2 } END { print kib }' \
		/proc/meminfo /proc/zoneinfo
}

# bats test_tags=slow,kernels,memory
@test "loading, mirroring and refusing animations of 4 MiB leaks no memory" {
	local before lost round

	yes "$(printf '%065535d' 1)" | head -n 64 >"$FILES/big.anim"
	{ head -c 4194000 "$FILES/big.anim"; printf '\n\f\n'; } >"$FILES/big-bad.anim"
	round="put $BIRD/animation big
		put $BIRD/flip 1
		put $BIRD/animation big-bad = EINVAL
		put $BIRD/flip 0
		put $BIRD/animation party"
	# The first round may fill caches.
	calls <<<"$round"
	before=$(available)
	calls <<<"$round"$'\n'"$round"$'\n'"$round"
	lost=$((before - $(available)))
	((lost < 10240)) || fail "$lost KiB less available than after the first round"
}
