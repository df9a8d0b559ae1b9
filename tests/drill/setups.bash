# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # used by the scripts that source this
#
# The setups of a machine for a drill. One guest serves all collectors that do not affect
# each other. A crash kernel keeps other collectors from their work, and a kernel has only
# one pstore backend, so these need separate setups.
#
#	MODULES    modules that the guest loads, each with its parameters
#	SETUP_OPTIONS  kernel parameters besides those of every guest
#	DEVICES    arguments of QEMU for further devices
#	CAPTURE    command line of the crash kernel, if one is loaded
#	READ_BACK  1: the guest boots again, and reads pstore
#	HARDWARE   action of QEMU's watchdog when it is not fed
#	CPUS       number of CPUs
#	BUSY       1: the third and later CPUs are kept busy
#	LOAD       load under which the guest pulls the trigger, see tests/drill/load.bash
#	LOOP       commands of docs/drills.md that pull the trigger on each CPU in turn

SYMBOLS=$CACHE/symbols/$SUITE

# In the middle of the memory, because QEMU uses both ends.
RAMOOPS_AT=0x10000000

# The other end of the network is a UDP socket, not a machine.
NETCONSOLE='netconsole netconsole=6665@10.0.2.15/eth0,6666@10.0.2.2/52:55:0a:00:02:02'
# Without napi_tx only senders lock the transmit queue. If a CPU with that lock stands still,
# because this machine is busy, netconsole defers all further lines. A dying kernel never
# sends these.
NETWORK=('virtio_net napi_tx=0' "$NETCONSOLE")

# page_loop: print the commands of docs/drills.md that fire on each CPU in turn.
page_loop() {
	awk '
		/^ *```sh$/ { block = ""; inside = 1; next }
		/^ *```$/ { if (inside && block ~ /\nfor cpu in /) printf "%s", block; inside = 0 }
		inside { block = block $0 "\n" }
	' "$TREE/docs/drills.md"
}

# setup NAME: set these variables. A load is a setup of its own. With -kdump at its end it
# is combined with setup kdump, else with setup plain.
setup() {
	MODULES=() SETUP_OPTIONS='panic=-1' DEVICES=() CAPTURE='' READ_BACK='' HARDWARE=reset CPUS=2
	BUSY='' LOAD='' LOOP=''
	case $1 in
	spinning* | memory* | io*)
		LOAD=${1%-kdump}
		if [[ $1 == *-kdump ]]; then set -- kdump; else set -- plain; fi
		;;
	esac
	# CPU 2 spins.
	[[ $LOAD != spinning ]] || CPUS=3
	case $1 in
	plain) ;;
	ramoops | ramoops-watchdog)
		[[ $1 == ramoops ]] || SETUP_OPTIONS='panic=0'
		MODULES+=("ramoops mem_address=$RAMOOPS_AT mem_size=0x100000 record_size=0x20000 console_size=0x20000 ecc=1")
		SETUP_OPTIONS+=" memmap=1M\$$RAMOOPS_AT"
		READ_BACK=1
		;;
	cpus) CPUS=8 BUSY=1 ;;
	each-cpu)
		CPUS=4 BUSY=1 LOOP=$(page_loop)
		[[ -n $LOOP ]] || die "docs/drills.md lost its block with 'for cpu in'. Restore it, or correct page_loop()"
		;;
	# The records have the driver's default size, 4 KB.
	cpus-ramoops)
		CPUS=8 BUSY=1 READ_BACK=1
		MODULES+=("ramoops mem_address=$RAMOOPS_AT mem_size=0x100000")
		SETUP_OPTIONS+=" memmap=1M\$$RAMOOPS_AT"
		;;
	kdump) SETUP_OPTIONS+=' unknown_nmi_panic' HARDWARE=inject-nmi ;;
	together | notifiers) ;;
	watchdog | kdump-watchdog) SETUP_OPTIONS='panic=0' ;;
	restarts) ;;
	nmi) SETUP_OPTIONS='panic=0 unknown_nmi_panic' HARDWARE=inject-nmi ;;
	lockup) SETUP_OPTIONS+=' nmi_watchdog=1' ;;
	*) die "'$1' is not a setup in tests/drill/setups.bash; correct tests/drill/drills.tsv" ;;
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
	plain | each-cpu | kdump | together | notifiers) MODULES+=(pvpanic-mmio "${NETWORK[@]}") ;;
	watchdog | ramoops-watchdog | restarts | nmi) MODULES+=('i6300esb heartbeat=4') ;;
	kdump-watchdog) MODULES+=('i6300esb heartbeat=3') ;;
	esac
	# Longer than the dump takes.
	[[ $1 != kdump ]] || MODULES+=('i6300esb heartbeat=120')
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
