#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# seconds: 10
#
# roulettectl verify on file trees of Debian, Ubuntu, Fedora and SUSE after a crash.

# shellcheck disable=SC2030,SC2031 # each test sets its own output

load guest
load drill-traces

OLDER=drill-99999999

setup() {
	guest_setup
	TREE=$BATS_TEST_TMPDIR/machine
	mkdir -p "$TREE/var/lib/roulette/drills" "$TREE/etc/default"
	now=$(date +%s)
	stamp=$(date -d "@$((now - 30))" +%Y%m%d%H%M)
}

teardown() {
	rm -rf /var/lib/roulette && guest_teardown
}

@test "a dump of Debian's kdump-tools is found by its log, plain or compressed" {
	local suffix program

	drilled kdump=hit
	echo 'KDUMP_COREDIR="/srv/dumps"' >"$TREE/etc/default/kdump-tools"
	hit | put "srv/dumps/$stamp/dmesg.$stamp"
	memory | put "srv/dumps/$stamp/dump.$stamp"
	verify
	((status == 0))
	[[ $output == *'kdump '*' found '*'the dump is complete, 20 KiB'*"/srv/dumps/$stamp/dump.$stamp"* ]]
	[[ ${lines[-1]} == 'proven: seen by 1 of 1 collectors' ]]

	for suffix in xz:xz gz:gzip zst:zstd lz4:lz4; do
		program=${suffix#*:} suffix=${suffix%:*}
		rm "$TREE/srv/dumps/$stamp"/dmesg.*
		command -v "$program" || continue
		hit | "$program" -c | put "srv/dumps/$stamp/dmesg.$stamp.$suffix"
		verify
		((status == 0)) || fail "$suffix"
	done

	# A machine without the program.
	run env PATH=/nowhere /usr/sbin/roulettectl verify --root "$TREE"
	echo "$output"
	((status == 1))
	[[ $output == *'kdump is not proven: '*'dmesg.'*' is not installed'* ]]
}

@test "a dump of kdump-tools that is incomplete is a finding" {
	drilled kdump=hit
	hit | put "var/crash/$stamp/dmesg.$stamp"
	finds 1 kdump incomplete 'it has the log, and no dump of memory'
	: | put "var/crash/$stamp/dump.$stamp"
	finds 1 kdump incomplete 'the dump of memory is empty'
	rm "$TREE/var/crash/$stamp/dump.$stamp"
	memory | put "var/crash/$stamp/dump-incomplete"
	finds 1 kdump incomplete "the dump of memory is incomplete, 20 KiB +/var/crash/$stamp/dump-incomplete"
	rm "$TREE/var/crash/$stamp"/d*
	touch -d "@$((now - 30))" "$TREE/var/crash/$stamp"
	finds 1 kdump incomplete 'the directory is empty'
	verify
	[[ $output == *'Check the space on the disk.'* && ${lines[-1]} == 'unproven: seen by 0 of 1 collectors' ]]
}

@test "the dump of an older drill does not pass, nor this drill's id with an older time" {
	drilled kdump=hit pstore=hit
	hit "$OLDER" | put "var/crash/$stamp/dmesg.$stamp"
	memory | put "var/crash/$stamp/dump.$stamp"
	finds 1 kdump missing 'is of that time, and does not have the hit'
	hit | put "var/crash/$stamp/dmesg.$stamp" 3600
	memory | put "var/crash/$stamp/dump.$stamp" 3600
	finds 1 kdump missing "has the drill's id and is older than the drill"
	# The files are new, but the name is not.
	mv "$TREE/var/crash/$stamp" "$TREE/var/crash/202001010000"
	touch "$TREE"/var/crash/202001010000/*
	finds 1 kdump missing "has the drill's id and is older than the drill"
	# A clock that lags a little does not make the evidence older.
	rm -r "$TREE/var/crash/202001010000"
	hit | put "var/crash/$stamp/dmesg.$stamp" 90
	memory | put "var/crash/$stamp/dump.$stamp" 90
	finds 1 kdump found '-3[01] s +the dump is complete'
	# The id must be the whole word.
	hit "${ID}0" | put "var/crash/$stamp/dmesg.$stamp"
	memory | put "var/crash/$stamp/dump.$stamp"
	finds 1 kdump missing 'does not have the hit'
	hit | put "var/lib/systemd/pstore/$((now - 7200))/001/dmesg.txt"
	finds 1 pstore missing "has the drill's id and is older than the drill"
}

# bats test_tags=slow
@test "verify names Ubuntu's report of apport, which is no proof" {
	drilled kdump=hit
	hit | put "var/crash/linux-image-6.1.0-test-$stamp.crash"
	finds 1 kdump missing "only apport's report /var/crash/linux-image-6.1.0-test-$stamp.crash"
	hit | put "var/crash/$stamp/dmesg.$stamp"
	memory | put "var/crash/$stamp/dump.$stamp.1"
	finds 0 kdump found "/var/crash/$stamp/dump.$stamp.1"
}

@test "a dump of Fedora's kdump-utils is found below the configured path" {
	local dir

	dir=data/kdump/127.0.0.1-$(date -d "@$((now - 30))" +%F-%T)
	drilled kdump=hit
	printf 'path /data/kdump\ncore_collector makedumpfile -l\n' >"$TREE/etc/kdump.conf"
	finds 1 kdump missing '/data/kdump has no dump since the drill'
	hit | put "$dir/vmcore-dmesg.txt"
	hit "$OLDER" | put "$dir/kexec-dmesg.log"
	memory | put "$dir/vmcore-incomplete"
	finds 1 kdump incomplete 'the dump of memory is incomplete, .*/vmcore-incomplete'
	mv "$TREE/$dir/vmcore-incomplete" "$TREE/$dir/vmcore.flat"
	finds 0 kdump found "/$dir/vmcore.flat"
	mv "$TREE/$dir/vmcore-dmesg.txt" "$TREE/$dir/vmcore-dmesg-incomplete.txt"
	finds 1 kdump incomplete 'the log is incomplete'
	# Without the file of the log, the log in the dump decides.
	rm "$TREE/$dir/vmcore-dmesg-incomplete.txt"
	finds 1 kdump 'not searched' 'its log could not be searched: vmcore.flat: makedumpfile'
}

# bats test_tags=slow
@test "SUSE's README.txt decides whether a dump was saved" {
	local dir

	dir=abyss/$(date -d "@$((now - 30))" +%F-%H-%M)
	drilled kdump=hit
	mkdir "$TREE/etc/sysconfig"
	echo 'KDUMP_SAVEDIR="file:///abyss"' >"$TREE/etc/sysconfig/kdump"
	hit | put "$dir/dmesg"
	memory | put "$dir/vmcore"
	printf 'Kernel version: 6.1\nDmesg status: saved successfully\nDump status: saved successfully\n' | put "$dir/README.txt"
	finds 0 kdump found "/$dir/vmcore"
	printf 'Dmesg status: saved successfully\nDump status: failed with 1\n' | put "$dir/README.txt"
	finds 1 kdump incomplete 'Dump status: failed with 1'
}

# bats test_tags=slow
@test "a dump that is sent elsewhere is not searched" {
	drilled kdump=elsewhere pstore=hit
	echo 'NFS="10.0.0.1:/dumps"' >"$TREE/etc/default/kdump-tools"
	hit | put var/lib/systemd/pstore/dmesg-ramoops-0
	finds 0 kdump 'not searched' 'it is on another machine: reason of kdump'
	drilled kdump=hit
	finds 1 kdump 'not searched' 'the dump is sent elsewhere: nfs 10.0.0.1:/dumps'
}

# bats test_tags=slow
@test "verify names the dumps that abrt moved" {
	drilled kdump=hit
	mkdir "$TREE/etc/abrt"
	echo 'DumpLocation = /var/tmp/abrt' >"$TREE/etc/abrt/abrt.conf"
	hit | put var/tmp/abrt/vmcore-127.0.0.1-2026/dmesg_log
	memory | put var/tmp/abrt/vmcore-127.0.0.1-2026/vmcore
	finds 0 kdump moved 'abrt has moved the dump +/var/tmp/abrt/vmcore-127.0.0.1-2026/vmcore'
	hit "$OLDER" | put var/tmp/abrt/vmcore-127.0.0.1-2026/dmesg_log
	finds 1 kdump missing ''
	drilled pstore=hit
	hit | put var/tmp/abrt/oops-2026-1/backtrace
	finds 0 pstore moved '/var/tmp/abrt/oops-2026-1'
}

@test "records of pstore are found in each place: EFI, ERST, ramoops, not moved yet" {
	local place

	drilled pstore=hit
	finds 1 pstore missing 'there is no record since the drill'
	for place in "var/lib/systemd/pstore/$((now - 30))/001/dmesg.txt" \
		var/lib/systemd/pstore/7690000000000000001/dmesg.txt \
		var/lib/systemd/pstore/dmesg-ramoops-0 sys/fs/pstore/dmesg-erst-7690000000000000002; do
		hit | put "$place"
		finds 0 pstore found "the line of the hit +/$place"
		rm "$TREE/$place"
	done
	hit | put sys/fs/pstore/console-ramoops-0
	finds 1 pstore missing ''
}

@test "a record of pstore without the line of the hit is incomplete, unless it has the last hit" {
	local last

	drilled pstore=hit
	hit "$OLDER" | put sys/fs/pstore/dmesg-erst-1
	finds 1 pstore incomplete 'a crash of that time; the hit is pushed out'
	verify
	[[ $output == *pstore.kmsg_bytes=65536* ]]
	last="Panic#1 Part1
<0>[   61.0] roulette: last hit 1 s ago: x pull 0, action panic, label \"$ID ticket 4711\""
	put sys/fs/pstore/dmesg-erst-2 <<<"$last"
	finds 0 pstore found 'the line "last hit"; the line of the hit is pushed out'
	put sys/fs/pstore/dmesg-erst-2 <<<"Kernel panic - not syncing: x: shot, action panic, label \"$ID ticket 4711\""
	finds 0 pstore found 'the message of the panic'
}

@test "texts of the operator: netconsole, serial console, a command" {
	drilled netconsole=elsewhere serial=elsewhere
	finds 1 netconsole 'not searched' 'it is on another machine'
	hit | put text
	hit | gzip | put text.gz
	hit "$OLDER" | put other
	finds 0 netconsole found 'the line of the hit' --netconsole "$TREE/text"
	finds 0 serial found '' --serial "$TREE/text.gz"
	finds 1 serial missing 'other .* does not have the hit' --netconsole "$TREE/text" --serial "$TREE/other"
	finds 0 command found 'the line of the hit' --command "cat '$TREE/text'"
	finds 1 command missing '' --command "cat '$TREE/other'"
	finds 1 command 'not searched' 'the command failed with status 3' --command 'exit 3'
	hit | put text 3600
	finds 1 netconsole missing 'older than the drill' --netconsole "$TREE/text"
	verify --serial "$TREE/nowhere"
	((status == 2))
	[[ $output == *"could not read $TREE/nowhere"* ]]
}

@test "only a line with the label proves a drill" {
	drilled serial=elsewhere
	put text <<-END
		host login: root
		# roulettectl verify $ID
		roulette x: pull 0: action panic is cancelled, armed was set to N, label "$ID ticket 4711"
		roulette x: bang: pull 0 drew 0, odds 1/1, label "$ID ticket 4711", could not fire: ENOMEM
	END
	finds 1 serial missing '' --serial "$TREE/text"
	put text <<<"roulette x: pull 0: action panic fires in 5000 ms, label \"$ID ticket 4711\""
	finds 1 serial incomplete 'announces the hit' --serial "$TREE/text"
	# Long lines, and bytes that are no text.
	{ head -c 300000 /dev/urandom | tr -d '\n'; hit; } | put text
	finds 0 serial found '' --serial "$TREE/text"
}

@test "symbolic links and FIFOs in a tree do not stop verify, or lead out of the tree" {
	drilled kdump=hit pstore=hit
	mkdir -p "$TREE/var/crash/$stamp" "$TREE/var/lib/systemd/pstore" "$BATS_TEST_TMPDIR/outside"
	hit >"$BATS_TEST_TMPDIR/outside/dmesg.txt"
	mkfifo "$TREE/var/crash/$stamp/dmesg.$stamp" "$TREE/var/lib/systemd/pstore/dmesg-erst-1"
	ln -s "$BATS_TEST_TMPDIR/outside" "$TREE/var/crash/linked"
	ln -s "$BATS_TEST_TMPDIR/outside/dmesg.txt" "$TREE/var/crash/$stamp/dmesg.1"
	ln -s "$BATS_TEST_TMPDIR/outside/dmesg.txt" "$TREE/var/lib/systemd/pstore/dmesg.txt"
	ln -s "$BATS_TEST_TMPDIR/outside" "$TREE/sys"
	finds 1 kdump incomplete 'the directory is empty'
	finds 1 pstore missing ''
	rmdir "$TREE/var/lib/systemd/pstore" 2>/dev/null || rm -r "$TREE/var/lib/systemd/pstore"
	ln -s "$BATS_TEST_TMPDIR/outside" "$TREE/var/lib/systemd/pstore"
	finds 1 pstore missing ''
	# A link in the tree ends in the tree.
	rm "$TREE/var/lib/systemd/pstore"
	hit | put real/dmesg-ramoops-0
	ln -s /real "$TREE/var/lib/systemd/pstore"
	finds 1 pstore found 'the line of the hit'
}

# bats test_tags=slow
@test "--wait waits for a dump that is being written" {
	drilled kdump=hit
	hit | put "var/crash/$stamp/dmesg.$stamp"
	memory | put "var/crash/$stamp/dump-incomplete"
	(sleep 1.5; mv "$TREE/var/crash/$stamp/dump-incomplete" "$TREE/var/crash/$stamp/dump.$stamp") 3>&- &
	verify --wait 20
	wait
	((status == 0))
	[[ $output == *'waiting up to 20 s for kdump'* && ${lines[-1]} == 'proven: seen by 1 of 1 collectors' ]]
	# A dump that check did not expect is waited for, too.
	drilled
	mv "$TREE/var/crash/$stamp/dump.$stamp" "$TREE/var/crash/$stamp/dump-incomplete"
	verify --wait 1
	[[ $output == *'waiting up to 1 s for kdump'* ]]
	((status == 1))
	verify --wait x
	((status == 2))
}

@test "a drill by other means is proven by a crash after its record, also without its id" {
	drilled kdump=hit pstore=hit action:'"external"'
	hit '' | put "var/crash/$stamp/dmesg.$stamp"
	memory | put "var/crash/$stamp/dump.$stamp"
	hit '' | put sys/fs/pstore/dmesg-erst-1
	finds 0 kdump found 'without the id'
	finds 0 pstore found 'a crash of that time, without the id +/sys'
	hit '' | put "var/crash/$stamp/dmesg.$stamp" 3600
	memory | put "var/crash/$stamp/dump.$stamp" 3600
	finds 1 kdump missing ''
	echo "drill $ID: waits for a failure" | put "var/crash/$stamp/dmesg.$stamp"
	finds 0 kdump found 'the dump is complete, 20 KiB +/'
}

@test "a machine that has not restarted, and a drill that was cancelled, are no success" {
	mkdir -p "$TREE/proc/sys/kernel/random"
	cp /proc/sys/kernel/random/boot_id "$TREE/proc/sys/kernel/random"
	drilled kdump=hit boot_id:"\"$(</proc/sys/kernel/random/boot_id)\""
	verify
	((status == 1))
	[[ $output == *'The machine has not restarted since the drill'* ]]
	verify --json
	((status == 1))
	[[ $output == *'"not-restarted"'* ]]
	drilled kdump=hit cancelled:true
	verify
	((status == 1))
	[[ $output == *'ended before its hit fired'* ]]
}

@test "verify prints how long the machine was away, and no control characters of names" {
	drilled kdump=hit
	hit | put $'var/crash/\xff\e[31m\xc3\xa4/dmesg.1'
	memory | put $'var/crash/\xff\e[31m\xc3\xa4/vmcore'
	mkdir "$TREE/proc"
	printf 'cpu 1\nbtime %d\n' $((now - 40)) >"$TREE/proc/stat"
	run --separate-stderr roulettectl verify --root "$TREE" --json
	echo "$output"
	((status == 0))
	[[ $output == *'/var/crash/\\xff\\x1b[31mä/vmcore"'* ]]
	[[ $output == *'"away": 19.5'* && $output == *'"seconds": 29.5'* ]]
	verify
	[[ $output == *'kernel up '*' 20 s later'* ]]
	[[ $output != *$'\e'* ]]
}

@test "a missing record is status 3, a wrong id status 2" {
	verify
	((status == 3))
	verify "$OLDER"
	((status == 3))
	verify drill-1
	((status == 2))
	run roulettectl verify --root "$TREE/nowhere"
	((status == 2))
	drilled kdump=hit
	echo '{' >"$TREE/var/lib/roulette/drills/$OLDER.json"
	verify --last
	((status == 1))
	[[ $output == *"$OLDER.json is not the record of a drill"* ]]
	verify "$ID" "$ID"
	((status == 2))
	verify "$ID" --last
	((status == 2))
	run roulettectl forget "$ID"
	((status == 2)) && [[ $output == *'could not open /var/lib/roulette/drills'* ]]
}

# states STATUS STATE ID REASON: status ends so, and its only line has these values.
states() {
	local regex

	printf -v regex '^panic +%s +[-0-9]+ [0-9:]+ +%s +[^ ]+ +%s$' "${@:2}"
	run roulettectl status --root "$TREE"
	echo "$output"
	((status == $1 && ${#lines[@]} == 2))
	[[ ${lines[1]} =~ $regex ]] || fail "no match: $regex"
}

@test "the last drill of an action that was not cancelled decides its status" {
	local drills=$TREE/var/lib/roulette/drills new=drill-00000001

	drilled kdump=hit action:'"panic"' proven:true verified:1.0
	states 0 proven "$ID" 'the present kernel is not known'
	later() {
		(ID=$new && record kdump=hit action:'"panic"' time:"$((now + 5)).0" "$@") >"$drills/$new.json"
	}
	later
	states 1 unproven $new "not verified; $ID was proven on .*"
	later verified:1.0
	states 1 unproven $new "a collector lacks it; $ID was proven on .*"
	later cancelled:true
	states 0 proven "$ID" 'the present kernel is not known'
	later proven:true verified:1.0
	states 0 proven $new 'the present kernel is not known'
	rm "$drills/$ID.json"
	later verified:1.0
	states 1 unproven $new 'a collector lacks it'
	later cancelled:true
	states 1 unproven $new cancelled
}

# bats test_tags=slow
@test "the JSON of verify, status and history matches the schemas" {
	local json=$BATS_TEST_TMPDIR/json results

	mkdir "$json"
	drilled kdump=hit netconsole=elsewhere
	hit | put $'var/crash/\xff\e[31m\xc3\xa4/dmesg.1'
	memory | put $'var/crash/\xff\e[31m\xc3\xa4/vmcore'
	roulettectl verify --root "$TREE" --json --command 'echo x' >"$json/verify" || true
	roulettectl status --root "$TREE" --json >"$json/status" || true
	roulettectl history --root "$TREE" --json >"$json/history"
	cp /proc/sys/kernel/random/boot_id "$TREE"
	mkdir -p "$TREE/proc/sys/kernel/random"
	cp /proc/sys/kernel/random/boot_id "$TREE/proc/sys/kernel/random"
	uname -r >"$TREE/proc/sys/kernel/osrelease"
	drilled kdump=hit boot_id:"\"$(<"$TREE/boot_id")\"" proven:true verified:1.0 label:'"\u009b"'
	roulettectl verify --root "$TREE" --json >"$json/verify.running" || true
	roulettectl status --root "$TREE" --json >"$json/status.stale" || true
	roulettectl history --root "$TREE" --json >"$json/history.proven"
	drilled cancelled:true
	roulettectl verify --root "$TREE" --json >"$json/verify.cancelled" || true
	rm "$TREE"/var/lib/roulette/drills/*
	roulettectl status --root "$TREE" --json >"$json/status.empty" || true
	roulettectl history --root "$TREE" --json >"$json/history.empty"
	python3 -c 'import jsonschema' || skip 'this guest has no jsonschema'
	python3 - "$SUITE/schemas" "$json"/* <<-'END'
		import json, jsonschema, os, sys
		for name in sys.argv[2:]:
		    print(name)
		    schema = "%s/%s.json" % (sys.argv[1], os.path.basename(name).split(".")[0])
		    jsonschema.validate(json.load(open(name, encoding="utf-8")), json.load(open(schema)))
	END
	results=("$json"/*)
	((${#results[@]} == 9))
	grep -q '"not-restarted"' "$json/verify.running"
	grep -q '"stale"' "$json/status.stale"
}

# bats test_tags=slow,full
@test "valgrind finds no error in verify" {
	command -v valgrind || skip 'this guest has no valgrind'
	drilled kdump=hit pstore=hit netconsole=elsewhere
	hit | gzip | put "var/crash/$stamp/dmesg.$stamp.gz"
	memory | put "var/crash/$stamp/vmcore"
	hit | put "var/lib/systemd/pstore/$((now - 30))/001/dmesg.txt"
	hit | put text
	run valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=definite,indirect \
		roulettectl verify --root "$TREE" --json --netconsole "$TREE/text" --command true
	echo "$output"
	((status == 1))
}
