# SPDX-License-Identifier: GPL-2.0
# seconds: 42
#
# make play, as a user of this machine sees it. Crashes occur only in guests that the tests
# boot.
# shellcheck disable=SC2016 # most quotes are expanded by a shell in the guest

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	# Drop the settings of an outer make.
	unset MAKEFLAGS MFLAGS MAKELEVEL ROULETTE_CMD ROULETTE_FILTER TIMEOUT
	out=$BATS_TEST_TMPDIR/out
	err=$BATS_TEST_TMPDIR/err
}

# play COMMAND: run it. Sets $status, and writes its output to $out and $err.
play() {
	status=0
	ROULETTE_CMD=$1 tests/vm/play >"$out" 2>"$err" || status=$?
}

is() {
	[[ $1 == "$2" ]] || { echo "'$1', '$2' expected"; cat "$err"; return 1; }
}

@test "make play passes on all bytes of both outputs, and the status" {
	local byte all=''

	for ((byte = 0; byte < 256; byte++)); do
		printf -v all '%s\\x%02x' "$all" "$byte"
	done
	status=0
	make -s play CMD='printf '"'$all'"'; echo "$HOME $(echo a sub-shell)"
		grep -c roulette /proc/devices
		echo "one \$ two" >&2
		exit 7' >"$out" 2>"$err" || status=$?
	is "$status" 7
	{ printf '%b' "$all"; echo /root a sub-shell; echo 1; } >"$BATS_TEST_TMPDIR/want"
	cmp "$BATS_TEST_TMPDIR/want" "$out"
	grep -Fxq 'one $ two' "$err"
	grep -Fxq 'make: *** [play] Error 7' "$err"
}

@test "exits with 70 after a panic, with device name and label on the console" {
	play 'cd /sys/kernel/config/roulette/roulette; mkdir bond; cd bond
		echo 1/1 >odds; echo panic >action; echo fire-drill >label; echo so far
		cat /dev/roulette/bond; echo still here'
	is "$status" 70
	is "$(<"$out")" 'so far'
	grep -E 'bond: bang: pull 0 drew 0, odds 1/1, action panic, seed 0x[0-9a-f]+, pid [0-9]+ \(cat\), label "fire-drill"$' "$err"
	grep -E 'Kernel panic - not syncing: .*bond.*label "fire-drill"$' "$err"
	grep -F 'the guest panicked' "$err"
}

@test "exits with 73 after a restart, even if a label looks like a panic" {
	play 'cd /sys/class/roulette/kernel-roulette
		echo 1/1 >odds; echo reboot >action; echo "Kernel panic - not syncing" >label; echo so far
		cat /dev/kernel-roulette; echo still here'
	is "$status" 73
	is "$(<"$out")" 'so far'
	grep -F 'bang: pull 0 drew 0, odds 1/1, action reboot' "$err"
	grep -F 'the guest restarted or powered off' "$err"
}

@test "the greeting of the shell fits a terminal of 80 columns" {
	run awk '/^TEXT$/ { exit } text { count++ } length > 79 && text
		/<<.TEXT/ { text = 1 } END { exit count < 10 || count > 20 }' tests/guest/shellrc
	is "$status" 0
	is "$output" ''
}

@test "exits with 71 if a command never ends" {
	TIMEOUT=6 play 'echo begun; sleep infinity'
	is "$status" 71
	is "$(<"$out")" begun
	grep -F 'no result after 6 seconds' "$err"
}

@test "exits with 72 if a guest does not start" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\nexit 0\n' >"$BATS_TEST_TMPDIR/bin/qemu-system-x86_64"
	chmod +x "$BATS_TEST_TMPDIR/bin/qemu-system-x86_64"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH play true
	is "$status" 72
	grep -F 'did not start' "$err"
}

# newcomer: run tests/vm/play as an unprivileged user on a machine with few programs.
# $BATS_TEST_TMPDIR/bin may contain further ones.
newcomer() {
	local bin=$BATS_TEST_TMPDIR/bin as=() tool

	mkdir -p "$bin"
	for tool in bash dirname cut sha256sum env; do
		ln -s "$(command -v "$tool")" "$bin"
	done
	cp -r tests/vm "$BATS_TEST_TMPDIR"
	chmod -R a+rX "$BATS_RUN_TMPDIR"
	((EUID)) || as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	status=0
	"${as[@]}" env -i PATH="$bin" HOME=/nonexistent ROULETTE_CMD=true \
		"$BATS_TEST_TMPDIR/vm/play" \
		>"$out" 2>"$err" || status=$?
}

@test "without root and sudo it prints the apt-get command, and exits with 72" {
	newcomer
	is "$status" 72
	grep -E '^ +apt-get update && apt-get install --no-install-recommends mmdebstrap .*qemu-system-x86$' "$err"
}

@test "without root it uses sudo, and prints the packages that it installs" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/bash\necho "as root: $*"\nexit 1\n' >"$BATS_TEST_TMPDIR/bin/sudo"
	chmod +x "$BATS_TEST_TMPDIR/bin/sudo"
	newcomer
	is "$status" 72
	grep -E '^Installing: mmdebstrap .*qemu-system-x86$' "$err"
	grep -Fx 'as root: apt-get -q update' "$err"
}

# type_in TEXT: type it on the session's keyboard.
type_in() {
	printf '%b' "$1" >&"$KEYS"
}

# appears REGEX: wait until the screen shows it, after the previous match.
appears() {
	local end=$((SECONDS + 60)) found

	until found=$(tail -c "+$SEEN" "$BATS_TEST_TMPDIR/screen" 2>/dev/null |
		LC_ALL=C grep -abo -m 1 -e "$1" | head -n 1); [[ -n $found ]]; do
		((SECONDS < end)) || {
			echo "no '$1' on the screen from byte $SEEN on:"
			cat -v "$BATS_TEST_TMPDIR/screen"
			return 1
		}
		sleep 0.1
	done
	SEEN=$((SEEN + ${found%%:*} + 1))
}

# session: run make play on a new terminal, in the background.
session() {
	SEEN=1
	mkfifo "$BATS_TEST_TMPDIR/keys"
	exec {KEYS}<>"$BATS_TEST_TMPDIR/keys"
	script -qefc 'stty rows 33 columns 99; TERM=xterm make play; echo "status=$?"' \
		"$BATS_TEST_TMPDIR/typescript" <&"$KEYS" >"$BATS_TEST_TMPDIR/screen" 2>&1 3>&- &
	SCRIPT=$!
}

# bats test_tags=slow
@test "a shell prints a greeting, Ctrl-C stops the parrot, exit ends it" {
	session
	appears 'cat /dev/kernel-roulette'
	type_in 'stty size; echo "$TERM"; echo $$\n'
	appears '33 99'
	type_in 'cat /dev/parrot\n'
	appears '\[H'
	type_in '\x03'
	type_in 'echo still $((40 + 2))\n'
	appears 'still 42'
	type_in 'exit\n'
	appears 'status=0'
	wait "$SCRIPT"
}

# bats test_tags=slow
@test "a shell shows a panic, and returns to the host" {
	session
	appears 'exit ends the guest'
	type_in 'cd /sys/class/roulette/kernel-roulette; echo 1/1 >odds; echo panic >action; cat /dev/kernel-roulette\n'
	appears 'Kernel panic - not syncing.*kernel-roulette'
	appears 'The guest panicked; you are back on the host'
	appears 'status=70'
	wait "$SCRIPT"
}
