# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # used by the scripts that source this
#
# Creates the disk of a Debian machine with systemd, which runs scripts as
# tests/machine/life does. Used by tests/machine/root and tests/packages/root, which source
# lib.bash first. Their keys contain this file.

MACHINE_FILES=("$TREE"/tests/machine/{debian.bash,init,life,life.service})

SOURCES=()

# Services that no test needs, and that cost time at each boot. They have no part in saving
# evidence.
MASKED=(
	getty@tty1.service serial-getty@ttyS0.service getty.target systemd-logind.service
	systemd-ask-password-wall.path systemd-ask-password-console.path
	e2scrub_reap.service e2scrub_all.timer apt-daily.timer apt-daily-upgrade.timer
	dpkg-db-backup.timer fstrim.timer systemd-tmpfiles-clean.timer motd-news.timer
	systemd-networkd.service systemd-timesyncd.service systemd-hwdb-update.service
	keyboard-setup.service console-setup.service modprobe@drm.service
)

# debian ROOT [OPTION...]: install $SUITE in the directory ROOT. OPTION is mmdebstrap's, for
# example --include=PACKAGE. SOURCES has more lines for the sources of apt. With INITRD=No
# the kernel gets no initrd.
debian() {
	as_root env "INITRD=${INITRD:-}" mmdebstrap --quiet --mode=root --variant=apt --architectures="$ARCH" \
		--keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
		--aptopt='Acquire::Check-Valid-Until "false"' \
		--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt=force-unsafe-io \
		"${@:2}" "$SUITE" "$1" "deb $(mirror) $SUITE main" "${SOURCES[@]}" >&2 ||
		die "mmdebstrap could not create the machine's root; see the messages above"
}

# runs_lives ROOT: let the system in ROOT run the script of each life.
runs_lives() {
	local here=$TREE/tests/machine

	as_root install "$here/init" "$1/sbin/machine-init"
	as_root install "$here/life" "$1/usr/sbin/machine-life"
	as_root install -m 644 "$here/life.service" "$1/etc/systemd/system"
	as_root mkdir -p "$1/var/log/journal"
	as_root systemctl --quiet --root="$1" enable life.service
	as_root systemctl --quiet --root="$1" mask "${MASKED[@]}"
	as_root systemctl --quiet --root="$1" set-default multi-user.target
	echo machine | as_root tee "$1/etc/hostname" >/dev/null
	echo '/dev/nvme0n1 / ext4 defaults 0 0' | as_root tee "$1/etc/fstab" >/dev/null
}

# take_disk ROOT SIZE DISK: move the system in ROOT to DISK, in qcow2 format.
take_disk() {
	local raw=$3.raw

	truncate -s "$2" "$raw"
	as_root mke2fs -q -F -t ext4 -m 0 -E lazy_itable_init=1 -d "$1" -L root "$raw" >&2 ||
		die "could not create the machine's disk; see the messages above"
	qemu-img convert -O qcow2 "$raw" "$3"
	as_root rm -rf --one-file-system "$1" "$raw"
}
