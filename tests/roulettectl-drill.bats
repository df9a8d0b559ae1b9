#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# roulettectl drill, for failures that the machine survives. tests/machine has the others.
#
# seconds: 20

# shellcheck disable=SC2030,SC2031 # each test sets its own output

load guest

DRILLS=/var/lib/roulette/drills
ARMED=/sys/module/roulette/parameters/armed

setup() {
	guest_setup
	rm -rf /var/lib/roulette
}

teardown() {
	unload_all && rm -rf /var/lib/roulette && guest_teardown
}

# ends STATUS ARGUMENT...: roulettectl exits with STATUS. Sets output and stderr.
ends() {
	local want=$1 status=0

	output=$(roulettectl "${@:2}" 2>"$BATS_TEST_TMPDIR/stderr" </dev/null) || status=$?
	stderr=$(<"$BATS_TEST_TMPDIR/stderr")
	((status == want)) || fail "roulettectl ${*:2}: status $status, not $want: $output $stderr"
}

drill() {
	ends 0 drill --yes "$@"
	id=$(grep -om1 'drill-[0-9a-f]*' <<<"$output")
	record=$DRILLS/$id.json
}

field() {
	sed -nE 's/^  "'"$1"'": (.*[^,]),?$/\1/p' "$record"
}

is_pending() {
	kernel_log | grep -q 'fires in 60000 ms'
}

