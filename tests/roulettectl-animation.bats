#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 12
#
# roulettectl animation: import converts GIFs and text to files that a parrot plays; list
# and preview show these files. import refuses a file that no parrot would play, with the
# reason, and leaves no file.
#
# The program gif creates the GIFs, see tests/tools/gif.c.

load guest
load terminal

FILES=/lib/firmware/roulette
BIRD=$CLASS/bird
NODE=/dev/roulette/bird

setup_file() {
	load_all
	mkdir "$CONFIG/parrot/bird"
	knob write "$BIRD/frame_rate" max
	knob write "$BIRD/color" none
}

setup() {
	guest_setup
	rm -rf "$FILES"
	cd "$BATS_TEST_TMPDIR" || return
	gif 24 24 30 ff0000 00ff00 0000ff >three.gif
	printf 'one\n' >1.txt
	printf 'two\n' >2.txt
}

teardown_file() {
	terminal_ends
	unload_all
}

needs() {
	command -v "$1" >/dev/null || skip "no $1 in this guest"
}

import() {
	roulettectl animation import "$@"
}

# refused_with STATUS TEXT COMMAND...: the command fails with this status. Its message
# contains TEXT, and has a second line with an advice. No file was created.
refused_with() {
	local before after

	before=$(ls -A "$FILES" 2>&1) || true
	run -"$1" --separate-stderr -- "${@:3}"
	# shellcheck disable=SC2154 # set by run
	[[ $stderr == *"$2"* && $stderr == *$'\n'?* ]] || fail "no '$2' with an advice in: $stderr"
	after=$(ls -A "$FILES" 2>&1) || true
	[[ $after == "$before" ]] || fail "files changed: $after"
}

# row COLUMNS NAME: print these columns of an animation.
row() {
	roulettectl animation list -n -o "NAME,$1" | awk -v name="$2" '$1 == name { $1 = ""; print substr($0, 2) }'
}

# The versions of chafa separate the frames of a GIF in different ways. Their defaults
# depend on the terminal.
# bats test_tags=kernels
@test "import draws each frame of a GIF with each number of colours, and a parrot plays them" {
	local colors term

	needs chafa
	for colors in none 16 256 full; do
		import --size 20x10 --colors "$colors" three.gif "gif-$colors"
		[[ $(row FRAMES,SIZE,COLORS "gif-$colors") == "3 20x10 $colors" ]]
		roulettectl set bird "animation=gif-$colors"
		[[ $(shown "$BIRD/frames") == 3 ]]
		parrotread "$NODE" none "$FILES/gif-$colors.anim" read:4096
	done
	# The bar has 1/6, 2/6 and 3/6 of the width.
	awk '{ print gsub(/█/, "") }' "$FILES/gif-none.anim" | uniq >bars
	[[ $(<bars) == 3$'\n'0$'\n'6$'\n'0$'\n'10 ]]
	for term in fbterm vt220; do
		TERM=$term import --size 20x10 three.gif --output "$term"
		cmp "$FILES/gif-256.anim" "$term"
	done
}

# bats test_tags=slow
@test "a GIF fits into the terminal less a column and a row, or into 48x22, and keeps its shape" {
	needs chafa
	gif 40 10 0 ff0000 >wide.gif
	gif 10 80 0 ff0000 >high.gif
	import three.gif square </dev/null >out 2>&1
	[[ $(row SIZE square) == 44x22 ]]
	import wide.gif wide </dev/null >out 2>&1
	[[ $(row SIZE,FRAMES wide) == '48x6 1' ]]
	import high.gif high </dev/null >out 2>&1
	[[ $(row SIZE high) == 6x22 ]]
	script -qc 'stty rows 12 cols 31; roulettectl animation import three.gif terminal' /dev/null </dev/null
	[[ $(row SIZE terminal) == 22x11 ]]
}

@test "text files are frames in their order, with LF at line ends and no byte-order mark" {
	printf '\xef\xbb\xbfwindows \xf0\x9f\xa6\x9c\r\n\f\r\nlast' >3.txt
	import 2.txt 1.txt 3.txt words
	printf 'two\n\f\none\n\f\nwindows \xf0\x9f\xa6\x9c\n\f\nlast\n' | cmp - "$FILES/words.anim"
	[[ $(stat -c %a "$FILES/words.anim") == 644 ]]
	# The parrot's head is two columns wide.
	[[ $(row FRAMES,SIZE,COLORS words) == '4 10x1 none' ]]
	roulettectl set bird animation=words
	parrotread "$NODE" none "$FILES/words.anim" read:4096
	import 1.txt 2.txt --output - | cmp - <(printf 'one\n\f\ntwo\n')
}

