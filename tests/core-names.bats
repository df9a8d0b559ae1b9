#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# mkdir creates a device: the valid names, the files in both mounts and below /dev
# when mkdir returns, and the calls that configfs refuses.
#
# seconds: 16

load guest

setup_file() {
	load_all
	modprobe coin
}

teardown() {
	remove_instances && guest_teardown
}

teardown_file() {
	unload_all
}

# made TYPE NAME...: print lines for calls. For each name they create a device,
# check its files, remove it, and check that its files are removed.
made() {
	local type=$1 name

	shift
	for name; do
		cat <<-END
			mkdir $CONFIG/$type/$name
			text $CONFIG/$type/$name/dev_name = $name
			text $CLASS/$name/type = $type
			exists /dev/roulette/$name
			rmdir $CONFIG/$type/$name
			exists $CONFIG/$type/$name = ENOENT
			exists $CLASS/$name = ENOENT
			exists /dev/roulette/$name = ENOENT
		END
	done
}

@test "a name is 1 to 63 letters, digits, dots, dashes and underscores" {
	made coin a Z 0 a.b_c-D 0.. 9_- A-. "$(printf '%063d' 0)" new CON \
		type power uevent | calls
	[[ ! -e /dev/roulette ]]
}

@test "mkdir refuses invalid names and leaves nothing behind" {
	local type before name

	before=$(ls "$CLASS")
	for type in roulette parrot coin; do
		calls <<-END
			mkdir $CONFIG/$type/$(printf '%064d' 0) = EINVAL
			mkdir $CONFIG/$type/$(printf '%0255d' 0) = EINVAL
			mkdir $CONFIG/$type/$(printf '%0256d' 0) = ENAMETOOLONG
			mkdir $CONFIG/$type/.a = EINVAL
			mkdir $CONFIG/$type/-a = EINVAL
			mkdir $CONFIG/$type/_a = EINVAL
			mkdir $CONFIG/$type/... = EINVAL
			mkdir $CONFIG/$type/. = EEXIST
			mkdir $CONFIG/$type/.. = EEXIST
			mkdir $CONFIG/$type/ = EEXIST
			mkdir $CONFIG/$type/a/b = ENOENT
		END
		# shellcheck disable=SC1003 # a backslash, doubled for calls
		for name in '\s' 'a\sb' 'a\s' 'a\n' '\n' '\t' 'a\x01' 'a\x7f' 'a\xff' \
			'\xc3\xa9' 'a\xc3\xa9' 'a!b' 'a:b' 'a\\b' 'a*' 'a%s' 'a+' '~' '@'; do
			echo "mkdir $CONFIG/$type/$name = EINVAL"
		done | calls
		[[ -z $(ls "$CONFIG/$type") ]]
	done
	[[ $(ls "$CLASS") == "$before" ]]
	[[ ! -e /dev/roulette ]]
}

@test "a name is unique among the devices of all types, default devices included" {
	local type

	mkdir "$CONFIG/roulette/bond"
	for type in roulette parrot coin; do
		calls <<-END
			mkdir $CONFIG/$type/bond = EEXIST
			mkdir $CONFIG/$type/kernel-roulette = EEXIST
			mkdir $CONFIG/$type/parrot = EEXIST
			exists $CONFIG/$type/parrot = ENOENT
		END
	done
	[[ $(shown "$CLASS/bond/type") == roulette ]]
	# Similar names are free.
	made coin Bond bon bond. bond1 | calls
	rmdir "$CONFIG/roulette/bond"
	made coin bond | calls
}

