# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # used by the scripts that source this
#
# Runs in the machine: commands of the scripts `first` and `second`.

# Without an initrd a kernel is installed faster. The machine boots without one.
export INITRD=No DEBIAN_FRONTEND=noninteractive
mapfile -t VERSIONS </machine/versions
DEVICE=/sys/class/roulette/kernel-roulette

# step NAME COMMAND...: run COMMAND, and print its output and status for the test NAME.
step() {
	echo "--- $1"
	"${@:2}" 2>&1
	echo "--- status $?"
}

# offer VERSION: this version of the packages is the one that apt can install.
offer() {
	ln -sfn "/machine/debs/$1" /srv/roulette
	apt-get -qq update
}

# loaded: print the modules of this project that are loaded, and their settings.
loaded() {
	local module

	for module in /sys/module/{roulette*,parrot}; do
		[[ ! -e $module ]] || echo "${module##*/} $(<"$module/version")"
	done
	[[ ! -e $DEVICE ]] || echo "armed $(<"${module%/*}/roulette/parameters/armed") odds $(<"$DEVICE/odds")"
}

# built: print the modules of this project in the directories of all kernels.
built() {
	find /lib/modules/ \( -name 'roulette*.ko*' -o -name 'parrot.ko*' \) | sort
}

listing() {
	find / -xdev \( -path /srv -o -path /machine -o -path /root -o -path /tmp -o -path /boot \
		-o -path /var/log -o -path /var/cache -o -path /var/tmp -o -path /var/lib/apt \
		-o -path /var/lib/dpkg -o -path /var/lib/systemd \) -prune -o -print | sort
}

# leftovers: print all files that were not in /root/before, and that no package owns,
# except for depmod's and Python's, and all files with a name of this project.
leftovers() {
	comm -13 /root/before <(listing) | comm -23 - <(owned) |
		grep -vE '^(/usr)?/lib/modules/[^/]*/modules\.|/__pycache__(/|$)'
	find / /run -xdev \( -path /machine -o -path /srv -o -path /var/log -o -path /root \
		-o -path /var/lib/apt \) -prune -o \( -iname '*roulette*' -o -iname '*parrot*' \) -print
}

# owned: print the files of all installed packages. /lib may be a link to /usr/lib.
owned() {
	local merged=''

	[[ ! -L /lib ]] || merged='s,^/(lib|bin|sbin)/,/usr/\1/,'
	sed -E "$merged" /var/lib/dpkg/info/*.list | sort -u
}
