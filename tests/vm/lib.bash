# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # variables for those who source this
#
# What the scripts of this folder share. Variables that a caller may set:
#
#	SUITE             Debian suite of the guest (bookworm); a suite of backports
#	                  gives the kernel alone, its base suite the rest
#	ARCH              its architecture, by Debian's name (amd64)
#	ROULETTE_FLAVOUR  a debug kernel of tests/kernels, else the suite's own;
#	                  "rt": the suite's own for real time;
#	                  "clang": the suite's own, not run, modules built by clang
#	ROULETTE_CACHE    where guests and builds are kept
#	ROULETTE_MIRROR   package mirror, else the one that apt uses

set -euo pipefail

# Exit statuses that `make play` promises; everything before the guest's
# first command is BROKEN.
PANICKED=70 HUNG=71 BROKEN=72 DOWN=73

VM=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TREE=$(cd "$VM/../.." && pwd)
# The suite that is used where the kernel does not matter.
HOME_SUITE=bookworm
# The suites that make matrix goes to, and what their kernels are.
declare -A KERNEL_OF=([bullseye]=5.10 [bookworm]=6.1 [trixie]=6.12 [trixie-backports]=7.3 [sid]=7.2)
SUITE=${SUITE:-$HOME_SUITE}
CACHE=${ROULETTE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kernel-roulette}
ARCH=${ARCH:-amd64}
FLAVOUR=${ROULETTE_FLAVOUR:-}
CLANG='' RT=''
[[ $FLAVOUR != clang ]] || CLANG=1 FLAVOUR=''
[[ $FLAVOUR != rt ]] || RT=1 FLAVOUR=''
# What a cell of the matrix is called in the cache.
CELL=$SUITE
[[ $ARCH == amd64 ]] || CELL+=-$ARCH
CELL+=${CLANG:+-clang}${RT:+-rt}
GUEST=$CACHE/guest/$CELL
LISTS=$CACHE/lists/$CELL
# What the guest boots: its suite's kernel, or a debug kernel.
KERNEL=$GUEST
[[ -z $FLAVOUR ]] || KERNEL=$CACHE/kernel/$SUITE-$FLAVOUR

# What make matrix and make debug-check go to.
CELLS=(
	bullseye bookworm trixie sid trixie-backports bookworm+rt
	bookworm/arm64 trixie/arm64 sid/riscv64
	bookworm/i386 trixie+clang
)
DEBUG_CELLS=(bookworm+memory trixie+memory bookworm+races)

# What to put in front of a command for the same kernel.
AGAIN=''
[[ $SUITE == "$HOME_SUITE" ]] || AGAIN+="SUITE=$SUITE "
[[ $ARCH == amd64 ]] || AGAIN+="ARCH=$ARCH "
[[ -z ${ROULETTE_FLAVOUR:-} ]] || AGAIN+="ROULETTE_FLAVOUR=$ROULETTE_FLAVOUR "

export LC_ALL=C.UTF-8
PATH=$PATH:/usr/sbin:/sbin

say() {
	echo "$*" >&2
}

die() {
	echo "kernel-roulette: $*" >&2
	exit "$BROKEN"
}

# one_of VARIABLE VALUE KNOWN...: an unknown name must leave nothing in the cache.
one_of() {
	[[ " ${*:3} " == *" $2 "* ]] || die "$1=$2: there is $(printf '%s\n' "${@:3}" | sort | paste -sd ' ')"
}
one_of SUITE "$SUITE" "${!KERNEL_OF[@]}"
one_of ROULETTE_FLAVOUR "${ROULETTE_FLAVOUR:-clang}" coverage lockup memory races clang rt

# shellcheck source=tests/vm/arch.bash
. "$VM/arch.bash"
[[ -z $FLAVOUR$CLANG$RT || $ARCH == amd64 ]] || die "ROULETTE_FLAVOUR=$ROULETTE_FLAVOUR is for amd64"
[[ -z $CLANG ]] || BUILD_ONLY=1

