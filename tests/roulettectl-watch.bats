#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 10
# bats file_tags=slow
#
# roulettectl watch in a terminal, tmux, and in a pipe.

load guest
load terminal

setup_file() {
	load_all roulette.odds=0
	terminal_begins 80 12
}

teardown_file() {
	terminal_ends
	unload_all
}

setup() {
	guest_setup
	terminal_begins_anew
	mkdir "$CONFIG/roulette/bond"
	set_knobs bond odds=1/1 action=none
}

teardown() {
	remove_instances && guest_teardown
}

# starts COMMAND: run it after a line that must be visible again at the end. The shell of
# the script keeps the modes of the terminal; an interactive shell would restore them.
starts() {
	cat >"$BATS_TEST_TMPDIR/script" <<-EOF
		trap : INT
		echo before
		stty -g >$BATS_TEST_TMPDIR/before
		$1
		echo "rc \$?"
		stty -g >$BATS_TEST_TMPDIR/after
	EOF
	types "clear; bash $BATS_TEST_TMPDIR/script" Enter
	eventually 60 screen_has '^ROULETTE '
	prepared 100 || fail 'the terminal is not prepared'
}

# prepared FLAGS: alternate screen, cursor, wrapping.
prepared() {
	[[ $(mode alternate_on cursor_flag wrap_flag) == "$1" ]]
}

# restored STATUS: the command ended with this status, and the terminal is as before.
restored() {
	eventually 30 screen_has "^rc $1\$"
	eventually 5 test -s "$BATS_TEST_TMPDIR/after"
	screen_has '^before$'
	screen_lacks '^ROULETTE' || fail "$(screen)"
	prepared 011 || fail 'the terminal is not restored'
	cmp "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
	rm "$BATS_TEST_TMPDIR/after"
}

@test "watch shows pulls, rates, the last hit, and frames" {
	has_tmux || skip "no tmux in this guest"
	starts 'roulettectl watch --interval 0.5'
	eventually 10 screen_has '^bond +0 +0\.0 +0 +- +0 +1/1 none +yes$'
	exec {bird}</dev/parrot
	pull -n 500 /dev/roulette/bond >/dev/null
	eventually 10 screen_has '^bond +500 +[1-9][0-9]+ +500 +0 s +0 +1/1 none +yes$'
	eventually 10 screen_has '^bond +500 +0\.0 +500 +[1-9] s '
	eventually 5 screen_has '^parrot +1 +0\.0 +20 party$'
	head -c 20000 <&"$bird" >/dev/null
	exec {bird}<&-
	eventually 5 screen_has '^parrot +0 '
	echo N >/sys/module/roulette/parameters/armed
	eventually 5 screen_has '^bond .* no$'
	echo Y >/sys/module/roulette/parameters/armed
	set_knobs bond action=warn delay_ms=100000
	pull /dev/roulette/bond >/dev/null
	eventually 5 screen_has '^bond +501 .* 1 +1/1 warn '
	types q
	restored 0
}

@test "watch follows devices and the size of the terminal" {
	has_tmux || skip "no tmux in this guest"
	starts 'roulettectl watch -i 0.2'
	mkdir "$CONFIG/roulette/fresh"
	eventually 5 screen_has '^fresh '
	rmdir "$CONFIG/roulette/fresh"
	eventually 5 screen_lacks '^fresh '
	terminal resize-window -x 30 -y 5
	eventually 5 screen_has '^4 more lines$'
	screen_has '^ROULETTE +PULLS PULLS/S$' || fail "$(screen)"
	terminal resize-window -x 80 -y 12
	eventually 5 screen_has '^parrot '
	unload_all
	eventually 5 screen_has '^No devices\.$'
	load_all roulette.odds=0
	mkdir "$CONFIG/roulette/bond"
	eventually 5 screen_has '^bond '
	types q
	restored 0
}

@test "q, Ctrl-C, SIGTERM and SIGHUP restore the terminal" {
	local signal

	has_tmux || skip "no tmux in this guest"
	starts 'roulettectl watch bond'
	screen_lacks '^kernel-roulette'
	types C-c
	restored 130
	for signal in TERM HUP; do
		starts 'roulettectl watch'
		pkill -$signal -x roulettectl
		restored $((128 + $(kill -l $signal)))
	done
}

@test "Ctrl-Z restores the terminal until fg" {
	has_tmux || skip "no tmux in this guest"
	types 'clear; echo before; roulettectl watch' Enter
	eventually 10 screen_has '^ROULETTE '
	types C-z
	eventually 10 screen_has '^before$'
	eventually 10 prepared 011
	types fg Enter
	eventually 10 screen_has '^ROULETTE '
	prepared 100
	types q
	eventually 10 screen_lacks '^ROULETTE '
	prepared 011
}

@test "without a terminal watch prints tables" {
	local status=0

	timeout -s TERM 2 roulettectl watch --interval 0.2 bond >"$BATS_TEST_TMPDIR/said" || status=$?
	[[ $status == 124 ]]
	[[ $(grep -c '^ROULETTE ' "$BATS_TEST_TMPDIR/said") -ge 3 ]] || fail "$(<"$BATS_TEST_TMPDIR/said")"
	[[ $(head -n 4 "$BATS_TEST_TMPDIR/said") =~ ^'ROULETTE '[^$'\n']*$'\n'"bond "[^$'\n']*$'\n\n''ROULETTE ' ]] || fail "$(cat -v "$BATS_TEST_TMPDIR/said")"
	run ! grep -q $'\e' "$BATS_TEST_TMPDIR/said"
}

@test "watch explains wrong names and intervals" {
	run roulettectl watch nobody
	[[ $status == 2 && $output == "roulettectl: there is no device 'nobody'"* ]] || fail "$output"
	run roulettectl watch --interval 0
	[[ $status == 2 && $output == "roulettectl watch: '0' is not a number of seconds, 0.1 to 86400"* ]] || fail "$output"
}

# bats test_tags=full
@test "valgrind finds no error in watch" {
	command -v valgrind >/dev/null && has_tmux || skip "no valgrind or no tmux in this guest"
	starts "valgrind -q --log-file=$BATS_TEST_TMPDIR/errors --error-exitcode=99 --leak-check=full roulettectl watch -i 0.2"
	mkdir "$CONFIG/roulette/fresh"
	eventually 30 screen_has '^fresh '
	rmdir "$CONFIG/roulette/fresh"
	eventually 30 screen_lacks '^fresh '
	types q
	restored 0
	[[ ! -s $BATS_TEST_TMPDIR/errors ]] || fail "$(<"$BATS_TEST_TMPDIR/errors")"
}