# nothing_left: no device of a drill, no odds above 0, armed, and all records whole.
nothing_left() {
	local file

	[[ ! -s /run/roulettectl.drill ]] || fail "$(</run/roulettectl.drill)"
	[[ ! -e $ARMED || $(<$ARMED) == Y ]]
	for file in "$CLASS"/drill-*; do [[ ! -e $file ]] || fail "$file"; done
	for file in "$CLASS"/*/odds; do [[ ! -e $file || $(<"$file") == 0 ]] || fail "$file"; done
	for file in "$DRILLS"/*; do [[ ! -e $file ]] || whole "$file"; done
}

whole() {
	[[ $1 == *.json.new ]] || [[ $(head -n 1 "$1")$(tail -n 1 "$1") == '{}' ]] || fail "$1: $(<"$1")"
}

@test "a drill fires one hit, writes a record, and restores all settings" {
	local label

	expect_crash
	drill --action warn --label 'ticket 4711'
	label="$id ticket 4711"
	[[ $output == *"label             $label"*'bang: drew 0, odds 1/1, action warn'* ]] || fail "$output"
	(($(kernel_log | grep -c ': bang: ') == 1))
	log_has "^roulette $id: bang: pull 0 drew 0, odds 1/1, action warn, .* label \"$label\"$"
	[[ $(field label) == "\"$label\"" && $(field boot_id) == "\"$(</proc/sys/kernel/random/boot_id)\"" ]]
	[[ $(field kernel) == "\"$(uname -r)\"" && $(field outcome) == '"logged"' && $(field proven) == true ]] ||
		fail "$(<"$record")"
	# The call has loaded the module, so it has unloaded the module.
	[[ ! -e /sys/module/roulette ]]
	nothing_left
	if command -v jsonschema >/dev/null; then
		jsonschema -i "$record" "$SUITE/schemas/record.json"
	fi
}

@test "a drill needs a yes, and a dry run changes nothing" {
	ends 2 drill --action warn
	[[ $stderr == *'no terminal'*--yes* ]] || fail "$stderr"
	ends 0 drill --action warn --dry-run --json
	[[ $output == '{'*'"action": "warn"'* ]] || fail "$output"
	[[ ! -e /sys/module/roulette && ! -e $DRILLS ]]
	ends 2 drill
	ends 2 drill --action warn --label "$(printf 'a%.0s' {1..49})" --yes
	ends 2 drill --action warn --label 'a"b' --yes
	ends 2 drill --action foo --yes
	ends 2 drill --action foo --dry-run
	ends 2 drill --action warn --context foo --yes
	ends 2 drill --action oom --context softirq --yes
	ends 2 drill --action warn --cpu 999 --yes
	ends 2 drill --action warn --delay x --yes
	ends 2 drill --action hang --hang-time 0.5 --yes
	ends 2 drill --action warn --cpu 0.5 --yes
	ends 3 drill --action warn --device nobody --yes
	[[ ! -e /sys/module/roulette ]]
	nothing_left
	(($(kernel_log | grep -c bang:) == 0))
}

@test "a drill refuses while another device could fire" {
	modprobe roulette
	ends 3 drill --action warn --yes
	[[ $stderr == *"'kernel-roulette' has odds 10"*'odds=0'* ]] || fail "$stderr"
	set_knobs kernel-roulette odds=1/1 action=warn delay_ms=60000
	cat /dev/kernel-roulette
	set_knobs kernel-roulette odds=0
	ends 3 drill --action warn --yes
	[[ $stderr == *'wait for their delay'* ]] || fail "$stderr"
	ends 0 disarm
	ends 0 arm
	(($(kernel_log | grep -c bang:) == 0))
}

@test "drill --json prints only JSON to the standard output" {
	expect_crash
	drill --action warn --json
	[[ $output == '{'*'}' && $output != *bang:* && $stderr == *bang:* ]] || fail "$output $stderr"
}

@test "a drill with a device of the operator restores its settings" {
	local before

	expect_crash
	modprobe roulette odds=0
	set_knobs kernel-roulette action=panic label=mine times=7 interval=3 hang_time=5 space=2
	before=$(roulettectl show kernel-roulette | grep -vE '^(pulls|hits)')
	echo N >$ARMED
	drill --action warn --device kernel-roulette
	[[ $(<$ARMED) == N && $(roulettectl show kernel-roulette | grep -vE '^(pulls|hits)') == "$before" ]] ||
		fail "$(roulettectl show kernel-roulette)"
	log_has "^roulette kernel-roulette: bang: .* label \"$id\"$"
	echo Y >$ARMED
	nothing_left
}

@test "a drill that is refused changes neither armed nor the operator's device" {
	modprobe roulette
	echo N >$ARMED
	ends 3 drill --action warn --device kernel-roulette --yes
	[[ $(<$ARMED) == N && $(<"$CLASS/kernel-roulette/odds") == 10 ]]
	set_knobs kernel-roulette odds=0
	ends 2 drill --action warn --device nobody --yes
	# Not refused before it has changed the device.
	mkdir -p "$(dirname $DRILLS)"
	touch $DRILLS
	ends 3 drill --action warn --device kernel-roulette --yes
	[[ $(<$ARMED) == N ]]
	echo Y >$ARMED
	nothing_left
}

# bats test_tags=slow
@test "each CPU fires once, and only survivors are possible" {
	expect_crash
	drill --action warn --each-cpu
	(($(kernel_log | grep -c ': bang: ') == $(nproc)))
	kernel_log | grep -q '^WARNING: CPU: 0' && kernel_log | grep -q '^WARNING: CPU: 1'
	ends 2 drill --action panic --each-cpu --yes
}

# is_array COUNT: output is one JSON document with COUNT drills.
is_array() {
	local json=$BATS_TEST_TMPDIR/drills.json

	echo "$output" >"$json"
	(($(grep -c '^{' "$json") == 1 && $(grep -c '"id": ' "$json") == $1)) || fail "$output"
	if command -v jsonschema >/dev/null; then
		jsonschema -i "$json" --base-uri "file://$SUITE/schemas/" "$SUITE/schemas/drills.json" || fail "$output"
	fi
}

@test "the drills of each CPU are one JSON document" {
	expect_crash
	ends 0 drill --action warn --each-cpu --json --dry-run
	is_array "$(nproc)"
	ends 0 drill --action warn --each-cpu --json --yes
	is_array "$(nproc)"
	# Also if a drill is refused.
	modprobe roulette
	ends 3 drill --action warn --each-cpu --json --yes
	is_array 0
}

# bats test_tags=slow
@test "a drill survives each action that kills its reader" {
	local action

	expect_crash
	for action in $KILLERS kill error; do
		drill --action "$action"
		[[ $output == *bang:* && $(field proven) == true ]] || fail "$action: $output"
	done
	nothing_left
}

# bats test_tags=slow
@test "two drills at a time are refused, and a signal cancels a pending hit" {
	local first

	roulettectl drill --action warn --delay 60 --yes >"$BATS_TEST_TMPDIR/first" 2>&1 &
	first=$!
	eventually 10 is_pending
	ends 3 drill --action warn --yes
	[[ $stderr == *'another drill is running'* ]] || fail "$stderr"
	# Other commands do not disturb the drill.
	ends 0 list
	[[ $output == *drill-* && -z $stderr ]]
	kill -INT $first || true
	kill -TERM $first
	wait $first && fail 'the drill succeeded'
	grep -q 'is cancelled; all settings are restored' "$BATS_TEST_TMPDIR/first" || fail "$(<"$BATS_TEST_TMPDIR/first")"
	log_has 'action warn is cancelled, '
	grep -q '"cancelled": true' "$DRILLS"/*.json
	nothing_left
}

@test "a hit that disarm cancels counts as cancelled, and the machine stays disarmed" {
	modprobe roulette odds=0
	roulettectl drill --action warn --delay 60 --device kernel-roulette --yes >"$BATS_TEST_TMPDIR/first" 2>&1 &
	eventually 10 is_pending
	ends 0 disarm
	wait $! && fail 'the drill succeeded'
	grep -q '"cancelled": true' "$DRILLS"/*.json
	[[ $(<$ARMED) == N ]]
	ends 0 arm
	nothing_left
}

@test "a record that cannot be written stops the drill" {
	mkdir -p /var/lib/roulette
	mount -t tmpfs -o size=4k tmpfs /var/lib/roulette
	head -c 4096 /dev/zero >/var/lib/roulette/full || true
	ends 3 drill --action warn --yes
	[[ $stderr == *'could not write the record'* ]] || fail "$stderr"
	umount /var/lib/roulette
	(($(kernel_log | grep -c bang:) == 0))
	nothing_left
}

@test "an external drill that cannot write to the log is recorded as cancelled" {
	mount --bind /dev/full /dev/kmsg
	ends 3 drill --external --yes || { umount /dev/kmsg; false; }
	umount /dev/kmsg
	[[ $stderr == *'could not write to /dev/kmsg'* ]] || fail "$stderr"
	grep -q '"cancelled": true' "$DRILLS"/*.json
}

@test "an external drill refuses the options of a pull" {
	local option

	for option in '--device bond' '--context kthread' '--delay 0' '--hang-time 0' '--cpu 0' --each-cpu; do
		# shellcheck disable=SC2086 # an option and its value
		ends 2 drill --external $option --yes
		[[ $stderr == *"--external excludes ${option% *}: "* ]] || fail "$stderr"
	done
	[[ ! -e $DRILLS ]]
}

@test "an external drill leaves a line in the log, and a record" {
	ends 0 drill --external --label 'power cut' --yes
	id=$(grep -om1 'drill-[0-9a-f]*' <<<"$output") record=$DRILLS/$id.json
	log_has "label \"$id power cut\"$"
	[[ $(field action) == '"external"' && $output == *"roulettectl verify $id"* ]] || fail "$output"
	[[ ! -e /sys/module/roulette ]]
}

# bats test_tags=slow
@test "a drill that is killed while it changes its file in /run loses nothing" {
	modprobe roulette odds=0
	echo N >$ARMED
	# The second time, because armed was N.
	strace -qq -o /dev/null -e trace=pwrite64 -e inject=pwrite64:signal=KILL:when=2 \
		roulettectl drill --action warn --yes >/dev/null 2>&1 && fail 'strace did not kill the drill'
	ends 0 list
	[[ $stderr == *'an earlier drill was killed'* && $output != *drill-* && $(<$ARMED) == N ]] || fail "$output $stderr"
	(($(kernel_log | grep -c bang:) == 0))
	echo Y >$ARMED
	nothing_left
}

# killed_at FIRST ARGUMENT...: strace kills the drill at its FIRST, FIRST+4th, ... system
# call that may change something. Four tests share the calls, because each takes long.
killed_at() {
	local changes=write,pwrite64,mkdir,rename,fsync,clone,rmdir,ftruncate,sync n said cleaned=0

	expect_crash
	modprobe roulette odds=0
	for ((n = $1; ; n += 4)); do
		if strace -qq -o /dev/null -e trace=$changes -e inject=$changes:signal=KILL:when=$n \
			roulettectl drill --action warn --yes "${@:2}" >/dev/null 2>&1; then
			break
		fi
		said=$(roulettectl list 2>&1 >/dev/null)
		[[ -z $said ]] || ((++cleaned))
		nothing_left
		(($(kernel_log | grep -c ': bang: ') <= n))
	done
	((n > 12 && cleaned > 1)) || fail "last call $n, cleaned up $cleaned times"
}

# bats test_tags=slow
@test "the next call removes the device of a drill that was killed at call 1, 5, 9..." {
	killed_at 1
}

# bats test_tags=slow
@test "the next call removes the device of a drill that was killed at call 3, 7, 11..." {
	killed_at 3
}

# bats test_tags=slow
@test "the next call restores the device of a drill that was killed at call 2, 6, 10..." {
	killed_at 2 --device kernel-roulette
}

# bats test_tags=slow
@test "the next call restores the device of a drill that was killed at call 4, 8, 12..." {
	killed_at 4 --device kernel-roulette
}
