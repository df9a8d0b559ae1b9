#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# roulettectl check on the guest itself: the line of each setting, forecasts, JSON, and a
# call without root. The command changes nothing.
#
# seconds: 15

load guest
load check-lines

RCU=/sys/module/rcupdate/parameters

setup() {
	guest_setup
	modprobe roulette odds=0
	saved=()
}

teardown() {
	local entry

	for entry in "${saved[@]}"; do
		echo "${entry#* }" >"${entry%% *}"
	done
	unload_all && guest_teardown
}

# put FILE VALUE: write a setting, and restore it after the test.
put() {
	saved=("$1 $(<"$1")" "${saved[@]}")
	echo "$2" >"$1"
}

# ends STATUS ARGUMENT...: roulettectl check exits with STATUS. Sets output.
ends() {
	local want=$1 status=0

	output=$(roulettectl check "${@:2}" 2>&1) || status=$?
	((status == want)) || fail "check ${*:2}: status $status, not $want: $output"
}

# shows FILE VALUE STATE NAME TEXT: with this value of the setting, check has this line.
shows() {
	put "$1" "$2"
	output=$(roulettectl check) || true
	line "${@:3}"
}

@test "the line of each setting follows its value" {
	local kernel=/proc/sys/kernel

	shows $kernel/panic 0 bad kernel.panic "0: nothing restarts the machine"
	shows $kernel/panic 10 ok kernel.panic "10: the machine restarts 10 s after"
	shows $kernel/panic -1 ok kernel.panic "-1: the machine restarts at once"
	shows $kernel/panic_on_oops 1 ok panic_on_oops "1: an oops or BUG panics"
	shows $kernel/panic_on_oops 0 ok panic_on_oops "0: an oops or BUG kills"
	shows $kernel/panic_on_warn 1 warn panic_on_warn "1: each warning panics"
	shows $kernel/softlockup_panic 1 ok softlockup_panic "1: a soft lockup panics"
	shows $kernel/hung_task_panic 1 ok hung_task_panic "1: a hung task panics"
	shows $kernel/panic_on_rcu_stall 1 ok panic_on_rcu_stall "1: an RCU stall panics"
	shows /proc/sys/vm/panic_on_oom 2 ok panic_on_oom "2: a lack of memory panics"
	shows $kernel/printk 8 ok kernel.printk "8: consoles show reports"
	shows $kernel/printk 4 warn kernel.printk "4: consoles show the line"
	shows $kernel/hung_task_timeout_secs 30 ok "hung tasks" "after 30 to 60 s"
	shows $kernel/hung_task_timeout_secs 0 warn "hung tasks" "detector is off"
	shows $kernel/watchdog_thresh 5 ok "soft lockups" "after 13 s"
	shows $kernel/watchdog_thresh 0 warn "soft lockups" "detector is off"
	shows $RCU/rcu_cpu_stall_timeout 7 ok "RCU stalls" "after 7 s"
	shows $RCU/rcu_cpu_stall_suppress 1 warn "RCU stalls" "reports are off"
}

@test "limits count earlier oopses and warnings" {
	local count

	[[ -e /proc/sys/kernel/oops_limit ]] || skip "this kernel has no limits"
	count=$(</sys/kernel/warn_count)
	shows /proc/sys/kernel/warn_limit $((count + 1)) warn warn_limit "next warning panics"
	shows /proc/sys/kernel/warn_limit $((count + 3)) warn warn_limit "3 warnings until"
	shows /proc/sys/kernel/warn_limit 0 ok warn_limit "0: there is no limit"
	count=$(</sys/kernel/oops_count)
	shows /proc/sys/kernel/oops_limit $((count + 1)) warn oops_limit "next oops panics"
	ends 0 --action oops
	has "oops: becomes a panic (oops_limit=$((count + 1)))"
}

