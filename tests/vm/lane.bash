# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# One lane of `make check`: runs its items one after another, and prints TAP lines
# without numbers. The lines of one test are printed together.

# lane NUMBER SCRATCH ITEM...: run the static checks first, then the files for the guest,
# then the files for this machine. The files share one guest until it dies.
lane() {
	local number=$1 scratch=$2 item guest=() alone=() host=() concurrent=()

	shift 2
	exec {EMIT_LOCK}>"$scratch/emit.lock"
	for item; do
		case $item in
		static) checks 'static checks' "$VM/static" ;;
		# Needs the guest's console, so it runs on this machine.
		texts) checks tests/vm/texts "$VM/texts" check ;;
		tests/host/fixtures/*) guest+=("$item") ;;
		tests/host/* | tests/machine/* | tests/packages/* | tests/rules/*) host+=("$item") ;;
		tests/debug/*/*) alone+=("$item") ;;
		*) guest+=("$item") ;;
		esac
	done
	crashing_last
	# Races are found by chance, so files with many threads run three times.
	if [[ $FLAVOUR == races ]]; then
		mapfile -t concurrent < <(grep -lx '# concurrent' "${guest[@]}")
	fi
	for _ in 1 2 3; do
		run_in_guests "$scratch/guest.$number"
		guest=("${concurrent[@]}")
	done
	# These files may disable a detector, so they run last, in another guest.
	guest=("${alone[@]}")
	run_in_guests "$scratch/guest.$number"
	((${#host[@]} == 0)) || run_on_host
	touch "$scratch/done.$number"
}

run_in_guests() {
	while ((${#guest[@]})); do
		run_in_guest "$1"
	done
}

# Move files that crash the kernel to the end, because lockdep stops at the first oops.
crashing_last() {
	local file quiet=() crashing=()

	[[ -n $FLAVOUR ]] || return 0
	for file in "${guest[@]}"; do
		if grep -q expect_crash "$file"; then crashing+=("$file"); else quiet+=("$file"); fi
	done
	guest=("${quiet[@]}" "${crashing[@]}")
}

# emit LINE...: print the lines together, so that the other lane cannot interleave its own.
emit() {
	flock "$EMIT_LOCK"
	printf '%s\n' "$@"
	flock -u "$EMIT_LOCK"
}

# checks NAME COMMAND...: run a command that prints TAP lines itself, without bats.
checks() {
	local name=$1 lines

	shift
	mapfile -t lines < <("$@" || echo "not ok - $name ended early")
	emit "${lines[@]}"
}

# choose_tags: set NEEDED, the tag that a test must have to run, SHUNNED, the tags that it
# must not have, and TAGS, the matching options for bats. See the head of tests/vm/check.
choose_tags() {
	local tag filter

	NEEDED=${ROULETTE_TAG:-} SHUNNED='' TAGS=()
	[[ -n ${T:-}${ROULETTE_FILTER:-}${ROULETTE_TAG:-}${ROULETTE_FULL:-} ]] || SHUNNED=slow
	# .ci/run runs the tests tagged `kernels` in make matrix. Those tagged
	# `full` take too long for it.
	[[ $NEEDED != slow ]] || SHUNNED='kernels full'
	filter=$NEEDED
	for tag in $SHUNNED; do
		filter+=${filter:+,}!$tag
	done
	[[ -z $filter ]] || TAGS=(--filter-tags "$filter")
}

# tests_of FILE: print the names of its tests that run.
tests_of() {
	awk -v needed="$NEEDED" -v shunned="$SHUNNED" '
		function has(tag) {
			return index(of_file "," of_test ",", "," tag ",")
		}
		function is_shunned(  i, count, tags) {
			count = split(shunned, tags, " ")
			for (i = 1; i <= count; i++)
				if (has(tags[i]))
					return 1
			return 0
		}
		sub(/^# bats file_tags=/, ",") { of_file = $0 }
		sub(/^# bats test_tags=/, "") { of_test = $0 }
		/^@test / {
			if (!(needed && !has(needed)) && !is_shunned()) {
				sub(/^@test ["\047]/, "")
				sub(/["\047] *{.*/, "")
				print
			}
			of_test = ""
		}' "$1"
}

# expect FILE...: set EXPECTED[N] to "FILE: NAME" of the test that bats will number N,
# from 1. EXPECTED[0] is for results of the guest as a whole.
expect() {
	local file name

	EXPECTED=('this guest: ')
	for file; do
		while IFS= read -r name; do
			[[ -n ${ROULETTE_FILTER:-} && ! $name =~ $ROULETTE_FILTER ]] ||
				EXPECTED+=("$file: $name")
		done < <(tests_of "$file")
	done
}

# follow: read the output of bats and of the guest, and emit it test by test. Output of a
# running test is emitted at once. Sets SEEN[number], RUNNING (the last announced test),
# FAILED and PLAN.
follow() {
	local line block=() number running=

	SEEN=() RUNNING='' FAILED='' PLAN=''
	while IFS= read -r line; do
		case $line in
		'ok '[0-9]* | 'not ok '[0-9]*)
			((${#block[@]} == 0)) || emit "${block[@]}"
			running=
			[[ $line != not* ]] || FAILED=1
			number=${line#*ok } number=${number%% *}
			SEEN[number]=1
			block=("${line%%ok *}ok - $(name_of "$number"): ${line#*ok "$number" }")
			;;
		1..*) PLAN=${line#1..} ;;
		'# running '*)
			RUNNING=${line#\# running }
			# bats prints the details of a failure, maybe after this line.
			if [[ ${block[0]:-} != not* ]]; then
				((${#block[@]} == 0)) || emit "${block[@]}"
				block=() running=1
			fi
			;;
		'# taint '*) block+=("# kernel taint at the end: ${line#\# taint }") ;;
		booted | ready | 'RESULT rc='*) ;;
		'#'*) if [[ -n $running ]]; then emit "$line"; else block+=("$line"); fi ;;
		*) block+=("# $line") ;;
		esac
	done
	((${#block[@]} == 0)) || emit "${block[@]}"
}

# name_of NUMBER: print the file of a test, which the output of bats lacks.
name_of() {
	local expected=${EXPECTED[$1]:-unknown file}

	echo "${expected%%: *}"
}

# never_ran WHY [FIRST LAST]: report the tests without a result as failed.
never_ran() {
	local why=$1 number

	for ((number = ${2:-1}; number <= ${3:-${#EXPECTED[@]} - 1}; number++)); do
		[[ -n ${SEEN[number]:-} ]] || emit "not ok - ${EXPECTED[number]}" "# $why"
	done
}

judge_plan() {
	((PLAN == ${#EXPECTED[@]} - 1)) ||
		emit "not ok - $1 planned ${PLAN:-no} tests, $((${#EXPECTED[@]} - 1)) expected"
}

run_on_host() {
	local filter=("${TAGS[@]}")

	[[ -z ${ROULETTE_FILTER:-} ]] || filter+=(--filter "$ROULETTE_FILTER")
	expect "${host[@]}"
	((${#EXPECTED[@]} > 1)) || return 0
	follow < <(env -u T -u ROULETTE_FILTER -u ROULETTE_TAG -u ROULETTE_FULL -u TIMEOUT bats --tap --timing "${filter[@]}" "${host[@]}" 2>&1)
	judge_plan "bats on this machine"
	never_ran "never ran"
}

# run_in_guest WORK: run the files in `guest` in one guest. Removes from `guest` the files
# that are done: all, or, if the guest died, all up to the file that ended it.
run_in_guest() {
	local work=$1 boot status=0 limit=300 silence=300 slow=10 file name

	[[ -z $FLAVOUR ]] || silence=600 slow=60
	expect "${guest[@]}"
	((${#EXPECTED[@]} > 1)) || { guest=(); return 0; }
	rm -rf "$work"
	mkdir -p "$work/job"
	echo suite >"$work/job/mode"
	printf '%s\n' "${guest[@]}" >"$work/job/files"
	{
		printf 'FILTER=('
		printf ' %q' "${TAGS[@]}"
		[[ -z ${ROULETTE_FILTER:-} ]] || printf ' --filter %q' "$ROULETTE_FILTER"
		echo ' )'
	} >"$work/job/filter"
	{
		printf 'ROULETTE_AGAIN=%q\n' "$AGAIN"
		for name in ROULETTE_SEED ROULETTE_FUZZ_SECONDS ROULETTE_QUICK ROULETTE_FULL; do
			[[ -z ${!name:-} ]] || printf '%s=%q\n' "$name" "${!name}"
		done
	} >"$work/job/environment"
	: >"$work/result"
	limit=$((limit + 2 * ${ROULETTE_FUZZ_SECONDS:-0}))
	for file in "${guest[@]}"; do
		limit=$((limit + slow * $(seconds "$file")))
	done

	setpriv --pdeathsig TERM "$VM/boot" "$work" "$limit" "${TIMEOUT:-$silence}" &
	boot=$!
	follow < <(tail -n +1 -s 0.1 -f --pid="$boot" "$work/result" 2>/dev/null)
	wait "$boot" || status=$?

	# send_coverage of tests/guest/run writes the counts to `out`.
	[[ $FLAVOUR != coverage || ! -s $work/out ]] ||
		mv "$work/out" "$(mktemp -p "$BUILD/gcov" XXXXXX.tar)"

	case $status in
	0)
		judge_plan "bats in the guest"
		never_ran "never ran"
		[[ -n $FAILED ]] || grep -qx 'RESULT rc=0' "$work/result" ||
			emit "not ok - this guest ended with an error" "# $(tail -n 1 "$work/result")"
		guest=()
		;;
	"$PANICKED") bury "the guest panicked" ;;
	"$DOWN") bury "the guest restarted or powered off" ;;
	"$HUNG") bury "the guest hung" ;;
	*)
		if grep -qs '^booted' "$work/result"; then
			bury "QEMU failed"
		else
			never_ran "the guest did not start"
			emit "# the end of its console:" "$(console_tail)"
			guest=()
		fi
		;;
	esac
}

console_tail() {
	local lines

	mapfile -t lines < <(tr -d '\r' <"$work/console" | tail -n 80)
	((${#lines[@]})) || lines=("(no output)")
	printf '# | %s\n' "${lines[@]}"
}

# bury HOW: the guest has ended. The running test fails with this reason, and so do the
# rest of its file's tests, which never ran. The next files get another guest.
bury() {
	local how=$1 number first=0 last file

	for ((number = 1; number < ${#EXPECTED[@]}; number++)); do
		[[ -z ${SEEN[number]:-} ]] || continue
		((first)) || first=$number
		# This test was announced, so earlier tests ran, even without a result.
		[[ ${EXPECTED[number]} != "$RUNNING" ]] || { first=$number; break; }
	done
	if ((first == 0)); then
		emit "not ok - $how after its last test" "$(console_tail)"
		guest=()
		return
	fi
	file=${EXPECTED[first]%%: *}
	for ((last = first; last + 1 < ${#EXPECTED[@]}; last++)); do
		[[ ${EXPECTED[last + 1]%%: *} == "$file" ]] || break
	done
	if [[ ${EXPECTED[first]} == "$RUNNING" ]]; then
		emit "not ok - $RUNNING" "# $how while this test was running; the end of its console:" "$(console_tail)"
	else
		emit "not ok - ${EXPECTED[first]}" "# $how before this test began; the end of its console:" "$(console_tail)"
	fi
	SEEN[first]=1
	never_ran "never ran: $how in $file" 1 "$last"
	while [[ ${guest[0]} != "$file" ]]; do
		guest=("${guest[@]:1}")
	done
	guest=("${guest[@]:1}")
}
