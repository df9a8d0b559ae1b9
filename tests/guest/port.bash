# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # used by the scripts that source this

# port NAME: set PORT to the device of the virtio port with this name.
port() {
	local name

	for PORT in /sys/class/virtio-ports/*; do
		read -r name <"$PORT/name"
		[[ $name != "$1" ]] || break
	done
	PORT=/dev/${PORT##*/}
}