# bats test_tags=kernels
@test "configfs refuses invalid mkdir, rmdir, symlink, rename, creat and unlink calls" {
	mkdir "$CONFIG/coin/penny"
	calls <<-END
		mkdir $CONFIG/sheep = EPERM
		mkdir $CONFIG/coin = EEXIST
		rmdir $CONFIG/coin = EPERM
		rmdir $CONFIG = EPERM
		mkdir $CONFIG/coin/penny/side = EPERM
		rmdir $CONFIG/coin/dime = ENOENT
		rmdir $CONFIG/coin/penny/bias = ENOTDIR
		symlink $CONFIG/coin/penny $CONFIG/coin/dime = EPERM
		symlink $CONFIG/coin/penny $CONFIG/roulette/dime = EPERM
		symlink $CONFIG/coin/penny $CONFIG/dime = EPERM
		symlink $CONFIG/coin/penny $CONFIG/coin/penny/dime = EPERM
		rename $CONFIG/coin/penny $CONFIG/coin/dime = EPERM
		rename $CONFIG/coin/penny/bias $CONFIG/coin/penny/luck = EPERM
		creat $CONFIG/coin/dime = EACCES
		creat $CONFIG/coin/penny/luck = EACCES
		unlink $CONFIG/coin/penny/bias = EPERM
		unlink $CONFIG/coin/penny = EISDIR
		text $CONFIG/coin/penny/bias = 50
		rmdir $CONFIG/coin/penny
	END
}