@test "import refuses what a parrot refuses, names file and line, and leaves nothing" {
	printf 'a\nb\tc\n' >tab.txt
	printf 'a\n\n\xff\n' >latin.txt
	printf '\e[2Jx\n' >clear.txt
	printf 'x\n\f\n' >empty-frame.txt
	: >empty.txt
	awk 'BEGIN { for (i = 0; i < 1024; i++) print (i ? "\f\n" : "") i }' >1024.txt
	yes 'a line of text' | head -c 4194300 >4M.txt
	refused_with 2 'tab.txt: line 2: control character 0x09' import 1.txt tab.txt new
	refused_with 2 'latin.txt: line 3: byte 0xff is not UTF-8' import latin.txt new
	refused_with 2 'clear.txt: line 1: escape sequence' import clear.txt new
	refused_with 2 'empty-frame.txt: line 3: empty frame' import empty-frame.txt new
	refused_with 2 'empty.txt: empty' import 1.txt empty.txt new
	import 1024.txt many
	refused_with 2 'more than 1024 frames' import 1024.txt 1.txt new
	refused_with 2 'new: larger than 4 MiB' import 4M.txt 1.txt new
	refused_with 2 'could not read' import /lib new
	[[ ! -e new ]]
}

# bats test_tags=slow
@test "import refuses a broken GIF, one with too many frames, and names chafa if it is missing" {
	local colors

	needs chafa
	head -c 100 three.gif >broken.gif
	refused_with 2 'broken.gif' import broken.gif new
	printf -v colors '%06x ' {1..1025}
	# shellcheck disable=SC2086 # words
	gif 4 4 50 $colors >1025.gif
	refused_with 2 '1025.gif: line' import --size 2x1 1025.gif new
	# Each cell has its own colours, in about 40 bytes.
	# shellcheck disable=SC2046 # words
	gif 100 100 0 $(yes noise | head -n 30) >large.gif
	refused_with 2 'larger than 4 MiB' import --size 100x50 --colors full large.gif new
	ln -s "$(command -v roulettectl)" alone
	refused_with 3 'Install chafa' env PATH="$PWD" ./alone animation import three.gif new
}

# bats test_tags=slow
@test "import replaces an animation only with --force, and at once" {
	import 1.txt bird
	refused_with 2 'exists' import 2.txt bird
	grep -qx one "$FILES/bird.anim"
	run -137 strace -qq -o /dev/null -e trace=rename -e inject=rename:signal=KILL roulettectl animation import -f 2.txt bird
	grep -qx one "$FILES/bird.anim"
	rm "$FILES"/.roulettectl-*
	refused_with 3 'No space left' strace -qq -o /dev/null -e trace=fsync -e inject=fsync:error=ENOSPC roulettectl animation import -f 2.txt bird
	grep -qx one "$FILES/bird.anim"
	import -f 2.txt bird
	grep -qx two "$FILES/bird.anim"
	[[ $(ls -A "$FILES") == bird.anim ]]
	refused_with 2 'not a regular file' import -f 1.txt --output /dev/null
}

# bats test_tags=slow
@test "wrong names, options and users are refused" {
	refused_with 2 "'.bird' is not a valid name" import 1.txt .bird
	refused_with 2 "'a/b' is not a valid name" import 1.txt a/b
	refused_with 2 'built-in' import 1.txt party
	refused_with 2 'give at least one file' import bird
	refused_with 2 'text files keep' import --colors 16 1.txt bird
	refused_with 2 'is not a size' import --size 0x5 1.txt bird
	refused_with 2 'is not a size' import --size 80 1.txt bird
	refused_with 2 'is not a number of colours' import --colors 8 1.txt bird
	refused_with 2 'not a command of animation' roulettectl animation fly
	refused_with 2 'give a command' roulettectl animation
	refused_with 2 'is not a rate' roulettectl animation preview -r 0 party
	refused_with 2 'not a terminal' roulettectl animation preview party
	refused_with 2 'could not read' roulettectl animation preview nothing
	chmod -R a+rX "$BATS_RUN_TMPDIR"
	refused_with 3 'Run the command as root' setpriv --reuid 65534 --clear-groups roulettectl animation import 1.txt bird
}

