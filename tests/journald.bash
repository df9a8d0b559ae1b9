# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Helpers for tests that run systemd's journald in the guest. Their teardown must call
# journald_ends, which also removes the journal and the configuration, so that the next
# test begins without them.

has_journald() {
	[[ -x /lib/systemd/systemd-journald ]]
}

# journald_starts STORAGE: start journald. STORAGE is `volatile` or `persistent`.
journald_starts() {
	mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup
	[[ -s /etc/machine-id ]] || tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
	mkdir -p /run/systemd/journal /run/systemd/journald.conf.d
	printf '[Journal]\nStorage=%s\nAudit=\n' "$1" >/run/systemd/journald.conf.d/test.conf
	if [[ $1 == persistent ]]; then
		mkdir -p /var/log/journal
		touch /run/systemd/journal/flushed
	fi
	SYSTEMD_LOG_TARGET=console /lib/systemd/systemd-journald \
		>"$BATS_TEST_TMPDIR/journald" 2>&1 3>&- 200>&- &
	journald=$!
	eventually 10 test -S /run/systemd/journal/io.systemd.journal ||
		fail "$(<"$BATS_TEST_TMPDIR/journald")"
}

# journald_stops: stop journald, and keep the journal.
journald_stops() {
	kill "$journald" || cat "$BATS_TEST_TMPDIR/journald"
	wait "$journald" || true
	journald=
	rm -f /run/systemd/journal/{flushed,socket,stdout,dev-log,io.systemd.journal}
}

journald_ends() {
	[[ -z ${journald:-} ]] || journald_stops
	! mountpoint -q /sys/fs/cgroup || umount /sys/fs/cgroup
	rm -rf /run/systemd/journal /run/systemd/journald.conf.d/test.conf \
		/run/log/journal /var/log/journal
}
