#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# docs/rules/udev.rules with the udev of a guest.
#
# seconds: 8
# bats file_tags=slow

@test "udev's rule logs each survived hit with its action and label" {
	cd "$BATS_TEST_DIRNAME/../.."
	# shellcheck disable=SC2016 # expanded in the guest
	run env ROULETTE_CMD="cat >/etc/udev/rules.d/90-kernel-failures.rules <<'END'
$(<docs/rules/udev.rules)
END"'
		set -eu
		/lib/systemd/systemd-udevd --daemon
		socat -u UNIX-RECV:/dev/log OPEN:/run/log,creat,append &
		modprobe roulette odds=0
		cd /sys/class/roulette/kernel-roulette
		echo "it'\''s a * \$drill" >label
		echo 1/1 >odds
		for action in none warn; do
			echo $action >action
			cat /dev/kernel-roulette
			sleep 0.5
		done
		udevadm settle
		sleep 1
		(tr "<" "\n" </run/log; echo) | sed "s/.*kernel-failures: /LOGGED /"' tests/vm/play
	echo "$output"
	[[ $status == 0 ]]
	grep -Fx "LOGGED fired none label it's a * \$drill, hit 1 of /dev/kernel-roulette" <<<"$output"
	grep -Fx "LOGGED fired warn label it's a * \$drill, hit 2 of /dev/kernel-roulette" <<<"$output"
}
