# SPDX-License-Identifier: GPL-2.0
# seconds: 6
#
# make sign, with the guest's kernel headers in the guest's tree, and guests whose kernel
# does not know the key. tests/signing has the tests that load signed modules.
#
# shellcheck disable=SC2030,SC2031 # `run` sets output and status in each test

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	unset MAKEFLAGS MFLAGS MAKELEVEL KDIR INSTALL_MOD_PATH KEY CERT KBUILD_SIGN_PIN
	# shellcheck source=tests/vm/lib.bash
	. tests/vm/lib.bash
	tree=$BATS_TEST_TMPDIR/tree
	mkdir "$tree"
	"$VM/packages" openssl
	"$VM/build"
	release=$(<"$GUEST/version")
	# The arguments of tests/vm/build. With others make would build the modules again.
	make=(in_root "$tree" make -C /build/src W=1 ROULETTE_TESTS=1 GCOV_PROFILE=y
		UBSAN_SANITIZE=y KCFLAGS= "KDIR=/lib/modules/$release/build")
}

teardown() {
	# Root owns some files, because the build ran in the guest's tree.
	as_root rm -rf "$BATS_TEST_TMPDIR/tree"
}

# new_key NAME [OPTION...]: create $tree/NAME.key and its certificate $tree/NAME.der.
new_key() {
	openssl req -new -x509 -newkey rsa:2048 -days 2 -subj "/CN=$1 key/" -outform DER \
		-keyout "$tree/$1.key" -out "$tree/$1.der" "${@:2}" 2>/dev/null
}

signer() {
	in_root "$tree" modinfo -F signer "/build/$1"
}

@test "make sign signs the three modules, and make install keeps the signatures" {
	local module installed=root/lib/modules/$release/updates

	new_key mok -nodes
	openssl x509 -inform DER -in "$tree/mok.der" -out "$tree/mok.pem"
	cp -a "$BUILD/src" "$tree/src"
	mkdir -p "$tree/root/lib/modules/$release"
	[ -z "$(signer src/roulette.ko)" ]
	"${make[@]}" sign KEY=/build/mok.key CERT=/build/mok.der
	"${make[@]}" install INSTALL_MOD_PATH=/build/root
	for module in roulette_core roulette parrot; do
		[ "$(signer "src/$module.ko")" = 'mok key' ]
		[ "$(signer "$installed/$module.ko")" = 'mok key' ]
		[ "$(in_root "$tree" modinfo -F sig_hashalgo "/build/$installed/$module.ko")" = \
			"$(sed -n 's/^CONFIG_MODULE_SIG_HASH=//p' "$GUEST/root/boot/config-$release" | tr -d '"')" ]
	done

	# A later signature replaces the first. A password needs no terminal.
	new_key other -passout pass:bang
	"${make[@]}" sign KEY=/build/other.key CERT=/build/other.der KBUILD_SIGN_PIN=bang
	[ "$(signer src/parrot.ko)" = 'other key' ]
	"${make[@]}" sign KEY=/build/mok.key CERT=/build/mok.pem
	[ "$(signer src/parrot.ko)" = 'mok key' ]
}

# refused MESSAGE ARGUMENT...: make sign must fail with this message, and sign nothing.
refused() {
	run "${make[@]}" sign "${@:2}" </dev/null
	echo "$output"
	[ "$status" -eq 2 ]
	[[ $output == *"$1"* ]]
	[[ $output != *$'\n''signed '* ]]
}

@test "make sign names the argument or the file that prevents a signature" {
	new_key mok -nodes
	new_key other -passout pass:bang
	mkdir "$tree/src"
	cp -a Makefile tools "$tree/src"
	refused 'mok.key CERT=mok.der' KEY=/build/mok.key
	refused 'mok.key CERT=mok.der' CERT=/build/mok.der
	refused 'KEY=/build/no.key does not exist.' KEY=/build/no.key CERT=/build/mok.der
	refused 'CERT=/build is a directory.' KEY=/build/mok.key CERT=/build
	refused 'roulette_core.ko does not exist. Build the modules first:  make' \
		KEY=/build/mok.key CERT=/build/mok.der

	cp "$BUILD"/src/{roulette_core,roulette,parrot}.ko "$tree/src"
	refused 'CERT=/build/mok.der is not the certificate of KEY=/build/other.key.' \
		KEY=/build/other.key CERT=/build/mok.der KBUILD_SIGN_PIN=bang
	refused 'KEY=/build/other.key is not a private key in the format PEM, or its password is wrong.' \
		KEY=/build/other.key CERT=/build/other.der KBUILD_SIGN_PIN=click
	refused 'KEY=/build/mok.der is not a private key' KEY=/build/mok.der CERT=/build/mok.der
	refused 'CERT=/build/src/Makefile is not a certificate' KEY=/build/mok.key CERT=/build/src/Makefile
	mkdir -p "$tree/headers/include/generated"
	touch "$tree/headers/Makefile" "$tree/headers/include/generated/utsrelease.h"
	refused '/build/headers/scripts/sign-file does not exist.' \
		KEY=/build/mok.key CERT=/build/mok.der KDIR=/build/headers
	[ -z "$(signer src/parrot.ko)" ]
}

# row CAUSE: print the cells of this row of the page's table: errno, text, log line.
row() {
	sed -nE "s/^\| $1 \| ([A-Z]+) \| \`([^\`]*)\` \| \`([^\`]*)\` \|$/\1\n\2\n\3/p" docs/signing.md
}

# refused_after COMMAND CAUSE: after COMMAND a guest refuses the modules as the page shows.
refused_after() {
	local shown

	mapfile -t shown < <(row "$2")
	((${#shown[@]} == 3))
	unset TIMEOUT ROULETTE_FLAVOUR
	ROULETTE_CMD="modprobe -r roulette parrot
		mount -t securityfs securityfs /sys/kernel/security
		dmesg -C; exec 2>&1; $1
		strace -qq -e trace=finit_module,init_module -e signal=none modprobe roulette
		dmesg --notime; roulettectl create roulette bond; roulettectl check" run "$VM/play" </dev/null
	echo "$output"
	[[ $output == *" = -1 ${shown[0]} ("*$'\n'"modprobe: ERROR: could not insert 'roulette': ${shown[1]}"$'\n'* ]]
	grep -Fx "${shown[2]}" <<<"$output"
	[[ $output == *"could not load the module: modprobe: ERROR: could not insert 'roulette': ${shown[1]}"*docs/signing.md* ]]
	[[ $output == *"only signed modules load"*'Sign the modules, see docs/signing.md'* ]]
}

# bats test_tags=slow
@test "lockdown refuses unsigned modules with the messages of the page" {
	refused_after 'echo integrity >/sys/kernel/security/lockdown' 'unsigned or unknown key'
}

# bats test_tags=slow
@test "module.sig_enforce refuses unsigned modules with the messages of the page" {
	refused_after 'echo 1 >/sys/module/module/parameters/sig_enforce' unsigned
}
