#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# Runs every command of docs/drills.md, in its order, by make play, as a user would. Each
# "# bang: ..." at the end of a command must be printed. Where the page says that the
# machine ends, it must end.
#
# seconds: 14
# bats file_tags=slow

# chain NUMBER: print the commands up to the first end of the machine (1), or those after
# it (2).
chain() {
	awk -v wanted="$1" '
		/^ *<!-- the machine ends -->$/ { number++ }
		/^ *```sh$/ { match($0, /^ */); indent = RLENGTH; inside = 1; next }
		/^ *```$/ { inside = 0 }
		inside && number == wanted - 1 { print substr($0, indent + 1) }
	' docs/drills.md
}

# Creates the environment that the page assumes: a network with the receiver at its other
# end, udev, and a receiver of the system log.
SITE='ip link add eth0 type veth peer name receiver address 52:54:00:12:34:56
	ip address add 192.0.2.10/24 dev receiver
	ip link set receiver up
	/lib/systemd/systemd-udevd --daemon
	socat -u UNIX-RECV:/dev/log OPEN:/run/log,creat,append &'

# play NUMBER [BEFORE [AFTER]]: run that chain in a guest, with the commands BEFORE and
# AFTER around it. Sets $output to the console and the output, and $status like run.
play() {
	chain "$1" >"$BATS_TEST_TMPDIR/chain"
	run env ROULETTE_CMD="set -euxo pipefail
		$SITE
		${2:-}
		$(<"$BATS_TEST_TMPDIR/chain")
		${3:-}" tests/vm/play
	echo "$output"
	sed -n 's/.*# *\(bang: .*\)/\1/p' "$BATS_TEST_TMPDIR/chain" >"$BATS_TEST_TMPDIR/bangs"
	while read -r line; do
		grep -Fx "$line" <<<"$output" || return
	done <"$BATS_TEST_TMPDIR/bangs"
}

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
}

@test "the commands of the first drill end in the panic" {
	play 1 '' 'sleep 20'
	[[ $status == 70 ]]
	grep -E 'Kernel panic - not syncing: kernel-roulette: shot, action panic, label "drill [^"]*ticket 4711, panic"$' <<<"$output"
	(($(wc -l <"$BATS_TEST_TMPDIR/bangs") == 2))
	# The page later searches the log for this pattern.
	pattern=$(sed -n "s/^dmesg | grep -E '\(.*\)' || .*/\1/p" docs/drills.md)
	[[ -n $pattern ]]
	grep -E "$pattern" <<<"$output"
}

# The page's own pulls must not hit, so armed is N. After them the modules are loaded again
# for two hits, while the page's udev program and netconsole receiver run.
@test "all other commands work, and netconsole's receiver and udev's rule get the hits" {
	# shellcheck disable=SC2016 # expanded in the guest
	play 2 'echo N >/sys/module/roulette/parameters/armed' '
		modprobe roulette odds=0
		cd /sys/class/roulette/kernel-roulette
		echo "it'\''s a \$drill" >label
		echo 1/1 >odds
		for action in none warn; do
			echo $action >action
			cat /dev/kernel-roulette
			sleep 0.5
		done
		udevadm settle
		sleep 1
		(tr "<" "\n" </run/log; echo) | sed "s/.*drill: /LOGGED /"
		sed "s/^/RECEIVED /" /var/log/netconsole'
	[[ $status == 0 ]]
	(($(wc -l <"$BATS_TEST_TMPDIR/chain") > 25))
	[[ -z $(chain 3) ]]
	grep -Fx "LOGGED /dev/kernel-roulette: hit 1, action none, label it's a \$drill" <<<"$output"
	grep -Fx "LOGGED /dev/kernel-roulette: hit 2, action warn, label it's a \$drill" <<<"$output"
	grep -E "^RECEIVED .*roulette kernel-roulette: bang: pull 1 .*, action warn, .*, label \"it's a \\\$drill\"" <<<"$output"
}
