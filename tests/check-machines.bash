# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables of the tests that load this
#
# Helpers for tests of roulettectl check --root: the files of a machine below $R.

setup_file() {
	R=$BATS_FILE_TMPDIR/kernel
	new_kernel
}

setup() {
	guest_setup
	R=$BATS_TEST_TMPDIR/root
	mkdir "$R"
}

# put PATH TEXT...: write a file of the machine, a line for each TEXT.
put() {
	[[ -d $R${1%/*} ]] || mkdir -p "$R${1%/*}"
	printf '%s\n' "${@:2}" >"$R$1"
}

# enable TARGET UNIT: as systemctl enable does.
enable() {
	mkdir -p "$R/etc/systemd/system/$1.wants"
	ln -s "/lib/systemd/system/$2.service" "$R/etc/systemd/system/$1.wants/$2.service"
}

# sysctls NAME=VALUE...: with dots in the name.
sysctls() {
	local setting name

	for setting; do
		name=${setting%%=*}
		put "/proc/sys/${name//.//}" "${setting#*=}"
	done
}

# A machine as its kernel starts it.
kernel() {
	cp -rT "$BATS_FILE_TMPDIR/kernel" "$R"
}

new_kernel() {
	sysctls kernel.panic=0 kernel.panic_on_oops=0 kernel.panic_on_warn=0 \
		kernel.softlockup_panic=0 kernel.hardlockup_panic=0 kernel.hung_task_panic=0 \
		kernel.panic_on_rcu_stall=0 vm.panic_on_oom=0 kernel.oops_limit=10000 \
		kernel.warn_limit=0 kernel.tainted=0 kernel.soft_watchdog=1 \
		kernel.nmi_watchdog=0 kernel.watchdog_thresh=10 kernel.arch=x86_64 \
		kernel.hung_task_timeout_secs=120 kernel.hung_task_check_interval_secs=0 \
		kernel.printk='7 4 1 7' kernel.osrelease=6.12.0
	put /sys/module/rcupdate/parameters/rcu_cpu_stall_timeout 21
	put /sys/devices/system/cpu/online 0-1
	put /sys/kernel/kexec_crash_size 0
	put /sys/kernel/kexec_crash_loaded 0
	put /sys/module/kernel/parameters/crash_kexec_post_notifiers N
	put /sys/module/pstore/parameters/backend '(null)'
	put /proc/meminfo 'MemTotal:         512000 kB'
	put /proc/cmdline 'root=/dev/sda1 ro'
	put /proc/mounts 'sysfs /sys sysfs rw 0 0'
	put /proc/consoles 'tty0                 -WU (EC p  )    4:7'
	mkdir -p "$R/sys/class/watchdog"
}

loads_crash_kernel() {
	put /sys/kernel/kexec_crash_size 201326592
	put /sys/kernel/kexec_crash_loaded 1
}

watchdog() {
	put /sys/class/watchdog/watchdog0/identity "$1"
	put /sys/class/watchdog/watchdog0/timeout "$2"
	put /sys/class/watchdog/watchdog0/state "$3"
}

has_erst() {
	put /sys/module/pstore/parameters/backend erst
	put /sys/module/pstore/parameters/kmsg_bytes 10240
	put /proc/mounts 'pstore /sys/fs/pstore pstore rw 0 0'
	mkdir -p "$R/sys/fs/pstore"
}

# check ARGUMENT...: sets output and status.
check() {
	status=0
	output=$(roulettectl check --root "$R" "$@" 2>&1) || status=$?
}
