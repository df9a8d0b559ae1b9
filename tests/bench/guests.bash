# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The guests of the benchmarks. The caller has sourced tests/vm/lib.bash.

# guest DIR KIND PART...: run these parts of tests/bench/guest in a guest, in the
# directory DIR. Its output is in DIR/out. DIR/job/modules, if it exists, has modules that
# replace those of this checkout. Fails if the guest or a part fails.
#
# The clock of a guest for KIND counted counts instructions, one per nanosecond. So busy
# processors of this machine do not change its results.
guest() {
	local dir=$1 kind=$2 icount='' status=0

	shift 2
	[[ $kind != counted ]] || icount=1
	mkdir -p "$dir/job"
	touch "$dir"/{console,out,err}
	echo command >"$dir/job/mode"
	cat >"$dir/job/command" <<-END
		set -e
		if [ -d /run/job/modules ]; then
			modprobe -r parrot roulette
			cp /run/job/modules/*.ko /lib/modules/\$(uname -r)/updates
			modprobe -a roulette parrot
		fi
		status=0
		for part in $*; do
			/suite/tests/bench/guest/\$part $kind || status=\$?
		done
		exit \$status
	END
	ROULETTE_ICOUNT=$icount setpriv --pdeathsig TERM "$VM/boot" "$dir" 600 </dev/null || status=$?
	if ((status)); then
		tail -n 40 "$dir/console" >&2
		say "The guest for $* did not end as it should; the end of its console is above."
		return 1
	fi
	cat "$dir/err" >&2
	grep -qx 'RESULT rc=0' "$dir/result" || {
		say "The benchmark ended early in the guest for $*; see its messages above."
		return 1
	}
}

# build_modules REV DIR: build the modules of this revision for the guest's kernel, and
# copy them into DIR.
build_modules() {
	local work status=0

	work=$(mktemp -d)
	mkdir -p "$work/src" "$work/stage" "$2"
	git -C "$TREE" archive "$1" | tar -x -C "$work/src"
	# shellcheck disable=SC2016 # for the inner shell
	in_root "$work" bash -ec '
		cd /build/src
		kbuild=(make -j"$(nproc)" -C "/lib/modules/$1/build" M="$PWD" ARCH="$2" CROSS_COMPILE="$3")
		"${kbuild[@]}" modules
		"${kbuild[@]}" INSTALL_MOD_PATH=/build/stage INSTALL_MOD_STRIP=1 INSTALL_MOD_DIR=updates \
			DEPMOD=true CONFIG_MODULE_COMPRESS_XZ= CONFIG_MODULE_SIG_ALL= modules_install
	' - "$(<"$GUEST/version")" "$KBUILD_ARCH" "${TRIPLET:+$TRIPLET-}" >"$work/log" 2>&1 || status=$?
	if ((status)); then
		tail -n 40 "$work/log" >&2
	else
		cp "$work"/stage/lib/modules/*/updates/*.ko "$2"
	fi
	as_root rm -rf --one-file-system "$work"
	((!status)) || die "the modules of $1 could not be built"
}
