# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # used by the scripts that source this
#
# QEMU's arguments for every guest. Used by tests/vm/boot, tests/drill/boot and
# tests/machine/boot, which source lib.bash and set WORK first.

# Kernel parameters of every guest and machine.
KERNEL_OPTIONS="console=$CONSOLE mitigations=off nokaslr init_on_alloc=0"
# With Secure Boot, Debian's kernels choose lockdown=integrity themselves.
[[ $LOCKDOWN != confidentiality ]] || KERNEL_OPTIONS+=' lockdown=confidentiality'
# Kernel parameters of every guest.
COMMAND_LINE="$KERNEL_OPTIONS root=/dev/nvme0n1 rootfstype=ext4 rw init=/sbin/guest-init"

# accelerator: print QEMU's accelerator. On some machines /dev/kvm is accessible, but
# every guest hangs. So KVM is used only if a kernel prints its first line under KVM. The
# test runs once per boot of this machine.
accelerator() {
	local known=$CACHE/accelerator boot probe

	[[ -z $FOREIGN ]] || { echo tcg,thread=multi; return; }
	read -r boot </proc/sys/kernel/random/boot_id
	[[ $(cat "$known" 2>/dev/null) != "$boot "* ]] || { cut -d ' ' -f 2 "$known"; return; }
	if grep -qE '^flags.*\b(vmx|svm)\b' /proc/cpuinfo && [[ -r /dev/kvm && -w /dev/kvm ]]; then
		probe=$(timeout 10 "$QEMU" -accel kvm -cpu max -m 256 -nodefaults -no-user-config \
			-display none -no-reboot -kernel "$GUEST/kernel" -serial stdio \
			-append 'console=ttyS0 panic=-1' </dev/null 2>&1) || true
	fi
	if [[ ${probe:-} == *'Linux version'* ]]; then
		echo "$boot kvm"
	else
		echo "$boot tcg,thread=multi"
	fi >"$known.$$"
	mv "$known.$$" "$known"
	cut -d ' ' -f 2 "$known"
}

# make_disk: create the archive that the guest unpacks: this job, then the build's payload.
make_disk() {
	tar -C "$WORK" --transform='s,^job,run/job,' -cf "$WORK/disk" job
	cat "$BUILD/payload" >>"$WORK/disk"
}

# The caller may change CPUS later. With ROULETTE_ICOUNT there is always one CPU.
CPUS=2

# computer MEGABYTES: set ARGUMENTS to a computer with CPUS processors and a kernel. It has
# no disks.
computer() {
	local machine=("${MACHINE[@]}") accelerator

	# shellcheck disable=SC2054 # the commas are QEMU's
	if [[ -n ${ROULETTE_ICOUNT:-} ]]; then
		accelerator=tcg
		ARGUMENTS=(-accel tcg,thread=single -icount shift=0,sleep=off -smp 1)
	else
		accelerator=$(accelerator)
		ARGUMENTS=(-accel "$accelerator" -smp "$CPUS")
	fi
	# TCG emulates fast string instructions slowly, byte by byte.
	# shellcheck disable=SC2054 # the commas are QEMU's
	[[ $ARCH$accelerator != amd64tcg* ]] || machine=(-cpu max,erms=off,fsrm=off)
	# shellcheck disable=SC2054 # as above
	ARGUMENTS+=(
		"${machine[@]}" -m "$1"
		-nodefaults -no-user-config -display none -monitor none
		-device virtio-serial-pci
	)
	[[ -n $LOCKDOWN ]] || ARGUMENTS+=(-kernel "$KERNEL/kernel")
	[[ ! -s $GUEST/initrd ]] || ARGUMENTS+=(-initrd "$GUEST/initrd")
}

# parameters TEXT: start the kernel with these parameters.
parameters() {
	if [[ -n $LOCKDOWN ]]; then
		secure_boot "$1"
	else
		ARGUMENTS+=(-append "$1")
	fi
}

# secure_boot PARAMETERS: start the kernel by shim and GRUB, as an installed Debian does.
# QEMU presents the directory WORK/esp as a disk. Secure Boot needs system management mode,
# in which OVMF protects its variables.
secure_boot() {
	local esp=$WORK/esp

	"$VM/firmware"
	mkdir -p "$esp"/EFI/{BOOT,debian}
	cp "$FIRMWARE/shim" "$esp/EFI/BOOT/BOOTX64.EFI"
	cp "$FIRMWARE/grub" "$esp/EFI/BOOT/grubx64.efi"
	# The unpacked kernel that other guests start has no signature.
	cp "$GUEST/root/boot/vmlinuz-$(<"$GUEST/version")" "$esp/kernel"
	# The kernel's test of the timer fails at random while this machine is busy.
	printf '%s\n' "linux /kernel $1 no_timer_check" boot >"$esp/EFI/debian/grub.cfg"
	# shellcheck disable=SC2054 # the commas are QEMU's
	ARGUMENTS+=(
		-machine q35,smm=on
		-global driver=cfi.pflash01,property=secure,value=on
		-drive "if=pflash,unit=0,format=raw,readonly=on,file=$FIRMWARE/code"
		-drive "if=pflash,unit=1,format=raw,snapshot=on,file=$FIRMWARE/vars"
		-drive "if=none,id=esp,format=raw,snapshot=on,file=fat:$esp"
		-device ide-hd,drive=esp,bootindex=0
	)
}

# machine MEGABYTES: set ARGUMENTS to a computer with the two disks of a guest.
machine() {
	computer "$1"
	# shellcheck disable=SC2054 # the commas are QEMU's
	ARGUMENTS+=(
		-drive "if=none,id=root,file=$GUEST/disk,format=raw,snapshot=on,cache=unsafe"
		-device nvme,drive=root,serial=root
		-drive "if=none,id=payload,file=$WORK/disk,format=raw,readonly=on"
		-device virtio-blk-pci,drive=payload
	)
}

# port NAME: add a virtio-serial port whose output goes to the file WORK/NAME.
port() {
	ARGUMENTS+=(-chardev "file,id=$1,path=$WORK/$1" -device "virtserialport,chardev=$1,name=$1")
}

# The guest is killed when its parent process ends, for any reason.
qemu() {
	exec setpriv --pdeathsig KILL "$QEMU" "${ARGUMENTS[@]}"
}
