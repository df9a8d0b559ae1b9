# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of the tests that load this
#
# Helpers for tests of roulettectl verify: the record of a drill, and its traces, in the
# file tree of a machine. The test sets $TREE, the tree, and $now, the time.

ID=drill-0a1b2c3d
# The drill was a minute ago; its traces are from half a minute ago.
AGO=60

# record COLLECTOR=EXPECTATION... [MEMBER:VALUE...]: print the record of drill $ID. The
# other collectors expect nothing. A member replaces the one of the same name.
record() {
	local collectors='' name expect argument members=() label="$ID ticket 4711"
	declare -A member=([boot_id]='"00000000-0000-4000-8000-000000000001"' [action]='"panic"'
		[kernel]='"6.1.0-test"' [kdump]=null [outcome]='"panic"' [delay_ms]=0 [cancelled]=false
		[time]=$((now - AGO)).5 [verified]=0.0 [proven]=false)

	for name in log journal kdump pstore netconsole serial; do
		expect=nothing
		for argument; do
			[[ $argument != "$name"=* ]] || expect=${argument#*=}
		done
		collectors+="${collectors:+, }{\"name\": \"$name\", \"expect\": \"$expect\", \"reason\": \"reason of $name\"}"
	done
	for argument; do
		[[ $argument != *:* ]] || member[${argument%%:*}]=${argument#*:}
	done
	for name in "${!member[@]}"; do
		members+=(", \"$name\": ${member[$name]}")
	done
	printf '{"id": "%s", "label": "%s", "context": "process", "device": "x", "hang_time": 30, "cpu": -1, "collectors": [%s]%s}\n' \
		"$ID" "$label" "$collectors" "${members[*]}"
}

# drilled COLLECTOR=EXPECTATION... [MEMBER:VALUE...]: the tree has this record.
drilled() {
	record "$@" >"$TREE/var/lib/roulette/drills/$ID.json"
}

# hit [ID]: print a kernel log that has the hit of a drill.
hit() {
	echo '[    1.000000] Linux version 6.1.0-test'
	echo "[   60.100000] roulette x: bang: pull 0 drew 0, odds 1/1, action panic, seed 0x1, pid 99 (cat), label \"${1-$ID} ticket 4711\""
	echo '[   60.100100] Kernel panic - not syncing: Fatal exception'
}

# put FILE [SECONDS]: write the standard input to a file of the tree, as old as given.
put() {
	local file=$TREE/$1

	[[ -d ${file%/*} ]] || mkdir -p "${file%/*}"
	cat >"$file"
	touch -d "@$((now - ${2-30}))" "$file" "${file%/*}"
}

memory() {
	printf '%020480d' 0
}

verify() {
	run roulettectl verify --root "$TREE" "$@"
	echo "$output"
}

# finds STATUS COLLECTOR STATE REGEX [OPTION...]: verify ends so, and the line of the
# collector has this state, and details and a path that match.
finds() {
	local wanted=$1 regex="^$2 +$3 .*$4" line

	shift 4
	verify "$@"
	((status == wanted)) || fail "status $status, $wanted expected"
	while read -r line; do
		[[ ! $line =~ $regex ]] || return 0
	done <<<"$output"
	fail "no line matches '$regex'"
}
