#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The Debian packages on a machine of $SUITE with packaged kernels, from apt install to apt
# purge. The machine has two lives. Two tests run a life each (tests/packages/first and
# second). The tests after them read one step of its output. So run the whole file.
#
# seconds: 300
# bats file_tags=slow,full
#
# shellcheck disable=SC2034,SC2154 # variables of machine.bash

load ../machine/machine

TREE=$BATS_TEST_DIRNAME/../..

setup_file() {
	export SUITE=${SUITE:-bookworm}
	export BASE=${ROULETTE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kernel-roulette}/packages/$SUITE
	export VERSION OLD NEW

	"$BATS_TEST_DIRNAME/build" "$BATS_FILE_TMPDIR/payload"
	VERSION=$(sed -nE 's/^#define ROULETTE_VERSION\s+"(.*)"/\1/p' "$TREE/core/roulette.h")
	OLD=$(<"$BASE/old/version") NEW=$(<"$BASE/new/version")
}

setup() {
	MACHINE=$BATS_FILE_TMPDIR/machine
	MACHINE_DISK=$BASE/disk MACHINE_PAYLOAD=$BATS_FILE_TMPDIR/payload
	MACHINE_OPTIONS=panic=1 MACHINE_DEVICES=erst
}

# live KERNEL SCRIPT: run the script in a life with this kernel, and keep its output.
live() {
	MACHINE_KERNEL=$BASE/$1
	life "OLD=$OLD NEW=$NEW EXCLUDED=4.19.0-99-test; $(<"$BATS_TEST_DIRNAME/$2")" 1800
	printf '%s\n' "$output" >"$BATS_FILE_TMPDIR/output"
}

# step NAME: set output and status of this step of the last life.
step() {
	local lines

	lines=$(sed -n "/^--- $1\$/,/^--- status /p" "$BATS_FILE_TMPDIR/output")
	printf '%s\n' "$lines"
	[[ $lines == *$'\n--- status '* ]] || {
		echo "the life ended before the step $1"
		return 1
	}
	status=${lines##*--- status }
	output=$(sed '1d;$d' <<<"$lines")
}

# says REGEX: a line of the output matches.
says() {
	grep -E -- "$1" <<<"$output" || {
		echo "no line matches $1"
		return 1
	}
}

@test "lintian reports nothing" {
	[[ -x $BASE/root/usr/bin/lintian ]] || skip 'SUITE=bookworm and SUITE=trixie test this'
	cat "$BATS_FILE_TMPDIR/payload.lintian"
	[[ ! -s $BATS_FILE_TMPDIR/payload.lintian ]]
}

@test "the first life ends with the panic of a drill" {
	live old first
	[[ $status == 70 ]]
}

@test "without headers the packages are installed, and the missing headers are named" {
	step no-headers
	[[ $status == 0 ]]
	[[ $output == *"linux-headers-$OLD"* ]]
	step no-module
	[[ $status == 3 ]]
	[[ $output == *"linux-headers-$OLD"* ]]
}

@test "the installation of the headers builds the modules" {
	step headers
	[[ $status == 0 ]]
	step unloaded
	[[ -z $output ]]
	step modprobe
	[[ $status == 0 ]]
}

@test "an installed roulette is disarmed and has odds 0" {
	step loaded
	[[ $output == "roulette $VERSION"$'\n'"roulette_core $VERSION"$'\n'"parrot $VERSION"$'\n'"armed N odds 0" ]]
	step disarmed
	says '^click: drew 0, odds 1/1, held by armed$'
}

@test "dkms builds a type of another package against the installed core" {
	step coin
	[[ $status == 0 ]]
	[[ $output == *$'\n'"/lib/modules/$OLD/updates/dkms/coin.ko"* ]]
}

@test "roulettectl fires a warning, and the roulette is disarmed afterwards" {
	step check
	((status < 2))
	step warn
	[[ $status == 0 ]]
	says '^journal +found'
	step after-warn
	says '^armed N odds 0$'
}

@test "an excluded kernel is installed and removed without an error" {
	step excluded
	[[ $status == 0 ]]
	[[ $output != *'this kernel was built for'* ]]
	step excluded-gone
	[[ $status == 0 ]]
}

@test "the modules of a new kernel are built when it is installed" {
	local kernel

	step upgrade
	[[ $status == 0 ]]
	step built
	for kernel in "$OLD" "$NEW"; do
		[[ $(grep -cF "/lib/modules/$kernel/updates/dkms/" <<<"$output") == 3 ]]
	done
	[[ $(wc -l <<<"$output") == 6 ]]
}

@test "the second life has the newer kernel" {
	live new second
	[[ $status == 0 ]]
}

@test "after the restart nothing is loaded, and the drill is verified" {
	step unloaded
	[[ -z $output ]]
	step verify
	[[ $status == 0 ]]
	says '^pstore +found'
	step loaded
	says "^roulette $VERSION\$"
	says '^armed N odds 0$'
}

@test "the type of the other package was built for the new kernel" {
	step coin
	[[ $status == 0 ]]
}

@test "a removed kernel leaves no modules" {
	step purge-old
	[[ $status == 0 ]]
	step old-directory
	says 'No such file'
	step built
	[[ $output != *"$OLD"* && $(wc -l <<<"$output") == 3 ]]
}

@test "an upgrade leaves the loaded modules, and reports them" {
	step upgrade
	[[ $status == 0 ]]
	says "the loaded modules are still version $VERSION\. To load version $VERSION\.1:"
	step still-loaded
	says "^roulette $VERSION\$"
	step versions
	[[ $status == 1 ]]
	says "$VERSION\.1"
	says "$VERSION([^.]|\$)"
	step reload
	says "^roulette $VERSION\.1\$"
	says '^armed N odds 0$'
}

@test "apt remove unloads the modules, and removes their files" {
	step used
	[[ $status == 0 ]]
	step remove
	[[ $status == 0 ]]
	step unloaded-again
	[[ -z $output ]]
	step removed
	[[ -z $output ]]
}

@test "dkms builds and removes the modules without the package" {
	[[ $SUITE == trixie ]] || skip 'SUITE=trixie tests this'
	step by-dkms
	[[ $status == 0 ]]
	says "^roulette $VERSION\$"
}

@test "after apt purge no file is left" {
	step purge
	[[ $status == 0 ]]
	step leftovers
	[[ -z $output ]]
}
