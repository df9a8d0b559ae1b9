# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # used by the scripts that source this
#
# Shared by the scripts of this directory. Variables that a caller may set:
#
#	SUITE             Debian suite of the guest (bookworm). A suite of backports
#	                  provides only the kernel; its base suite provides the rest.
#	ARCH              Debian's name of the guest's architecture (amd64)
#	ROULETTE_FLAVOUR  a debug kernel of tests/kernels; the default is the suite's
#	                  own kernel.
#	                  "rt": the suite's kernel for real time
#	                  "clang": the suite's kernel; the modules are built by clang,
#	                  and not run
#	                  "integrity", "confidentiality": the suite's kernel with
#	                  Secure Boot and this lockdown; the modules are signed
#	ROULETTE_CACHE    directory for guests and builds
#	ROULETTE_MIRROR   package mirror; the default is the one that apt uses

set -euo pipefail

# Exit statuses of `make play`. BROKEN is for any failure before the guest's first
# command.
PANICKED=70 HUNG=71 BROKEN=72 DOWN=73

VM=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TREE=$(cd "$VM/../.." && pwd)
# The suite for everything that does not depend on the kernel.
HOME_SUITE=bookworm
# The suites of make matrix, and the versions of their kernels.
declare -A KERNEL_OF=([bullseye]=5.10 [bookworm]=6.1 [trixie]=6.12 [trixie-backports]=7.3 [sid]=7.2)
SUITE=${SUITE:-$HOME_SUITE}
CACHE=${ROULETTE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kernel-roulette}
ARCH=${ARCH:-amd64}
FLAVOUR=${ROULETTE_FLAVOUR:-}
CLANG='' RT='' LOCKDOWN=''
[[ $FLAVOUR != clang ]] || CLANG=1 FLAVOUR=''
[[ $FLAVOUR != rt ]] || RT=1 FLAVOUR=''
case $FLAVOUR in
integrity | confidentiality) LOCKDOWN=$FLAVOUR FLAVOUR='' ;;
esac
# The name of this cell of the matrix in the cache.
CELL=$SUITE
[[ $ARCH == amd64 ]] || CELL+=-$ARCH
CELL+=${CLANG:+-clang}${RT:+-rt}
GUEST=$CACHE/guest/$CELL
LISTS=$CACHE/lists/$CELL
# The firmware of guests with Secure Boot; see tests/vm/firmware.
FIRMWARE=$CACHE/firmware
# The kernel that the guest boots: its suite's own, or a debug kernel.
KERNEL=$GUEST
[[ -z $FLAVOUR ]] || KERNEL=$CACHE/kernel/$SUITE-$FLAVOUR

# The cells of make matrix and of make debug-check.
CELLS=(
	bullseye bookworm trixie sid trixie-backports bookworm+rt
	bookworm+integrity trixie+confidentiality
	bookworm/arm64 trixie/arm64 sid/riscv64
	bookworm/i386 trixie+clang
)
DEBUG_CELLS=(bookworm+memory trixie+memory bookworm+races)

# Prefix for a command line that uses the same kernel.
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

# one_of VARIABLE VALUE KNOWN...: end the script if VALUE is unknown, so that it creates no
# entry in the cache.
one_of() {
	[[ " ${*:3} " == *" $2 "* ]] || die "$1=$2 is unknown. Choose one of: $(printf '%s\n' "${@:3}" | sort | paste -sd ' ')"
}
one_of SUITE "$SUITE" "${!KERNEL_OF[@]}"
one_of ROULETTE_FLAVOUR "${ROULETTE_FLAVOUR:-clang}" coverage lockup memory races clang rt integrity confidentiality

# shellcheck source=tests/vm/arch.bash
. "$VM/arch.bash"
[[ -z $FLAVOUR$CLANG$RT$LOCKDOWN || $ARCH == amd64 ]] || die "ROULETTE_FLAVOUR=$ROULETTE_FLAVOUR needs ARCH=amd64"
[[ -z $CLANG ]] || BUILD_ONLY=1

# read_counts LOG STATUS: set PASSED, FAILED and SKIPPED from the last summary line in LOG,
# "N passed, N failed[, N skipped]". A command that exited with a STATUS other than 0, or
# passed nothing, counts as failed.
read_counts() {
	local summary

	PASSED=0 FAILED=1 SKIPPED=0
	summary=$(grep -xE '[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?' "$1" | tail -n 1) || true
	if [[ $summary =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]]; then
		PASSED=${BASH_REMATCH[1]} FAILED=${BASH_REMATCH[2]} SKIPPED=${BASH_REMATCH[4]:-0}
	fi
	((FAILED || ($2 == 0 && PASSED))) || FAILED=1
}

# replace_marked PAGE NAME: replace the text between the two markers of NAME in the page by
# the standard input.
replace_marked() {
	grep -qx "<!-- $2: begin -->" "$1" || die "$1 lacks the markers of $2; restore them"
	NEW=$(cat) NAME=$2 perl -0777 -pi -e \
		's/(<!-- \Q$ENV{NAME}\E: begin -->\n).*(<!-- \Q$ENV{NAME}\E: end -->)/$1$ENV{NEW}\n$2/s' "$1"
}

# all_actions: print all actions, in the order of the module's table.
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

# need_root WHAT COMMAND: end the script if WHAT needs root and the caller cannot become
# root. The message shows COMMAND.
need_root() {
	((EUID == 0)) || command -v sudo >/dev/null ||
		die "$1 needs root, and sudo is not installed. Run this as root:"$'\n'"    $2"
}

# lock NAME: wait until no other run holds the lock. A second builder then finds the work
# done.
lock() {
	mkdir -p "$CACHE"
	exec {LOCK}>"$CACHE/$1.lock"
	flock -n "$LOCK" || {
		say "Waiting for another run, which holds $CACHE/$1.lock."
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
		die "apt knows no Debian mirror. Run apt-get update, or set ROULETTE_MIRROR"
	echo "${uri%/}"
}

# apt_in DIR SUITE... -- ARGUMENTS: run apt-get with only these suites of the mirror as
# sources, and with package lists in DIR. The machine's apt configuration stays unchanged.
# AS=as_root runs it as root. APT=apt-cache runs apt-cache.
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
	# Replace it atomically, because another run may be reading it.
	mv "$dir/sources.list.$$" "$dir/sources.list"
	${AS:-} env DEBIAN_FRONTEND=noninteractive "${APT:-apt-get}" -q \
		-o Dir::Etc::SourceList="$dir/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
		-o APT::Default-Release= \
		-o Dir::State::Lists="$dir/lists" -o Dir::Cache="$dir" \
		-o Acquire::Check-Valid-Until=false -o APT::Sandbox::User=root "$@" >&2
}

# The build directory. Each checkout has its own.
BUILD=$CACHE/build/$CELL${FLAVOUR:+-$FLAVOUR}${LOCKDOWN:+-signed}-$(sha256sum <<<"$TREE" | cut -c 1-12)

# in_root DIR COMMAND...: run COMMAND as root in the tree that contains the tools. DIR is
# mounted as /build, and a debug kernel's build as /kernel. If the guest has another
# architecture, its tree is mounted as /guest, and its kernel files at their usual places.
# New namespaces ensure that no mount and no process is left behind.
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
