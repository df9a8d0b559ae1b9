#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 5
#
# A parrot in a real terminal, tmux. The picture is never blank, and the history
# keeps the earlier output. Nothing is left of a longer frame, of a background or
# of a colour.

load guest
load terminal

FILES=/lib/firmware/roulette
BIRD=$CLASS/bird
NODE=/dev/roulette/bird
PARTY=$SUITE/../devices/parrot/party

setup_file() {
	load_all
	mkdir "$CONFIG/parrot/bird" "$FILES" -p
	knob write "$BIRD/frame_rate" max
	terminal_begins 80 24 'seq 1500; exec sleep 1000'
}

teardown_file() {
	terminal_ends
	unload_all
}

tty() {
	mode pane_tty
}

history_size() {
	mode history_size
}

has_history() {
	(($(history_size) >= 1400))
}

# plays ANIMATION BYTES: write one frame of it to the terminal.
plays() {
	printf '%b' "$2" >"$FILES/$1.anim"
	takes "$BIRD/animation" "$1"
	dd if="$NODE" of="$(tty)" bs=65536 count=1 status=none
}

# shows TEXT [-e]: the terminal shows TEXT; with -e, TEXT includes the colours.
shows() {
	[[ $(screen "${@:2}") == "$1" ]]
}

# answered FD: wait until the control client has run a command.
answered() {
	local line=

	until [[ $line == %end* ]]; do
		read -r line <&"$1"
	done
}

# looks COUNT: write COUNT pieces of 64 bytes to the terminal, and print the screen
# as it was after each. A control client answers within milliseconds. It captures
# the screens into buffers, and prints the buffers at the end.
looks() {
	local bird to looker piece i

	exec {bird}<"$NODE" {to}>"$(tty)"
	coproc looker { terminal -C attach-session -f no-output; }
	answered "${looker[0]}"
	for ((i = 0; i < $1; i++)); do
		IFS= read -r -d '' -N 64 piece <&"$bird"
		printf %s "$piece" >&"$to"
		echo "capture-pane -b look$i" >&"${looker[1]}"
		answered "${looker[0]}"
	done
	exec {bird}<&- {to}>&-
	{ printf 'show-buffer -b look%d\n' $(seq 0 $(($1 - 1))); echo detach-client; } >&"${looker[1]}"
	cat <&"${looker[0]}"
}

@test "no cell that all frames fill is ever blank, and the history keeps its length" {
	local before

	has_tmux || skip "no tmux in this guest"
	eventually 20 has_history
	before=$(history_size)
	looks 60 >"$BATS_TEST_TMPDIR/looks"
	# The first 20 looks are skipped: the first frame, of 14 pieces, is drawn over
	# the old screen, and tmux may show it with a delay.
	awk -v skip=20 '
		FILENAME ~ /txt$/ {
			frames += FNR == 1
			for (i = 1; i <= length; i++)
				if (substr($0, i, 1) != " ")
					filled[FNR, i]++
			next
		}
		/^%begin/ { look++; row = 0; next }
		/^%/ { next }
		look <= skip { next }
		{
			row++
			# show-buffer doubles backslashes.
			gsub(/\\\\/, "/")
			for (i = 1; i <= 48; i++)
				if (filled[row, i] == frames) {
					cells++
					blank += substr($0, i, 1) !~ /[^ ]/
				}
		}
		END {
			printf "%d looks at %d cells, blank: %d\n", look - skip, cells, blank
			exit !(cells >= 8000 && !blank)
		}' "$PARTY"/*.txt "$BATS_TEST_TMPDIR/looks"
	[[ $(history_size) == "$before" ]] || fail "the history had $before lines, and has $(history_size) now"
}

@test "nothing is left of a longer frame, of a background or of a colour" {
	local row

	has_tmux || skip "no tmux in this guest"
	takes "$BIRD/color" green
	printf -v row '%079d' 1
	plays long "$(yes "$row" | head -n 23)"
	eventually 10 shows "$(yes "$row" | head -n 23)"
	plays short '\e[41mred\nred on\e[49m\n\e[7minverse\n\n\e[0mplain'
	printf after >"$(tty)"
	eventually 10 shows $'\e[32m\e[41mred\e[39m\e[49m
\e[32m\e[41mred on\e[39m\e[49m
\e[7m\e[32minverse\e[0m\e[39m\e[49m

plain
after' -e || fail "the terminal shows: $(screen -e | cat -v)"
}
