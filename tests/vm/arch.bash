# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # used by the scripts that source this
#
# The settings of each architecture, by its Debian name. For a FOREIGN architecture the
# guest's tree is unpacked without running its programs. A second tree, of amd64,
# contains the cross compiler.
#
#	KERNEL_NAME   the kernel is in package linux-image-NAME. For a BUILD_ONLY
#	              architecture only linux-headers-NAME is installed.
#	KBUILD_ARCH   kbuild's name of the architecture
#	TRIPLET       prefix of the cross compiler
#	QEMU, MACHINE QEMU's program and its arguments
#	CONSOLE       first serial port
#	START_LIMIT   seconds within which the first program must start
#	ROOT_DRIVERS  modules that the initrd must load to mount the disk

FOREIGN='' BUILD_ONLY='' TRIPLET='' QEMU='' CONSOLE=ttyS0 START_LIMIT=120 ROOT_DRIVERS=''
case $ARCH in
amd64)
	KERNEL_NAME=cloud-amd64 KBUILD_ARCH=x86
	QEMU=qemu-system-x86_64 MACHINE=(-cpu max)
	# Debian has no cloud kernel for real time.
	[[ -z $RT ]] || KERNEL_NAME=rt-amd64 ROOT_DRIVERS='nvme ext4'
	;;
arm64)
	KERNEL_NAME=cloud-arm64 KBUILD_ARCH=arm64
	FOREIGN=1 TRIPLET=aarch64-linux-gnu
	QEMU=qemu-system-aarch64 CONSOLE=ttyAMA0
	# This CPU has atomics and PAN, but no pointer authentication, which is
	# slow to emulate.
	MACHINE=(-machine virt -cpu neoverse-n1)
	;;
riscv64)
	KERNEL_NAME=riscv64 KBUILD_ARCH=riscv
	FOREIGN=1 TRIPLET=riscv64-linux-gnu
	QEMU=qemu-system-riscv64
	MACHINE=(-machine virt)
	ROOT_DRIVERS='nvme ext4'
	;;
i386)
	KERNEL_NAME=686 KBUILD_ARCH=i386
	BUILD_ONLY=1
	;;
*) die "ARCH=$ARCH is unknown. Choose one of: amd64 arm64 i386 riscv64" ;;
esac
