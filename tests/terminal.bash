# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2119,SC2120 # options of the callers
#
# Helpers for tests in a terminal, tmux. Each bats file has its own terminal. Some guests
# have no tmux.

# The name of the file is the name of the terminal's socket.
terminal() {
	tmux -u -L "${BATS_TEST_FILENAME##*/}" -f /dev/null "$@"
}

has_tmux() {
	command -v tmux >/dev/null
}

# terminal_begins COLUMNS ROWS [COMMAND]: the default is a shell without prompt.
terminal_begins() {
	! has_tmux || terminal new-session -d -x "$1" -y "$2" "${3:-PS1= exec bash --norc --noprofile}"
}

# terminal_begins_anew: a new terminal runs the command again.
terminal_begins_anew() {
	! has_tmux || terminal respawn-pane -k
}

terminal_ends() {
	! has_tmux || terminal kill-server 2>/dev/null || true
}

# types KEY...: press keys.
types() {
	terminal send-keys "$@"
}

# mode NAME...: print flags of the terminal.
mode() {
	terminal display-message -p "$(printf '#{%s}' "$@")"
}

# screen [-e]: print the rows; with -e, with their colours.
screen() {
	terminal capture-pane -p "$@"
}

# screen_has REGEX: a row of the terminal matches.
screen_has() {
	screen | grep -Eq -- "$1"
}

screen_lacks() {
	! screen_has "$1"
}
