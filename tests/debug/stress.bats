#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# stress-ng's stressors for devices and for sysfs, run at the modules' nodes and
# knobs. In a mount namespace, /sys is the modules' part of sysfs or configfs.
#
# seconds: 100

load ../guest

setup_file() {
	modprobe roulette action=none
	modprobe parrot frame_rate=max
	mkdir "$CONFIG"/roulette/{bond,jaws} "$CONFIG"/parrot/{bird,jay}
	set_knobs bond action=none odds=1/1
	set_knobs jaws action=none
}

setup() {
	guest_setup
	[[ -x /usr/bin/stress-ng ]] || skip "only bookworm's guest has stress-ng"
}

teardown_file() {
	unload_all
}

# stressed FOLDER OPTION...: run stress-ng with FOLDER as /sys, for 20 s unless an
# option sets another time. It must do at least one round.
stressed() {
	local folder=$1 said

	shift
	# shellcheck disable=SC2016 # for the inner shell
	said=$(cd /tmp && unshare --mount bash -c 'mount --bind "$1" /sys && exec stress-ng "${@:2}"' - \
		"$folder" --oomable --metrics --timeout 20 "$@" 2>&1) || fail "stress-ng $*: $said" || return
	echo "$said" | sed -n 's/^stress-ng: metrc: \[[0-9]*\] *\([a-z]*\) *\([1-9][0-9]*\) .*/# \1: \2 rounds/p' >&3
	[[ $said =~ \]\ (dev|sysfs)\ +[1-9] ]] || fail "stress-ng did no round: $said"
}

@test "stress-ng's device stressor finds no fault at the nodes" {
	local node

	for node in /dev/kernel-roulette /dev/parrot /dev/roulette/{bond,jaws,bird,jay}; do
		stressed /sys --dev 2 --dev-file "$node" --timeout 5
	done
}

@test "stress-ng's sysfs stressor finds no fault in sysfs" {
	stressed /sys/devices/virtual/roulette --sysfs 4
}

@test "stress-ng's sysfs stressor finds no fault in configfs" {
	stressed "$CONFIG" --sysfs 4
}