@test "list shows the problem of each broken file" {
	import 1.txt 2.txt good
	printf 'a\n\x01\n' >"$FILES/bad.anim"
	truncate -s 5M "$FILES/large.anim"
	cp 1.txt "$FILES/party.anim"
	cp 1.txt "$FILES/a b.anim"
	mkdir "$FILES/directory.anim"
	run -1 roulettectl animation list -n -o NAME,PROBLEM,SOURCE
	[[ $output == *'bad '*'line 2: control character 0x01'*file* ]]
	[[ $output == *'large '*'larger than 4 MiB'* ]]
	[[ $output == *'party '*'hidden by the built-in animation'* ]]
	[[ $output == *'a b '*'no parrot accepts this name'* ]]
	[[ $output == *'directory '*'Is a directory'* ]]
	[[ $output == *'party '*'- '*'built in'* ]]
	rm -r "$FILES"
	[[ $(roulettectl animation list -n -o NAME,FRAMES,SIZE) =~ ^party\ +12\ 48x22$ ]]
}

# bats test_tags=slow
@test "the JSON of list matches the schema" {
	needs python3
	import 1.txt 2.txt good
	printf 'a\n\x01\n' >"$FILES/bad.anim"
	truncate -s 5M "$FILES/large.anim"
	run -1 roulettectl animation list --json
	echo "$output" >list.json
	python3 -c '
import json, jsonschema, sys
value = json.load(open("list.json"))
jsonschema.validate(value, json.load(open(sys.argv[1])))
rows = {row["name"]: row for row in value["animations"] if row["source"] == "file"}
assert rows["good"] == {"name": "good", "frames": 2, "size": "3x1", "colors": "none", "bytes": 10, "source": "file", "problem": None}, rows
' "$SUITE/schemas/animation.json"
}

# on_screen TEXT: the screen contains TEXT.
on_screen() {
	[[ $(screen -e) == *"$1"* ]]
}

# bats test_tags=slow
@test "preview draws what a parrot draws, and Ctrl-C and Ctrl-Z restore the terminal" {
	needs tmux
	needs chafa
	gif 24 24 0 ff8000 >one.gif
	import --size 20x10 one.gif one
	import 1.txt 2.txt words
	terminal_begins 60 24 'PS1="ready> " exec bash --norc'
	eventually 10 on_screen 'ready>'
	# One frame of the node, below nothing.
	roulettectl set bird animation=one
	types "clear; dd if=$NODE bs=65536 count=1 status=none; sleep 1000" Enter
	eventually 10 on_screen $'\e[7m'
	screen -e >node
	types C-c "clear; roulettectl animation preview -r 0.001 one; echo status \$?" Enter
	preview_is_node() { cmp -s node <(screen -e); }
	eventually 10 preview_is_node
	[[ $(mode cursor_flag alternate_on) == 01 ]]
	types C-z
	eventually 10 on_screen Stopped
	[[ $(mode cursor_flag alternate_on) == 10 ]]
	types fg Enter
	eventually 10 preview_is_node
	types C-c
	eventually 10 on_screen 'ready>'
	[[ $(mode cursor_flag alternate_on) == 10 ]]
	# Both frames appear, in a terminal that is too small for the parrot.
	terminal resize-window -x 40 -y 10
	types "clear; roulettectl animation preview -r 2 words; roulettectl animation preview party" Enter
	eventually 10 on_screen one
	eventually 10 on_screen two
	types C-c
	eventually 10 on_screen 'roulettectl: the animation needs'
}

# bats test_tags=slow,full
@test "valgrind finds no error and no leak in import, list and preview" {
	local check=(valgrind -q --leak-check=full --error-exitcode=99 roulettectl animation)

	needs valgrind
	"${check[@]}" import --size 20x10 three.gif three
	"${check[@]}" import 1.txt 2.txt words
	printf '\x1b[38;5m\x1b[48m\x1b[;1m\x1b[38;2;1;2;3m\x1b[4:3mx\n' >"$FILES/odd.anim"
	printf '\x01' >"$FILES/bad.anim"
	run -1 "${check[@]}" list --json
	script -qec "timeout --preserve-status -s INT 30 ${check[*]} preview three" /dev/null </dev/null >out
	grep -qF $'\e[?1049l' out
}