# bats test_tags=kernels
@test "both mounts show the same knobs, with the same modes and values" {
	local type new file here there knobs

	for type in roulette parrot coin; do
		new=new-$type
		mkdir "$CONFIG/$type/$new"
		cd "$CONFIG/$type/$new"
		knobs=()
		for file in *; do
			[[ $file != dev && $file != dev_name ]] || continue
			knobs+=("$file")
			[[ $file != reset ]] || continue
			IFS= read -r -d '' here <"$file" || true
			IFS= read -r -d '' there <"$CLASS/$new/$file" || true
			[[ $here == "$there" ]] || fail "$file: '$here' and '$there'"
		done
		((${#knobs[@]} >= 2))
		here=$(stat -c '%n %A %u %g' "${knobs[@]}")
		cd "$CLASS/$new"
		there=$(stat -c '%n %A %u %g' "${knobs[@]}")
		[[ $here == "$there" ]] || fail "$here"$'\n'"$there"
		# Except dev, type and uevent, sysfs has no file that configfs lacks.
		for file in *; do
			[[ ! -f $file || " dev type uevent ${knobs[*]} " == *" $file "* ]] ||
				fail "$file is not in configfs"
		done
	done
}

@test "all devices share one major number, and open by any node of their number" {
	local major bond polly penny

	major=$(awk '$2 == "roulette" { print $1 }' /proc/devices)
	[[ $major =~ ^[0-9]+$ ]]
	mkdir "$CONFIG/roulette/bond" "$CONFIG/parrot/polly" "$CONFIG/coin/penny"
	read -r bond <"$CLASS/bond/dev"
	read -r polly <"$CLASS/polly/dev"
	read -r penny <"$CLASS/penny/dev"
	[[ $bond == "$major":* && $polly == "$major":* && $penny == "$major":* ]]
	calls <<-END
		mode /dev/kernel-roulette = c0400
		mode /dev/parrot = c0444
		mode /dev/roulette = d0755
		mode /dev/roulette/bond = c0400
		mode /dev/roulette/polly = c0444
		mode /dev/roulette/penny = c0444
		exists /dev/bond = ENOENT
		exists /dev/roulette/parrot = ENOENT
		number /dev/kernel-roulette = $(<"$CLASS/kernel-roulette/dev")
		number /dev/parrot = $(<"$CLASS/parrot/dev")
		number /dev/roulette/bond = $bond
		number /dev/roulette/polly = $polly
		number /dev/roulette/penny = $penny
		text $CONFIG/roulette/bond/dev = $bond
		text $CONFIG/parrot/polly/dev = $polly
		text $CONFIG/coin/penny/dev = $penny
		text $CONFIG/coin/penny/dev_name = penny
		text $CLASS/parrot/type = parrot
		text $CLASS/kernel-roulette/type = roulette
		# a node made by mknod, and a node whose number no device has
		mknod $BATS_TEST_TMPDIR/penny $penny
		open p $BATS_TEST_TMPDIR/penny
		read p 6 = 6
		text $CLASS/penny/flips = 1
		close p
		mknod $BATS_TEST_TMPDIR/nobody $major:4711
		open p $BATS_TEST_TMPDIR/nobody = ENXIO
	END
}

@test "the log line of a new device has its number and start values" {
	local number

	mkdir "$CONFIG/roulette/bond" "$CONFIG/parrot/polly" "$CONFIG/coin/penny"
	number=$(<"$CLASS/bond/dev")
	log_has "^roulette bond: $number, odds 0/100, action bug, seed $(shown "$CLASS/bond/seed")\$"
	[[ $(shown "$CLASS/bond/seed") =~ ^0x[0-9a-f]{1,16}$ ]]
	log_has "^roulette polly: $(<"$CLASS/polly/dev"), frame rate 20\$"
	log_has "^roulette penny: $(<"$CLASS/penny/dev")\$"
	[[ $(kernel_log | grep -cE '^roulette (bond|polly|penny):') == 3 ]]
}

# bats test_tags=kernels
@test "knobs and node exist when the add event is sent" {
	local type mode knobs events

	for type in roulette parrot coin; do
		mode=0444
		[[ $type != roulette ]] || mode=0400
		events=$(uevents mkdir "$CONFIG/$type/new")
		knobs=$(find "$CLASS/new/" -maxdepth 1 -type f ! -name uevent ! -name dev | wc -l)
		((knobs > 1))
		[[ $events == "add new roulette/new $mode knobs $knobs opened $knobs" ]] ||
			fail "of $knobs knobs: $events"
		[[ $(uevents rmdir "$CONFIG/$type/new") == "remove new" ]]
	done
}

@test "knobs and nodes open only as their modes allow" {
	mkdir "$CONFIG/roulette/bond" "$CONFIG/coin/penny"
	calls <<-END
		open a $CLASS/bond/reset = EACCES
		open a $CONFIG/roulette/bond/reset = EACCES
		open a $CLASS/bond/reset rw = EACCES
		open a $CONFIG/roulette/bond/reset rw = EACCES
		open a $CLASS/bond/reset w
		open a $CONFIG/roulette/bond/reset w
		open a $CLASS/bond/pulls w = EACCES
		open a $CONFIG/roulette/bond/pulls w = EACCES
		open a $CLASS/bond/type w = EACCES
		open a $CONFIG/roulette/bond/dev w = EACCES
		open a $CONFIG/roulette/bond/dev_name w = EACCES
	END
	setpriv --reuid=65534 --regid=65534 --clear-groups calls <<-END
		open a /dev/roulette/bond = EACCES
		open a /dev/kernel-roulette = EACCES
		open a /dev/roulette/penny
		text $CLASS/bond/odds = 0
		open a $CLASS/bond/odds w = EACCES
		open a $CONFIG/roulette/bond/odds w = EACCES
		open a $CLASS/bond/reset w = EACCES
		mkdir $CONFIG/coin/dime = EACCES
		rmdir $CONFIG/coin/penny = EACCES
	END
}

# objects SIZE: print how many objects of this size kmalloc has allocated.
objects() {
	local cache

	# Without this, free objects that a CPU keeps count as allocated.
	for cache in /sys/kernel/slab/kmalloc-{,*-}"$1"; do
		[[ ! -e $cache ]] || echo 1 >"$cache/shrink"
	done
	awk -v name="^kmalloc-(.*-)?$1\$" '$1 ~ name { sum += $2 } END { print sum + 0 }' /proc/slabinfo
}

# bats test_tags=kernels
@test "a parrot with its private data takes 1 KiB of memory, a roulette 2 KiB" {
	local type size before after

	[[ $KERNEL == *-cloud-amd64 ]] || skip "on this kernel a struct device may be larger"
	while read -r type size; do
		before=$(objects "$size")
		seq -f "$CONFIG/$type/i%.0f" 200 | xargs mkdir
		after=$(objects "$size")
		# The kernel may free a few of its own meanwhile.
		((after >= before + 170)) || fail "$type: $before objects of $size, then $after"
		remove_instances
	done <<-END
		parrot 1k
		roulette 2k
	END
}
