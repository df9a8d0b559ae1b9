#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# A kernel with Secure Boot loads the signed modules, refuses others, and returns the
# errors that docs/signing.md shows.
#
# seconds: 20
# bats file_tags=signing

load ../guest

PAGE=$SUITE/../docs/signing.md
# Keys of tests/vm/firmware: the firmware knows `mok`.
KEYS=/usr/share/signing

setup() {
	guest_setup
	unload_all
	installed=$(dirname "$(modinfo -n roulette)")
	copy=$BATS_TEST_TMPDIR/modules
	cp -r "$installed" "$copy"
	modules=("$copy"/{roulette_core,roulette,parrot}.ko)
}

teardown() {
	unload_all && guest_teardown
}

# on_copy COMMAND...: run it where the copied modules are the installed ones.
on_copy() {
	# shellcheck disable=SC2016 # for the inner shell
	run unshare --mount sh -c 'mount --bind "$1" "$2"; shift 2; exec "$@"' - "$copy" "$installed" "$@"
	echo "$output"
}

# unsign: remove the signatures of the copied modules.
unsign() {
	strip --strip-debug "${modules[@]}"
	! grep -q 'Module signature appended' "${modules[@]}"
}

# sign NAME: sign the copied modules with the key NAME.
sign() {
	"$SUITE/../tools/sign" "/lib/modules/$(uname -r)/build" "$KEYS/$1.key" "$KEYS/$1.der" "${modules[@]}"
}

# row CAUSE: print the cells of this row of the page's table: errno, text, log line.
row() {
	sed -nE "s/^\| $1 \| ([A-Z]+) \| \`([^\`]*)\` \| (none|\`([^\`]*)\`) \|$/\1\n\2\n\4/p" "$PAGE"
}

# refused_as CAUSE: modprobe and roulettectl must fail as the page shows.
refused_as() {
	local shown cause=$1

	# On bullseye, Secure Boot only locks the kernel down.
	[[ $cause == changed* || $(</sys/module/module/parameters/sig_enforce) == Y ]] || cause='unsigned or unknown key'
	mapfile -t shown < <(row "$cause")
	((${#shown[@]} == 3)) || fail "docs/signing.md has no row '$cause'"
	log_begins
	on_copy strace -qq -e trace=finit_module,init_module -e signal=none modprobe roulette
	[[ $status == 1 && $output == *" = -1 ${shown[0]} ("*$'\n'"modprobe: ERROR: could not insert 'roulette': ${shown[1]}" ]]
	[[ $(kernel_log) == "${shown[2]}" ]]
	on_copy roulettectl create roulette bond
	[[ $status == 3 && $output == *"could not insert 'roulette': ${shown[1]}"*'see docs/signing.md'* ]]
	[[ ! -e /sys/module/roulette_core ]]
}

@test "roulettectl check reports Secure Boot and lockdown, and names the page" {
	mount -t securityfs securityfs /sys/kernel/security
	mount -t efivarfs efivarfs /sys/firmware/efi/efivars
	run roulettectl check
	umount /sys/kernel/security /sys/firmware/efi/efivars
	echo "$output"
	[[ $output == *'Secure Boot '*' on'$'\n'* ]]
	[[ $output == *'lockdown '*': only signed modules load'*'see docs/signing.md'* ]]
}

@test "modules that tools/sign signed with an enrolled key load" {
	unsign
	sign mok
	on_copy modprobe roulette odds=0
	[[ $status == 0 && -z $output ]]
	on_copy modprobe parrot
	[[ $status == 0 && -z $output ]]
	head -c 100 /dev/parrot >/dev/null
	[[ $(</dev/kernel-roulette) == click* ]]
}

@test "unsigned modules are refused with the messages of the page" {
	unsign
	refused_as unsigned
}

@test "modules that an unknown key signed are refused with the messages of the page" {
	unsign
	sign other
	refused_as 'signed with an unknown key'
}

@test "modules that were changed after signing are refused with the messages of the page" {
	local module

	for module in "${modules[@]}"; do
		# A byte of the module's licence.
		sed -i 's/license=GPL/license=GPl/' "$module"
	done
	refused_as 'changed after signing'
}
