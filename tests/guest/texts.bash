# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # BEFORE is used by the scripts that source this
#
# Shared by the scripts that compare the kernel's messages with tests/actions.tsv: in a
# guest (tests/guest/texts, tests/roulette-actions.bats), and at its console
# (tests/vm/texts).

# DETECTOR_OF: the settings, in seconds, at which the kernel's detectors report soon.
# LASTS: the seconds that an action must last for that. A reported RCU stall silences the
# soft lockup detector. A hard lockup detector uses the threshold for soft lockups.
HUNG_TASK=/proc/sys/kernel/hung_task_timeout_secs
SOFT_LOCKUP=/proc/sys/kernel/watchdog_thresh
RCU_STALL=/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout
declare -A DETECTOR_OF=(
	[hung_task]="$HUNG_TASK=1" [soft_lockup]="$SOFT_LOCKUP=1"
	[hard_lockup]="$RCU_STALL=3" [rcu_stall]="$RCU_STALL=3" [deadlock]="$SOFT_LOCKUP=1"
)
declare -A LASTS=([hung_task]=4 [soft_lockup]=5 [hard_lockup]=5 [rcu_stall]=5 [deadlock]=5)

# shot_alone ACTION ARCH: whether the action needs a separate guest, because it ends the
# machine. riscv64 treats the trap of a BUG() as an NMI, and a task that dies in an
# interrupt panics the kernel. hung_task is separate because its detector is silent after
# an oops. On arm64 that is also true for atomic_sleep, because a page fault of the kernel
# leaves oops_in_progress set. ARCH is Debian's name or that of the kernel.
shot_alone() {
	case $1 in
	panic | stack_overflow | stack_corruption | reboot | hung_task) ;;
	bug | list_corruption | usercopy) [[ $2 == riscv64 ]] ;;
	atomic_sleep) [[ $2 == arm64 || $2 == aarch64 ]] ;;
	*) return 1 ;;
	esac
}

# set_detector ACTION: set the detector and hang_time for ACTION, in the directory of the
# device's knobs. Sets BEFORE to a command that restores the detector.
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

# first_lines: print the lines after the line of the pull that describe the failure, not
# the machine: at most three, and the process that the OOM killer chose. On 7.2 and later a
# report about a list begins with what is known about the memory of its head, which varies.
first_lines() {
	awk '
		!begun { begun = /: bang: pull /; next }
		/^ ([0-9]+-page )?vmalloc / { next }
		/^(CPU: |PGD |Modules linked in|Mem abort info|Call [Tt]race|Hardware name|Current |rcu: \t| +(Not t|T)ainted)/ { ended = 1 }
		!ended && ++lines <= 3 || /^Out of memory: Killed/
	'
}

# row TABLE ACTION KERNEL ARCH: print the remaining fields of this row.
row() {
	awk -F '\t' -v action="$2" -v kernel="$3" -v arch="$4" '
		$1 == action && $2 == kernel && $3 == arch {
			sub(/^[^\t]*\t[^\t]*\t[^\t]*\t/, "")
			print
		}' "$1"
}

# differs WANT GOT: print the first field of GOT that does not match the row WANT of the
# table. Fails if all match.
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