# read_counts LOG STATUS: sets PASSED, FAILED and SKIPPED to what the last summary in
# LOG says, the line "N passed, N failed[, N skipped]" that the scripts end with. A
# command that exited with a STATUS other than 0, or passed nothing, has failed.
read_counts() {
	local summary

	PASSED=0 FAILED=1 SKIPPED=0
	summary=$(grep -xE '[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?' "$1" | tail -n 1) || true
	if [[ $summary =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]]; then
		PASSED=${BASH_REMATCH[1]} FAILED=${BASH_REMATCH[2]} SKIPPED=${BASH_REMATCH[4]:-0}
	fi
	((FAILED || ($2 == 0 && PASSED))) || FAILED=1
}

# All actions, in the order of the module's table.
all_actions() {
	sed -nE 's/^\t(\{ \.name = "|ROULETTE_ACTION\()([a-z_]+)[",].*/\2/p' \
		"$TREE/devices/roulette/actions/table.c"
}

as_root() {
	if ((EUID == 0)); then
		"$@"
	else
		sudo "$@"
	fi
}

# What is about to need root, for who has no way to become root.
need_root() {
	((EUID == 0)) || command -v sudo >/dev/null ||
		die "$1 needs root and there is no sudo. As root run:"$'\n'"    $2"
}

# One at a time: a second builder waits here and then finds all done.
lock() {
	mkdir -p "$CACHE"
	exec {LOCK}>"$CACHE/$1.lock"
	flock -n "$LOCK" || {
		say "Waiting for another run that holds $CACHE/$1.lock"
		flock "$LOCK"
	}
}

unlock() {
	exec {LOCK}>&-
}

mirror() {
	local uri=${ROULETTE_MIRROR:-}

	# shellcheck disable=SC2016 # apt's own variable
	[[ -n $uri ]] || uri=$(apt-get indextargets --format '$(REPO_URI)' \
		'Created-By: Packages' 'Origin: Debian' 'Component: main' |
		grep -v -e security -m 1) ||
		die "apt names no Debian mirror: run apt-get update, or set ROULETTE_MIRROR"
	echo "${uri%/}"
}

# apt_in DIR SUITE... -- ARGUMENTS: apt-get with only these suites of the
# mirror as its sources and lists of its own in DIR, so that nothing of the
# machine's apt is changed. With AS=as_root it runs as root.
apt_in() {
	local dir=$1 from suite

	shift
	from=$(mirror)
	mkdir -p "$dir/lists/partial" "$dir/archives/partial"
	: >"$dir/sources.list.$$"
	for suite; do
		shift
		[[ $suite != -- ]] || break
		echo "deb $from $suite main" >>"$dir/sources.list.$$"
	done
	# In one step: another run may be reading it.
	mv "$dir/sources.list.$$" "$dir/sources.list"
	${AS:-} env DEBIAN_FRONTEND=noninteractive apt-get -q \
		-o Dir::Etc::SourceList="$dir/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
		-o APT::Default-Release= \
		-o Dir::State::Lists="$dir/lists" -o Dir::Cache="$dir" \
		-o Acquire::Check-Valid-Until=false -o APT::Sandbox::User=root "$@" >&2
}

# Where this checkout is built; another checkout has its own.
BUILD=$CACHE/build/$CELL${FLAVOUR:+-$FLAVOUR}-$(sha256sum <<<"$TREE" | cut -c 1-12)

# in_root DIR COMMAND...: run as root in the tree that has the tools, with DIR as
# /build, a debug kernel's as /kernel. One with the tools for another
# architecture sees the tree of that as /guest, and the kernel's files in place.
# In namespaces of its own, so nothing stays mounted and nobody stays running.
in_root() {
	local root=$GUEST/root tools=$GUEST/tools

	[[ -d $tools ]] || tools=$root
	# shellcheck disable=SC2016 # for the inner shell
	as_root unshare --mount --pid --fork --kill-child bash -ec '
		root=$1
		mount --bind "$2" "$root/build"
		[ ! -d "$3" ] || mount --bind "$3" "$root/kernel"
		if [ "$4" != "$root" ]; then
			mount --bind "$4" "$root/guest"
			mount --bind "$4/lib/modules" "$root/lib/modules"
			mount --bind "$4/usr/src" "$root/usr/src"
		fi
		mount -t proc proc "$root/proc"
		mount --bind /dev "$root/dev"
		shift 4
		exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
			chroot "$root" "$@"' - "$tools" "$1" "$KERNEL/build" "$root" "${@:2}"
}
