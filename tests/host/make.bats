# SPDX-License-Identifier: GPL-2.0
# seconds: 8
#
# The Makefile's targets for a real machine, tested with the guest's kernel in the guest's
# tree. No test uses this machine's kernel or loads a module.

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	unset MAKEFLAGS MFLAGS MAKELEVEL ROULETTE_CMD ROULETTE_FILTER TIMEOUT KDIR INSTALL_MOD_PATH
	# shellcheck source=tests/vm/lib.bash
	. tests/vm/lib.bash
	tree=$BATS_TEST_TMPDIR/tree
}

teardown() {
	# Root owns some files, because the build ran in the guest's tree.
	as_root rm -rf "$BATS_TEST_TMPDIR/tree"
}

# copy: copy the sources, without objects, to $tree/src.
copy() {
	mkdir -p "$tree/src"
	cp -a Makefile Kbuild core sysfs configfs devices tools tests "$tree/src"
	make -s -C "$tree/src" clean
}

@test "install and uninstall add and remove the three modules, and run depmod" {
	local release modules

	"$VM/build"
	release=$(<"$GUEST/version")
	modules=$tree/root/lib/modules/$release
	mkdir -p "$tree"
	cp -a "$BUILD/src" "$tree/src"
	mkdir -p "$modules/updates"
	touch "$modules/updates/other.ko.notes"

	in_root "$tree" make -C /build/src W=1 "KDIR=/lib/modules/$release/build" \
		INSTALL_MOD_PATH=/build/root install
	[ "$(cd "$modules/updates" && echo *)" = 'other.ko.notes parrot.ko roulette.ko roulette_core.ko' ]
	[ "$(sort "$modules/modules.dep")" = "$(printf 'updates/%s\n' 'parrot.ko: updates/roulette_core.ko' \
		'roulette.ko: updates/roulette_core.ko' 'roulette_core.ko:')" ]

	in_root "$tree" make -C /build/src "KDIR=/lib/modules/$release/build" \
		INSTALL_MOD_PATH=/build/root uninstall
	[ "$(cd "$modules/updates" && echo *)" = other.ko.notes ]
	[ ! -s "$modules/modules.dep" ]
}

@test "install-tools adds the program and the man pages, and uninstall-tools removes all files" {
	local page root=$tree/root

	"$VM/build"
	mkdir -p "$tree"
	cp -a "$BUILD/src" "$tree/src"
	in_root "$tree" make -C /build/src DESTDIR=/build/root PREFIX=/usr install-tools
	[ -x "$root/usr/sbin/roulettectl" ]
	for page in docs/man/{roulette,parrot}.4 tools/roulettectl/roulettectl.8; do
		cmp "$page" "$root/usr/share/man/man${page: -1}/${page##*/}"
	done
	in_root "$tree" make -C /build/src DESTDIR=/build/root PREFIX=/usr uninstall-tools
	[ -z "$(find "$root" ! -type d)" ]
}

@test "a separate tree builds and installs a type as docs/devices.md shows" {
	local release modules

	"$VM/build"
	release=$(<"$GUEST/version")
	modules=$tree/root/lib/modules/$release
	mkdir -p "$tree/src" "$tree/own" "$modules/updates"
	cp -a core "$BUILD/src/Module.symvers" "$tree/src"
	cp "$BUILD/src/roulette_core.ko" "$modules/updates"
	cp tests/types/coin.c "$tree/own"
	tests/vm/fenced make 'In a tree of your own' >"$tree/own/Kbuild"
	{
		# Simulates a machine whose root is /build/root and that runs this kernel.
		echo "set -e; uname() { echo $release; }; sudo() { \"\$@\"; }"
		echo "depmod() { command depmod -b /build/root $release; }"
		# shellcheck disable=SC2016 # expanded by the inner shell
		echo 'modprobe() { command modprobe -d /build/root -S "$(uname)" --show-depends "$@"; }'
		tests/vm/fenced sh 'In a tree of your own' | sed 's,/path/to/kernel-roulette,/build/src,'
	} >"$tree/script"
	run in_root "$tree" env INSTALL_MOD_PATH=/build/root sh -c 'cd /build/own && . /build/script'
	echo "$output"
	[ "$status" -eq 0 ]
	[[ ${lines[-2]} == *updates/roulette_core.ko* && ${lines[-1]} == */coin.ko* ]]
	run grep -E 'SIGN|sign-file|[Ee]rror|WARNING: modpost|: warning:' <<<"$output"
	[ "$status" -eq 1 ]
}

