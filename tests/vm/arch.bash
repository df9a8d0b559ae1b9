# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # variables for those who source this
#
# What differs between the architectures, by Debian's names for them. A tree of
# a FOREIGN one is unpacked without running any of its programs; a tree of amd64
# cross-compiles for it.
#
#	KERNEL_NAME   linux-image-NAME is its kernel (of a BUILD_ONLY one no more
#	              than linux-headers-NAME is taken)
#	KBUILD_ARCH   kbuild's name for it
#	TRIPLET       of the cross compiler
#	QEMU, MACHINE what runs it, with which arguments
#	CONSOLE       its first serial port
#	START_LIMIT   seconds to its first program
#	ROOT_DRIVERS  what an initrd must load before it can mount the disk

FOREIGN='' BUILD_ONLY='' TRIPLET='' QEMU='' CONSOLE=ttyS0 START_LIMIT=60 ROOT_DRIVERS=''
case $ARCH in
amd64)
	KERNEL_NAME=cloud-amd64 KBUILD_ARCH=x86
	QEMU=qemu-system-x86_64 MACHINE=(-cpu max)
	# There is no cloud kernel of that sort.
	[[ -z $RT ]] || KERNEL_NAME=rt-amd64 START_LIMIT=120 ROOT_DRIVERS='nvme ext4'
	;;
arm64)
	KERNEL_NAME=cloud-arm64 KBUILD_ARCH=arm64
	FOREIGN=1 TRIPLET=aarch64-linux-gnu
	QEMU=qemu-system-aarch64 CONSOLE=ttyAMA0 START_LIMIT=120
	# One with atomics and PAN, but without pointer authentication, which
	# is slow to emulate.
	MACHINE=(-machine virt -cpu neoverse-n1)
	;;
riscv64)
	KERNEL_NAME=riscv64 KBUILD_ARCH=riscv
	FOREIGN=1 TRIPLET=riscv64-linux-gnu
	QEMU=qemu-system-riscv64 START_LIMIT=120
	MACHINE=(-machine virt)
	ROOT_DRIVERS='nvme ext4'
	;;
i386)
	KERNEL_NAME=686 KBUILD_ARCH=i386
	BUILD_ONLY=1
	;;
*) die "ARCH=$ARCH: there is amd64, arm64, riscv64 and i386" ;;
esac
