#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 6
#
# roulettectl verify, status, history and forget on the guest itself, after a hit that the
# guest survives; with journald and systemd-pstore where the guest has them.

load guest
load drill-traces
load journald

setup_file() {
	load_all roulette.odds=0
}

teardown_file() {
	unload_all
}

setup() {
	guest_setup
	TREE=$BATS_TEST_TMPDIR/machine
	mkdir -p "$TREE/var/lib/roulette/drills" "$TREE/etc/default"
	now=$(date +%s)
}

teardown() {
	journald_ends
	! mountpoint -q /sys/fs/pstore || umount /sys/fs/pstore
	rm -rf /run/systemd/pstore.conf.d /var/lib/systemd/pstore
	remove_instances && rm -rf /var/lib/roulette && guest_teardown
}

@test "a hit that the guest survives is proven, and status, history and forget handle it" {
	local drills=/var/lib/roulette/drills

	expect_crash
	mkdir -p "$drills"
	record log=hit boot_id:"\"$(</proc/sys/kernel/random/boot_id)\"" outcome:'"logged"' action:'"warn"' \
		kernel:"\"$(uname -r)\"" >"$drills/$ID.json"
	run roulettectl verify
	echo "$output"
	((status == 1))
	[[ $output == *'log is missing: '* ]]

	mkdir "$CONFIG/roulette/bond"
	set_knobs bond odds=1/1 times=1 action=warn label="$ID ticket 4711"
	cat /dev/roulette/bond
	run roulettectl verify
	echo "$output"
	((status == 0))
	[[ ${lines[-1]} == 'proven: seen by 1 of 1 collectors' ]]
	grep -q '"proven": *true' "$drills/$ID.json"

	# A later search of another collector changes nothing: the drill is proven.
	run roulettectl verify --command 'echo nothing'
	echo "$output"
	((status == 1))
	[[ $output == *'the record keeps its earlier result: proven on '* ]]
	grep -q '"proven": *true' "$drills/$ID.json"

	run roulettectl status
	echo "$output"
	((status == 0))
	[[ ${lines[1]} =~ ^'warn '+'proven ' ]]
	sed -i 's/"kernel": *"[^"]*"/"kernel": "6.0.0-older"/' "$drills/$ID.json"
	run roulettectl status
	echo "$output"
	((status == 1))
	[[ ${lines[1]} == 'warn '*' stale '*"the kernel is now $(uname -r)"* ]]
	sed -i "s/\"kernel\": *\"[^\"]*\"/\"kernel\": \"$(uname -r)\"/; s/\"kdump\": *null/\"kdump\": \"kdump-tools, loaded\"/" \
		"$drills/$ID.json"
	run roulettectl status
	echo "$output"
	((status == 1))
	[[ ${lines[1]} == 'warn '*' stale '*'kdump is now: none, '* ]]

	run roulettectl history
	echo "$output"
	[[ ${lines[1]} =~ ^"$ID "+[-0-9]+' '[0-9:]+' '+warn' '+logged' '+proven' '+"$ID ticket 4711"$ ]]
	run roulettectl forget "$ID" "$OLDER"
	((status == 2))
	[[ -e $drills/$ID.json ]]
	roulettectl forget "$ID"
	[[ ! -e $drills/$ID.json ]]
	run roulettectl forget
	((status == 2))
}

# bats test_tags=kernels
@test "a hit is found in the journal, also of another machine, and only in its boot" {
	# The log still has the hit of another test.
	local ID=drill-22222222

	has_journald || skip 'this guest has no journald'
	journald_starts persistent
	expect_crash
	drilled journal=hit log=hit boot_id:"\"$(</proc/sys/kernel/random/boot_id)\"" outcome:'"logged"'
	cp -r "$TREE/var/lib/roulette" /var/lib
	finds 1 journal 'not searched' '/var/log/journal: No such file'
	run roulettectl verify
	echo "$output"
	((status == 1))
	[[ $output == *$'\njournal '*' missing '* ]]
	mkdir "$CONFIG/roulette/bond"
	set_knobs bond odds=1/1 times=1 action=warn delay_ms=500 label="$ID ticket 4711"
	cat /dev/roulette/bond
	sleep 1
	run roulettectl verify --wait 50
	echo "$output"
	((status == 0))
	[[ $output == *$'\njournal '*' found '*' 0.0 s '*'the line of the hit'* ]]

	journald_stops
	mkdir "$TREE/var/log"
	cp -r /var/log/journal "$TREE/var/log"
	finds 1 journal found 'the line of the hit'
	drilled journal=hit
	finds 1 journal missing 'it has nothing of that boot since the drill'
	drilled journal=hit boot_id:"\"$(</proc/sys/kernel/random/boot_id)\"" outcome:'"logged"' \
		time:$((now + 3600)).5
	finds 1 journal missing 'it has nothing of that boot since the drill'
}

# bats test_tags=kernels
@test "verify finds records that systemd-pstore moved to files or to the journal" {
	local pstore=$BATS_TEST_TMPDIR/pstore efi storage

	[[ -x /usr/lib/systemd/systemd-pstore ]] || skip 'this guest has no systemd-pstore'
	journald_starts persistent
	drilled pstore=hit
	cp -r "$TREE/var/lib/roulette" /var/lib
	mkdir -p "$pstore" /run/systemd/pstore.conf.d
	mount --bind "$pstore" /sys/fs/pstore
	efi=$((now - 30))
	for storage in external journal; do
		printf '[PStore]\nStorage=%s\n' "$storage" >/run/systemd/pstore.conf.d/test.conf
		hit >"$pstore/dmesg-efi-${efi}01001"
		/usr/lib/systemd/systemd-pstore
		# journald may still be reading the kernel's log.
		run roulettectl verify --wait 50
		echo "$output"
		((status == 0))
		if [[ $storage == external ]]; then
			[[ $output == *"30 s "*"/var/lib/systemd/pstore/$efi/001/dmesg.txt"* ]]
		else
			[[ $output == *'the journal, entries of systemd-pstore'* ]]
		fi
		rm -rf /var/lib/systemd/pstore
	done
	hit >"$pstore/dmesg-erst-7690000000000000002"
	sed -i s/journal/external/ /run/systemd/pstore.conf.d/test.conf
	/usr/lib/systemd/systemd-pstore
	run roulettectl verify
	echo "$output"
	((status == 0))
	[[ $output == *"/var/lib/systemd/pstore/7690000000000000002/dmesg.txt"* ]]
}
