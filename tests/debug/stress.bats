#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# stress-ng's stressors for devices and for sysfs, pointed at what is ours: in
# a mount namespace of its own its /sys is our part of sysfs, or of configfs.
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

# stressed FOLDER OPTION...: for 20 seconds unless said otherwise, with something done
stressed() {
	local folder=$1 said

	shift
	# shellcheck disable=SC2016 # for the inner shell
	said=$(cd /tmp && unshare --mount bash -c 'mount --bind "$1" /sys && exec stress-ng "${@:2}"' - \
		"$folder" --oomable --metrics --timeout 20 "$@" 2>&1) || fail "stress-ng $*: $said" || return
	echo "$said" | sed -n 's/^stress-ng: metrc: \[[0-9]*\] *\([a-z]*\) *\([1-9][0-9]*\) .*/# \1: \2 rounds/p' >&3
	[[ $said =~ \]\ (dev|sysfs)\ +[1-9] ]] || fail "nothing was done: $said"
}

@test "devices" {
	local node

	for node in /dev/kernel-roulette /dev/parrot /dev/roulette/{bond,jaws,bird,jay}; do
		stressed /sys --dev 2 --dev-file "$node" --timeout 5
	done
}

@test "sysfs" {
	stressed /sys/devices/virtual/roulette --sysfs 4
}

@test "configfs" {
	stressed "$CONFIG" --sysfs 4
}
