#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# make uninstall, on a machine that has the modules installed and loaded, but no
# kernel headers.
#
# seconds: 3

load guest

teardown() {
	unload_all && guest_teardown
}

# on_copy COMMAND...: run it where /lib/modules is a copy without headers.
on_copy() {
	# shellcheck disable=SC2016 # for the inner shell
	run unshare --mount sh -c 'mount --bind "$1" /lib/modules; shift; exec "$@"' - \
		"$BATS_TEST_TMPDIR/modules" "$@"
	echo "$output"
}

# installed FOLDER: print how many of the three modules are in it.
installed() {
	find "$1" -name roulette_core.ko -o -name roulette.ko -o -name parrot.ko | wc -l
}

uninstall() {
	on_copy make -C "$SUITE/.." "$@" uninstall
}

@test "make uninstall prints the commands that unload the modules, and needs no headers" {
	local release other=6.6.6-other here=$BATS_TEST_TMPDIR/modules root=$BATS_TEST_TMPDIR/root

	command -v make || skip "this guest has no make"
	release=$(uname -r)
	mkdir -p "$here/$release" "$here/$other" "$root/lib/modules/$release"
	cp -r "/lib/modules/$release/updates" "$here/$release"
	cp -r "/lib/modules/$release/updates" "$here/$other"
	cp -r "/lib/modules/$release/updates" "$root/lib/modules/$release"
	touch "$here/$release/updates/notes"

	modprobe coin
	load_all
	mkdir "$CONFIG/roulette/bond"
	uninstall
	[[ $status == 2 ]]
	(($(installed "$here/$release/updates") == 3))
	# Loaded modules do not protect those of another kernel or another root.
	uninstall "KDIR=/lib/modules/$other/build"
	[[ $status == 0 ]]
	(($(installed "$here/$other/updates") == 0))
	uninstall "INSTALL_MOD_PATH=$root"
	[[ $status == 0 ]]
	(($(installed "$root/lib/modules/$release/updates") == 0))

	# The printed commands unload all modules.
	uninstall
	eval "$(sed -n 's/^    sudo //p' <<<"$output")"
	[[ ! -e /sys/module/roulette_core ]]
	uninstall
	[[ $status == 0 ]]
	[[ -e $here/$release/updates/notes ]]
	(($(installed "$here/$release/updates") == 0))
	on_copy modprobe roulette
	[[ $status != 0 ]]
}