@test "--action prints its forecast, and exits 1 if the machine would not restart" {
	put /proc/sys/kernel/panic 10
	ends 0 --action warn
	has "warn: is logged, the machine continues"
	[[ $output != *kdump\ memory* ]] || fail "a line that does not matter: $output"
	put /proc/sys/kernel/panic_on_warn 1
	ends 0 --action warn
	has "warn: becomes a panic (panic_on_warn=1), restarts in 10 s"
	line warn "kdump memory" "no memory is reserved"
	line no kdump "no crash kernel is loaded"
	put /proc/sys/kernel/panic 0
	ends 1 --action warn
	has "nothing restarts the machine (kernel.panic=0)"
	ends 0 --action oops
	ends 0 --action oops --context kthread
	ends 1 --action oops --context hardirq
	has "becomes a panic (context hardirq)"
	ends 0 --action hang --hang-time 5
	ends 1 --action hang --hang-time 0
	has "blocks all CPUs for ever"
	ends 1 --action none
	has "Nothing would record it."
	ends 1
	has "Not ready: kernel.panic"
}

@test "the lines fit the terminal" {
	local file=$BATS_TEST_TMPDIR/lines long

	command -v script >/dev/null || skip "no script in this guest"
	TERM=linux timeout 60 script -qec 'stty cols 70; roulettectl check; roulettectl check --action hang; true' /dev/null \
		</dev/null | tr -d '\r' >"$file"
	grep -qF $'\e[32mok' "$file" || fail "no colour: $(<"$file")"
	long=$(sed 's/\x1b\[[0-9;]*m//g' "$file" | grep -E '.{71}') || true
	[[ -z $long ]] || fail "longer than 70: $long"
}

@test "a roulette that can hit has a line" {
	ends 0
	line ok roulettes "no device has odds above 0"
	echo 1/6 >"$CLASS/kernel-roulette/odds"
	ends 0
	line warn roulettes "may hit: kernel-roulette"
	roulettectl disarm
	ends 0
	line ok roulettes "disarmed"
}

@test "check refuses wrong arguments" {
	ends 2 --action explode
	has "actions: none warn oops"
	ends 2 --action oom --context hardirq
	ends 2 --context nowhere
	ends 2 --hang-time -1
	ends 2 --hang-time 1x
	ends 2 --root /nonexistent
	ends 2 something
	ends 2 --something
	ends 0 --help
	has "Exit status:"
}

@test "without root check reports unreadable files" {
	local crontab=/etc/cron.d/secret

	mkdir -p /etc/cron.d
	(umask 077 && echo '0 3 * * * root borg create --read-special' >"$crontab")
	ends 0
	line warn "scheduled jobs" "$crontab: --read-special"
	output=$(setpriv --reuid=65534 --regid=65534 --clear-groups roulettectl check) || true
	rm "$crontab"
	line '?' "scheduled jobs" "cannot be read"
	line '?' permissions "cannot be read: 1"
	# On a machine with EFI, efivarfs must be mounted to read Secure Boot.
	grep -E '^Not seen: (Secure Boot, )?scheduled jobs, permissions$' <<<"$output"
	line ok kernel.panic "restarts at once"
}

# Some values change by themselves.
state() {
	sysctl -a 2>/dev/null | grep -vE '^(kernel\.(random|ns_last_pid|pty)|fs\.)' || true
	grep -r . "$RCU" "$CLASS/kernel-roulette"/* 2>/dev/null || true
	cat /proc/modules /proc/mounts
}

@test "check changes nothing" {
	local before

	before=$(state)
	ends 0
	ends 0 --json
	ends 0 --action panic
	diff <(echo "$before") <(state) || fail "check has changed the above"
}

# bats test_tags=slow
@test "the JSON of check matches its schema" {
	local json=$BATS_TEST_TMPDIR/check

	roulettectl check --json >"$json.all"
	roulettectl check --json --action oops --context softirq >"$json.one"
	grep -qF '"outcome": "panic"' "$json.one"
	command -v jsonschema >/dev/null || skip "no jsonschema in this guest"
	jsonschema -i "$json.all" -i "$json.one" "$SUITE/schemas/check.json" ||
		fail "$(<"$json.all") $(<"$json.one")"
}

# bats test_tags=slow,full
@test "valgrind finds no error in check" {
	command -v valgrind >/dev/null || skip "no valgrind in this guest"
	valgrind -q --leak-check=full --error-exitcode=9 roulettectl check >/dev/null
	valgrind -q --leak-check=full --error-exitcode=9 \
		roulettectl check --json --action hang >/dev/null
}
