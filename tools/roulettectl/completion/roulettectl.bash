# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2207 # no name, knob or action contains a blank
#
# Completion of roulettectl for bash. Names, knobs and actions are those of this machine.

_roulettectl_names() {
	roulettectl list -n -o NAME 2>/dev/null
}

_roulettectl_knobs() {
	local file

	for file in "/sys/class/roulette/$1"/*; do
		[[ -f $file && ! $file =~ /(uevent|dev|type)$ ]] && echo "${file##*/}"
	done
}

_roulettectl_words() {
	local file

	for file in /sys/class/roulette/*/"available_$1"; do
		[[ ! -r $file ]] || { cat "$file"; return; }
	done
	case $1 in
	actions) echo none warn oops bug panic hung_task soft_lockup hard_lockup hang rcu_stall stack_overflow use_after_free oom kill error reboot null gpf divide list_corruption double_free refcount stack_corruption usercopy atomic_sleep deadlock ;;
	contexts) echo process kthread softirq hardirq ;;
	esac
}

_roulettectl_ids() {
	local file

	for file in /var/lib/roulette/drills/*.json; do
		[[ ! -e $file ]] || basename "$file" .json
	done
}

_roulettectl_animations() {
	roulettectl animation list -n -o NAME 2>/dev/null
}

_roulettectl_options() {
	roulettectl "$@" --help 2>/dev/null | grep -oE -- '--[a-z][a-z-]+' | sort -u
	echo --help
}

_roulettectl() {
	local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]-} words=''

	# bash splits KNOB=VALUE into three words.
	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		words="list show get set create delete pull watch arm disarm reset save restore check drill verify status history forget animation --help --version"
	elif [[ $cur == = || $previous == = ]]; then
		[[ $cur != = ]] || cur=''
		case ${COMP_WORDS[COMP_CWORD - (${#cur} ? 2 : 1)]} in
		action) words=$(_roulettectl_words actions) ;;
		context) words=$(_roulettectl_words contexts) ;;
		animation) words=$(_roulettectl_animations) ;;
		esac
	elif [[ $cur == -* ]]; then
		words=$(_roulettectl_options "$command")
		[[ $command != animation ]] || words=$(_roulettectl_options animation "${COMP_WORDS[2]-}")
	else
		case $previous in
		--action) words=$(_roulettectl_words actions) ;;
		--context) words=$(_roulettectl_words contexts) ;;
		--device) words=$(_roulettectl_names) ;;
		--output | -o) [[ $command != list ]] || words='NAME TYPE NODE ODDS ACTION LABEL PULLS HITS ARMED' ;;
		--colors) words='none 16 256 full' ;;
		--root | --netconsole | --serial) COMPREPLY=($(compgen -f -- "$cur")) ;;
		*) words=$(_roulettectl_arguments "$command") ;;
		esac
	fi
	[[ -z $words ]] || COMPREPLY=($(compgen -W "$words" -- "$cur"))
	if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]]; then
		compopt -o nospace 2>/dev/null || true
	fi
}

# _roulettectl_arguments COMMAND: print the words that can follow, other than options.
_roulettectl_arguments() {
	case $1 in
	show | delete | pull | watch | reset)
		_roulettectl_names
		;;
	get)
		if ((COMP_CWORD == 2)); then _roulettectl_names; else _roulettectl_knobs "${COMP_WORDS[2]}"; fi
		;;
	set)
		if ((COMP_CWORD == 2)); then
			_roulettectl_names
		else
			_roulettectl_knobs "${COMP_WORDS[2]}" | sed 's/$/=/'
		fi
		;;
	create)
		if ((COMP_CWORD == 2)); then
			echo roulette parrot
		elif ((COMP_CWORD > 3)); then
			case ${COMP_WORDS[2]} in
			roulette) printf '%s=\n' odds action context delay_ms hang_time times interval space respin seed label ;;
			parrot) printf '%s=\n' frame_rate animation color flip ;;
			esac
		fi
		;;
	verify | forget)
		_roulettectl_ids
		;;
	animation)
		if ((COMP_CWORD == 2)); then
			echo import list preview
		elif [[ ${COMP_WORDS[2]} == preview ]]; then
			_roulettectl_animations
		else
			compgen -f -- "$cur"
		fi
		;;
	save | restore)
		compgen -f -- "$cur"
		;;
	esac
}

complete -F _roulettectl roulettectl
