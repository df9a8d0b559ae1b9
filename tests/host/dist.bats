# SPDX-License-Identifier: GPL-2.0
# seconds: 3
#
# make dist, the version, and the kernels for which dkms.conf lets DKMS build.

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	unset MAKEFLAGS MFLAGS MAKELEVEL
	git rev-parse --git-dir >/dev/null || skip 'this is not a git checkout'
	clone=$BATS_TEST_TMPDIR/clone
	git clone -q . "$clone"
}

@test "make dist packs the same bytes again, from another clone at another time" {
	local other=$BATS_TEST_TMPDIR/other version

	version=$(sed -n 's/^#define ROULETTE_VERSION\t"\(.*\)"$/\1/p' "$clone/core/roulette.h")
	make -s -C "$clone" dist
	sleep 1
	(umask 077 && git clone -q . "$other" && make -s -C "$other" dist)
	cmp {"$clone","$other"}/dist/"kernel-roulette-$version.tar.gz"
	tar -C "$BATS_TEST_TMPDIR" -xf "$clone/dist/kernel-roulette-$version.tar.gz"
	diff <(cd "$BATS_TEST_TMPDIR/kernel-roulette-$version" && find . ! -type d | sort) \
		<(cd "$clone" && git ls-files | sed 's,^,./,' | sort)
}

@test "make dist and make deb refuse a version without an entry in CHANGELOG.md" {
	local target

	sed -i 's/^\(#define ROULETTE_VERSION\).*/\1\t"9.9.9"/' "$clone/core/roulette.h"
	for target in dist deb; do
		run make -s -C "$clone" "$target"
		echo "$output"
		((status))
		[[ $output == *'core/roulette.h has version 9.9.9'* ]]
	done
	[[ ! -e $clone/dist ]]
}

# autoinstall KERNEL [PRESENT]: print the value of AUTOINSTALL for the installation of
# KERNEL. dkms 3.0 reads the file for the kernel PRESENT, which has the modules already.
autoinstall() {
	bash -c '
		read_for() {
			local kernelver=$1
			source_it
		}
		source_it() {
			(. ./dkms.conf && echo "$AUTOINSTALL")
		}
		kernelver=$1
		read_for "$2"' - "$1" "${2-$1}"
}

@test "dkms.conf lets DKMS build for the supported kernels only" {
	local kernel present

	for kernel in '' 5.10.0-32-cloud-amd64 5.14.0-503.el9.x86_64 6.1.0-50-amd64 6.12.95+deb13-amd64 7.3.4+deb14-amd64 6.11-amd64 7.2-rc3+; do
		[[ $(autoinstall "$kernel") == yes ]]
	done
	for kernel in 4.19.0-27-amd64 5.11.0-1-amd64 5.13.19-2-pve 7.4.1+deb14-amd64 7.4-rc1 7.30.0 8.0.0 61.1.0 5.1.0 5.100.1; do
		for present in "$kernel" '' 6.1.0-50-amd64; do
			[[ -z $(autoinstall "$kernel" "$present") ]]
		done
	done
}
