# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # variables for those who source this
#
# What every guest is made of, for who starts one: tests/vm/boot and
# tests/drill/boot. The caller has sourced lib.bash and set WORK.

# What the kernel is told in any case.
COMMAND_LINE="console=$CONSOLE mitigations=off nokaslr init_on_alloc=0 root=/dev/nvme0n1 rootfstype=ext4 rw init=/sbin/guest-init"

# /dev/kvm may be there and open, and yet every guest hang: only a kernel that
# prints its first line counts. Asked once per boot of this machine.
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

# The disk that the guest unpacks: this boot's job, then the build's payload.
make_disk() {
	tar -C "$WORK" --transform='s,^job,run/job,' -cf "$WORK/disk" job
	cat "$BUILD/payload" >>"$WORK/disk"
}

# Unless the caller says so after sourcing this; with ROULETTE_ICOUNT there is one.
CPUS=2

# machine MEGABYTES: begins ARGUMENTS with the machine, its CPUS, its two disks and its
# kernel. Nothing is given but what is named here.
machine() {
	local machine=("${MACHINE[@]}") accelerator

	# shellcheck disable=SC2054 # the commas are QEMU's
	if [[ -n ${ROULETTE_ICOUNT:-} ]]; then
		ARGUMENTS=(-accel tcg,thread=single -icount shift=0,sleep=off -smp 1)
	else
		accelerator=$(accelerator)
		ARGUMENTS=(-accel "$accelerator" -smp "$CPUS")
		# Fast strings are slow there: TCG moves them byte by byte.
		[[ $ARCH$accelerator != amd64tcg* ]] || machine=(-cpu max,erms=off,fsrm=off)
	fi
	# shellcheck disable=SC2054 # as above
	ARGUMENTS+=(
		"${machine[@]}" -m "$1"
		-nodefaults -no-user-config -display none -monitor none
		-drive "if=none,id=root,file=$GUEST/disk,format=raw,snapshot=on,cache=unsafe"
		-device nvme,drive=root,serial=root
		-drive "if=none,id=payload,file=$WORK/disk,format=raw,readonly=on"
		-device virtio-blk-pci,drive=payload
		-device virtio-serial-pci
		-kernel "$KERNEL/kernel"
	)
	[[ ! -s $GUEST/initrd ]] || ARGUMENTS+=(-initrd "$GUEST/initrd")
}

# port NAME: one of virtio-serial, into the file of that name.
port() {
	ARGUMENTS+=(-chardev "file,id=$1,path=$WORK/$1" -device "virtserialport,chardev=$1,name=$1")
}

# A guest ends with whoever runs it, however that ends.
qemu() {
	exec setpriv --pdeathsig KILL "$QEMU" "${ARGUMENTS[@]}"
}
