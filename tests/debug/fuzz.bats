#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# Random sequences of calls by tests/fuzz, in rounds of at most two minutes. Each
# round ends with all modules unloaded and, on a kernel with kmemleak, a search for
# lost memory. Meant for the debug kernels. Variables of `make check`:
#
#	ROULETTE_FUZZ_SECONDS	seconds in all (60)
#	ROULETTE_SEED		seed of the first round (random); each further round
#				adds 1
#
# seconds: 150

load ../guest

# Print the fuzzer's lines at once, so that the host shows them while it runs.
fuzz() {
	"$SUITE/fuzz/fuzz" "$@" >&3
}

# operations SEED: print each operation's thread, number and name, without its result.
operations() {
	local said

	said=$("$SUITE/fuzz/fuzz" -w 2 -n 60 -v -s "$1") || fail "$said" || return
	grep -E '^[0-9.]+ [0-9]+ [a-z_]+$' <<<"$said" | sort
}

@test "a seed repeats its operations, and another seed gives others" {
	local first again other

	first=$(operations 0x5eed)
	again=$(operations 0x5eed)
	other=$(operations 0x5eee)
	[[ $(wc -l <<<"$first") == 240 ]]
	[[ $first == "$again" && $first != "$other" ]]
}

# bats test_tags=memory
@test "random calls return only results that the contract allows" {
	local left=${ROULETTE_FUZZ_SECONDS:-60} seed=${ROULETTE_SEED:-$SRANDOM} round

	while ((left > 0)); do
		round=$((left < 120 ? left : 120))
		fuzz -s "$seed" -t "$round" || fail "the fuzzer failed, see above. To repeat:" \
			"ROULETTE_SEED=$seed ROULETTE_FUZZ_SECONDS=$round ${ROULETTE_AGAIN:-}make check T=tests/debug/fuzz.bats"
		if [[ -z ${ROULETTE_QUICK:-} ]]; then
			echo "# all modules are unloaded; searching for lost memory" >&3
			expect_no_leaks
		fi
		log_begins
		((left -= round, seed = (seed + 1) & 0x7fffffffffffffff)) || true
	done
}
