#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# Random sequences of calls, by tests/fuzz, in rounds of at most two minutes:
# each ends with all modules unloaded and, on a kernel that can tell, a look
# for memory that was lost. Meant for the debug kernels. From the environment
# of `make check`:
#
#	ROULETTE_FUZZ_SECONDS	how long in all (60)
#	ROULETTE_SEED		of the first round, else a new one; each
#				further round has the next
#
# seconds: 150

load ../guest

# The lines of the fuzzer go out as they come, so that the host sees it live.
fuzz() {
	"$SUITE/fuzz/fuzz" "$@" >&3
}

# Each operation's thread, number and name, without what came of it.
operations() {
	local said

	said=$("$SUITE/fuzz/fuzz" -w 2 -n 60 -v -s "$1") || fail "$said" || return
	grep -E '^[0-9.]+ [0-9]+ [a-z_]+$' <<<"$said" | sort
}

@test "a seed gives the same operations again, another one others" {
	local first again other

	first=$(operations 0x5eed)
	again=$(operations 0x5eed)
	other=$(operations 0x5eee)
	[[ $(wc -l <<<"$first") == 240 ]]
	[[ $first == "$again" && $first != "$other" ]]
}

# bats test_tags=memory
@test "random calls give only what the contract allows" {
	local left=${ROULETTE_FUZZ_SECONDS:-60} seed=${ROULETTE_SEED:-$SRANDOM} round

	while ((left > 0)); do
		round=$((left < 120 ? left : 120))
		fuzz -s "$seed" -t "$round" || fail "the fuzzer failed; see above. Once more:" \
			"ROULETTE_SEED=$seed ROULETTE_FUZZ_SECONDS=$round ${ROULETTE_AGAIN:-}make check T=tests/debug/fuzz.bats"
		if [[ -z ${ROULETTE_QUICK:-} ]]; then
			echo "# all is removed; looking for lost memory" >&3
			expect_no_leaks
		fi
		log_begins
		((left -= round, seed = (seed + 1) & 0x7fffffffffffffff)) || true
	done
}
