#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The help, the man page and the completions of roulettectl: they name the same commands
# and options, and the devices of this machine.
#
# seconds: 10

load guest

TOOL=$SUITE/../tools/roulettectl

commands() {
	roulettectl --help | sed -nE 's/^  ([a-z]+) +[A-Z].*/\1/p'
}

# options COMMAND...: print the long options that its help names.
options() {
	roulettectl "$@" --help | grep -oE -- '--[a-z][a-z-]+' | sort -u
}

# completes WORD...: print what bash offers for the last word.
completes() {
	bash -c '
		source "$1"
		shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_roulettectl
		printf "%s\n" "${COMPREPLY[@]}"
	' - /usr/share/bash-completion/completions/roulettectl "$@" | sort | xargs
}

@test "the man page is valid, and has all commands and options" {
	local command option page=$TOOL/roulettectl.8

	if command -v mandoc >/dev/null; then
		[[ -z $(mandoc -Tlint "$page") ]] || fail "$(mandoc -Tlint "$page")"
	fi
	(($(commands | wc -l) > 15))
	for command in $(commands); do
		grep -qE "^\.It Cm $command( |$)" "$page" || fail "the page lacks $command"
		for option in $(options "$command"); do
			grep -qE "Fl Fl ${option#--}( |$)" "$page" || fail "the page lacks $command $option"
		done
	done
	for command in import list preview; do
		grep -qE "^\.It Cm animation $command" "$page" || fail "the page lacks animation $command"
		for option in $(options animation $command); do
			grep -qE "Fl Fl ${option#--}( |$)" "$page" || fail "the page lacks animation $command $option"
		done
	done
}

@test "bash completes commands, options, names, knobs and actions" {
	modprobe roulette odds=0
	mkdir "$CONFIG/roulette/bond"
	[[ $(completes roulettectl '' | tr ' ' '\n' | grep -v ^-) == $(commands | sort) ]] || fail "$(completes roulettectl '')"
	[[ $(completes roulettectl sh) == show ]]
	[[ $(completes roulettectl show '') == 'bond kernel-roulette' ]]
	[[ $(completes roulettectl set bond od) == 'odds=' ]]
	[[ $(completes roulettectl set bond action = pa) == panic ]]
	[[ $(completes roulettectl set bond action =) == "$(tr ' ' '\n' <"$CLASS/bond/available_actions" | sort | xargs)" ]]
	[[ $(completes roulettectl get bond see) == seed ]]
	[[ $(completes roulettectl create '') == 'parrot roulette' ]]
	[[ $(completes roulettectl drill --action hung) == hung_task ]]
	[[ $(completes roulettectl drill --context so) == softirq ]]
	[[ $(completes roulettectl drill --hang) == --hang-time ]]
	[[ $(completes roulettectl animation '') == 'import list preview' ]]
	[[ $(completes roulettectl animation import --for) == --force ]]
	unload_all
	[[ $(completes roulettectl drill --action hung) == hung_task ]]
	[[ -z $(completes roulettectl show '') ]]
}

# zsh completes in a terminal only.
# bats test_tags=slow
@test "zsh completes commands and names" {
	local screen

	command -v zsh >/dev/null || skip 'this guest has no zsh'
	modprobe roulette odds=0
	mkdir "$CONFIG/roulette/bond"
	cat >"$BATS_TEST_TMPDIR/.zshrc" <<-'END'
		fpath+=/usr/share/zsh/site-functions
		autoload -Uz compinit
		compinit -u -D
		PS1='ready> '
	END
	ZDOTDIR=$BATS_TEST_TMPDIR tmux -f /dev/null -L zsh new-session -d -x 100 -y 30 zsh
	shows() { screen=$(tmux -L zsh capture-pane -p); [[ $screen == *"$1"* ]]; }
	eventually 90 shows 'ready>' || fail "$screen"
	ask() {
		tmux -L zsh send-keys C-u "$1" Tab
		eventually 45 shows "$2" || fail "$screen"
	}
	ask 'roulettectl sh' 'roulettectl show'
	ask 'roulettectl show bo' 'roulettectl show bond'
	ask 'roulettectl set bond action=stack_o' 'action=stack_overflow'
	ask 'roulettectl drill --dry' '--dry-run'
	tmux -L zsh kill-server
}

teardown() {
	tmux -L zsh kill-server 2>/dev/null || true
	unload_all && guest_teardown
}

# bats test_tags=slow
@test "each command has a help, and wrong usage has status 2" {
	local command

	for command in $(commands); do
		roulettectl "$command" --help | grep -q "^Usage: roulettectl $command" || fail "$command"
		run roulettectl "$command" --no-such-option
		[[ $status == 2 && $output == *"unrecognized option '--no-such-option'"*Usage:* ]] || fail "$command: $output"
	done
	run roulettectl
	[[ $status == 2 && $output == Usage:* ]]
}
