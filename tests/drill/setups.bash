# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # for who sources it
#
# How a machine can be set up for a drill: one guest serves all collectors that
# leave one another alone. A crash kernel leaves nothing to the others, and
# there is one pstore only, so these are setups of their own.
#
#	MODULES    what the guest loads, each with its parameters
#	SETUP_OPTIONS  its kernel's, beside those of every guest
#	DEVICES    QEMU's, likewise
#	CAPTURE    the crash kernel's command line, if one is loaded
#	READ_BACK  1: the guest boots once more, and looks into pstore
#	HARDWARE   what QEMU's watchdog does when nobody feeds it
#	CPUS       how many; from the third on each is kept busy

SYMBOLS=$CACHE/symbols/$SUITE

# The address is the middle of the memory: QEMU itself puts things at both ends.
RAMOOPS_AT=0x10000000

# The network's other end is no machine at all: only frames to a socket.
NETCONSOLE='netconsole netconsole=6665@10.0.2.15/eth0,6666@10.0.2.2/52:55:0a:00:02:02'

setup() {
	MODULES=() SETUP_OPTIONS='panic=-1' DEVICES=() CAPTURE='' READ_BACK='' HARDWARE=reset CPUS=2
	case $1 in
	plain) ;;
	ramoops)
		MODULES+=("ramoops mem_address=$RAMOOPS_AT mem_size=0x100000 record_size=0x20000 console_size=0x20000 ecc=1")
		SETUP_OPTIONS+=" memmap=1M\$$RAMOOPS_AT"
		READ_BACK=1
		;;
	cpus) CPUS=8 ;;
	# The records are of the driver's own size, 4 KB.
	cpus-ramoops)
		CPUS=8 READ_BACK=1
		MODULES+=("ramoops mem_address=$RAMOOPS_AT mem_size=0x100000")
		SETUP_OPTIONS+=" memmap=1M\$$RAMOOPS_AT"
		;;
	kdump) ;;
	together | notifiers) ;;
	watchdog | kdump-watchdog) SETUP_OPTIONS='panic=0' ;;
	restarts) ;;
	nmi) SETUP_OPTIONS='panic=0 unknown_nmi_panic' HARDWARE=inject-nmi ;;
	lockup) SETUP_OPTIONS+=' nmi_watchdog=1' ;;
	*) die "no setup '$1' in tests/drill/setups.bash" ;;
	esac
	case $1 in
	plain | cpus | together | notifiers)
		READ_BACK=1
		DEVICES+=(
			-object "memory-backend-file,id=erst,mem-path=$WORK/erst,size=0x10000,share=on"
			-device 'acpi-erst,memdev=erst'
		)
		;;
	esac
	case $1 in
	plain | kdump | together | notifiers) MODULES+=(pvpanic-mmio virtio_net "$NETCONSOLE") ;;
	watchdog | restarts | nmi) MODULES+=('i6300esb heartbeat=4') ;;
	kdump-watchdog) MODULES+=('i6300esb heartbeat=3') ;;
	esac
	case $1 in
	kdump | kdump-watchdog | together | notifiers | nmi)
		SETUP_OPTIONS+=' crashkernel=192M'
		CAPTURE="console=$CONSOLE mitigations=off nokaslr nr_cpus=1 irqpoll reset_devices panic=-1"
		CAPTURE+=' root=/dev/nvme0n1 rootfstype=ext4 ro init=/suite/tests/drill/capture'
		;;
	esac
	[[ $1 != kdump-watchdog ]] || CAPTURE+=' drill.slow_dump'
	[[ $1 != notifiers ]] || SETUP_OPTIONS+=' crash_kexec_post_notifiers'
}
