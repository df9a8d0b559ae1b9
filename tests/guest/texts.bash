# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # BEFORE is for who sources this
#
# What the kernel says of each action, see tests/actions.tsv. For who looks from
# within a guest (tests/guest/texts, tests/roulette-actions.bats), and for who looks
# at its console (tests/vm/texts).

# In seconds: what the kernel's detectors are set to, so that they speak soon, and
# how long an action must last for that. A stall that RCU reports keeps the soft
# lockup's detector silent. Where there is a detector of hard lockups it has the
# threshold of that for soft ones.
HUNG_TASK=/proc/sys/kernel/hung_task_timeout_secs
SOFT_LOCKUP=/proc/sys/kernel/watchdog_thresh
RCU_STALL=/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout
declare -A DETECTOR_OF=(
	[hung_task]="$HUNG_TASK=1" [soft_lockup]="$SOFT_LOCKUP=1"
	[hard_lockup]="$RCU_STALL=3" [rcu_stall]="$RCU_STALL=3"
)
declare -A LASTS=([hung_task]=4 [soft_lockup]=5 [hard_lockup]=5 [rcu_stall]=5)

# shot_alone ACTION ARCH: whether it needs a guest of its own. What ends the machine
# does; on riscv64 the trap of a BUG() counts as an NMI, and who dies in an interrupt
# panics. After an oops, the detector of hung tasks is silent.
shot_alone() {
	case $1 in
	panic | stack_overflow | reboot | hung_task) ;;
	bug) [[ $2 == riscv64 ]] ;;
	*) return 1 ;;
	esac
}

# set_detector ACTION: in the folder of the device's knobs. BEFORE has a command that
# takes it back.
set_detector() {
	local detector=${DETECTOR_OF[$1]:-}

	[[ $1 != hard_lockup || $(cat /proc/sys/kernel/nmi_watchdog 2>/dev/null) != 1 ]] ||
		detector=${DETECTOR_OF[soft_lockup]}
	BEFORE=:
	echo "${LASTS[$1]:-1}" >hang_time
	[[ -w ${detector%=*} ]] || return 0
	BEFORE="echo $(<"${detector%=*}") >${detector%=*}"
	echo "${detector#*=}" >"${detector%=*}"
}

# What follows the line of the pull, as far as it is about the failure and not
# the machine; three lines at most, and whom a lack of memory has hit.
first_lines() {
	awk '
		!begun { begun = /: bang: pull /; next }
		/^(CPU: |PGD |Modules linked in|Mem abort info|Call [Tt]race|Hardware name|Current |rcu: \t| +(Not t|T)ainted)/ { ended = 1 }
		!ended && ++lines <= 3 || /^Out of memory: Killed/
	'
}

# row TABLE ACTION KERNEL ARCH: what the table has after these.
row() {
	awk -F '\t' -v action="$2" -v kernel="$3" -v arch="$4" '
		$1 == action && $2 == kernel && $3 == arch {
			sub(/^[^\t]*\t[^\t]*\t[^\t]*\t/, "")
			print
		}' "$1"
}

# differs WANT GOT: of a row of the table, and what was seen: says the first field
# that is not as expected. Fails if there is none.
differs() {
	local want got field

	IFS=$'\t' read -ra want <<<"$1"
	IFS=$'\t' read -ra got <<<"$2"
	for ((field = 0; field < ${#want[@]} || field < ${#got[@]}; field++)); do
		[[ ${got[field]:-} =~ ^${want[field]:-}$ ]] || {
			echo "'${got[field]:-nothing}', expected '${want[field]:-nothing}'"
			return
		}
	done
	return 1
}
