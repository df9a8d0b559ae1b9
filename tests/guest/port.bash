# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # for who sources it

# port NAME: in PORT the device that leads to the host's end of that name.
port() {
	local name

	for PORT in /sys/class/virtio-ports/*; do
		read -r name <"$PORT/name"
		[[ $name != "$1" ]] || break
	done
	PORT=/dev/${PORT##*/}
}