@test "clean removes only built files, also without headers" {
	"$VM/build"
	copy
	(cd "$tree/src" && find . -type f | sort) >"$BATS_TEST_TMPDIR/clean"
	as_root rm -rf "$tree/src"
	cp -a "$BUILD/src" "$tree/src"
	as_root chown -R "$(id -u)" "$tree"
	[ -e "$tree/src/roulette.ko" ]
	make -s -C "$tree/src" KDIR=/nonexistent clean
	(cd "$tree/src" && find . -type f \( -path './core/*' -o -path './sysfs/*' -o -path './configfs/*' \
		-o -path './devices/*' -o -path './tools/*' -o -path './tests/*' -o -name Makefile -o -name Kbuild \) | sort) \
		>"$BATS_TEST_TMPDIR/after"
	diff "$BATS_TEST_TMPDIR/clean" "$BATS_TEST_TMPDIR/after"
	[ -z "$(find "$tree/src" -name '*.ko' -o -name '*.o' -o -name Module.symvers)" ]
}

@test "missing headers and a wrong KDIR= have different messages" {
	local bin=$BATS_TEST_TMPDIR/bin target folder

	# A release without headers, because this machine may have headers for its own.
	mkdir "$bin"
	printf '#!/bin/sh\necho 6.6.6-bare\n' >"$bin/uname"
	chmod +x "$bin/uname"
	for target in all install; do
		PATH=$bin:$PATH run make "$target"
		[ "$status" -eq 2 ]
		[[ $output == *'sudo apt-get install linux-headers-6.6.6-bare'* ]]
		[[ $output == *'make play'* ]]
		[[ $output != *'KDIR=/'* ]]
	done
	mkdir "$BATS_TEST_TMPDIR/common"
	touch "$BATS_TEST_TMPDIR/common/Makefile"
	for folder in /nonexistent "$BATS_TEST_TMPDIR/common" "/lib/modules/6.6.6-typo/build" ''; do
		run make "KDIR=$folder" all
		[ "$status" -eq 2 ]
		[[ $output == *"KDIR=$folder does not contain a kernel's headers: "* ]]
		[[ $output != *linux-headers-6* ]]
	done
	run make KDIR=/usr/src/gone uninstall
	[ "$status" -eq 2 ]
	[[ $output == *'KDIR=/usr/src/gone does not name a kernel'* ]]
}

@test "an unknown SUITE, ARCH or ROULETTE_FLAVOUR creates nothing in the cache" {
	local wrong cache=$BATS_TEST_TMPDIR/cache

	for wrong in SUITE=bookwrom ARCH=amd46 ROULETTE_FLAVOUR=memroy ROULETTE_FLAVOUR=base; do
		run env "$wrong" ROULETTE_CACHE="$cache" tests/vm/build
		[ "$status" -eq 72 ]
		[[ $output == *"$wrong is unknown. Choose one of: "*[a-z]*' '*[a-z]* ]]
		[ ! -e "$cache" ]
	done
	# make play must also exit with this status.
	for wrong in 'SUITE=bookwrom make -s play' 'make -s play SUITE=bookwrom'; do
		run env -u SUITE ROULETTE_CACHE="$cache" CMD=true sh -c "$wrong"
		[[ ${lines[0]} == 'kernel-roulette: SUITE=bookwrom is unknown. Choose one of: bookworm '* ]]
		[[ ${lines[1]} == 'make: ***'*'Error 72' ]]
		[ "${#lines[@]}" -eq 2 ]
		[ "$(cd "$cache" && echo *)" = make_status.so ]
	done
}

@test "each kernel of make matrix is known" {
	local cell arch flavour
	local -a CELLS

	eval "$(sed -n '/^CELLS=($/,/^)$/p' tests/vm/lib.bash)"
	[ "${#CELLS[@]}" -ge 9 ]
	for cell in "${CELLS[@]}"; do
		arch=amd64 flavour=
		[[ $cell != *+* ]] || flavour=${cell#*+}
		[[ $cell != */* ]] || { arch=${cell#*/}; arch=${arch%+*}; }
		SUITE=${cell%%[/+]*} ARCH=$arch ROULETTE_FLAVOUR=$flavour bash -c '. tests/vm/lib.bash'
	done
}

@test "help has a line for each target" {
	local target

	run make -s help
	[ "$status" -eq 0 ]
	grep -E "^  make install .*modprobe roulette odds=0$" <<<"$output"
	[ "$(grep -cE 'modprobe roulette( |$)' <<<"$output")" -eq 1 ]
	for target in play check kunit matrix debug-check drill bench full coverage soak fuzz-tools sign deb dist tools install-tools install uninstall clean; do
		grep -E "^  make $target( |$)" <<<"$output"
	done
	for target in KDIR KEY CERT INSTALL_MOD_PATH CMD T FILTER TIMEOUT SUITE ARCH CELLS COUNTED ROWS BASE DOCS MINUTES SEED ROULETTE_CACHE; do
		grep -E "(^| )$target=" <<<"$output"
	done
}
