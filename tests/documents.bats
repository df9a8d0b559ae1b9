#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# docs/ABI and the man pages of the devices name exactly the files, the parameters, the
# trace events and the actions of the loaded modules.
#
# seconds: 4

load guest

ABI=$SUITE/../docs/ABI
MAN=$SUITE/../docs/man
TRACING=/sys/kernel/tracing

setup() {
	guest_setup
	load_all roulette.odds=0
	mkdir "$CONFIG/roulette/one" "$CONFIG/parrot/two"
}

teardown() {
	unload_all && guest_teardown
}

# entries: print "PATH MODE TYPE" for each entry of docs/ABI. The description starts with
# the access and the type of device: "(RO) ", "(RW, roulette) ", "(parrot) ", or neither.
# MODE is 0 without access, TYPE is "any" without type.
entries() {
	awk '
		BEGIN { mode["RO"] = 444; mode["RW"] = 644; mode["WO"] = 200 }
		/^What:/ { what[count++] = $2 }
		first {
			access = 0
			type = "any"
			gsub(/^[\t ]+/, "")
			split($0, part, /[()]/)
			for (n = split(/^\(/ ? part[2] : "", word, ", "); n; n--)
				if (word[n] in mode) access = mode[word[n]]
				else type = word[n]
			while (count) print what[--count], access, type
		}
		{ first = /^Description:/ }
	' "$ABI"/*
}

# entries_in FOLDER TYPE: print "NAME MODE" for each entry of a file in FOLDER.
entries_in() {
	entries | awk -v folder="$1/" -v type="$2" '
		index($1, folder) == 1 && $2 && ($3 == "any" || $3 == type) {
			print substr($1, length(folder) + 1), $2
		}' | sort
}

# files_in FOLDER: the same for the files that exist. The driver core adds dev and uevent to
# each device.
files_in() {
	find "$1/" -maxdepth 1 -type f ! -path "$CLASS/*/dev" ! -name uevent -printf '%f %m\n' | sort
}

# same WHAT DOCUMENTED EXISTING: fail with the difference of two sorted lists.
same() {
	[[ -n $3 && $2 == "$3" ]] ||
		fail "$1: documented (<), existing (>):"$'\n'"$(diff <(echo "$2") <(echo "$3"))"
}

@test "docs/ABI has each file of a device in sysfs and configfs, with its mode" {
	local device type all
	local -A devices=([roulette]='kernel-roulette one' [parrot]='parrot two')

	for type in roulette parrot; do
		all=$(entries_in "$CLASS/<device>" $type)
		for device in ${devices[$type]}; do
			same "sysfs, $device" "$all" "$(files_in "$CLASS/$device")"
		done
		same "configfs, $device" "$({
			grep -v '^type ' <<<"$all"
			entries_in "$CONFIG/<type>/<name>" $type
		} | sort)" "$(files_in "$CONFIG/$type/$device")"
	done
	[[ -z $(find "$CONFIG" -maxdepth 2 -type f) ]]
}

@test "docs/ABI has each parameter of the modules, with its mode" {
	local module

	for module in roulette_core roulette parrot; do
		same "$module" "$(entries_in /sys/module/$module/parameters any)" \
			"$(files_in /sys/module/$module/parameters)"
	done
}

@test "docs/ABI has each trace event, and each field of it" {
	local event

	mount -t tracefs tracefs $TRACING 2>/dev/null || true
	[[ -d $TRACING/events/roulette ]] || skip "this kernel has no trace events"
	same events "$(entries | sed -n "s,^$TRACING/events/roulette/\([^ ]*\) .*,\1,p" | sort)" \
		"$(find $TRACING/events/roulette -mindepth 1 -type d -printf '%f\n' | sort)"
	for event in roulette_pull parrot_frame; do
		same "$event" "$(awk -v event="$TRACING/events/roulette/$event" '
			/^What:/ { inside = $2 == event }
			inside && /^\t\t- [a-z]+:/ { sub(/:/, "", $2); print $2 }' "$ABI/tracefs-roulette")" \
			"$(sed -nE 's/^\tfield:[^;]* ([a-z]+)(\[[0-9]+\])?;.*/\1/p' "$TRACING/events/roulette/$event/format")"
	done
}

@test "each entry of docs/ABI exists" {
	local path type of name missing=

	mount -t tracefs tracefs $TRACING 2>/dev/null || true
	for type in roulette parrot; do
		name=one
		[[ $type == roulette ]] || name=two
		while read -r path _ of; do
			[[ $of == any || $of == "$type" ]] || continue
			[[ $path != "$TRACING"/* || -d $TRACING/events ]] || continue
			path=${path//<type>/$type}
			path=${path//<name>/$name}
			path=${path//<device>/$name}
			compgen -G "$path" >/dev/null || missing+=" $path"
		done < <(entries)
	done
	[[ -z $missing ]] || fail "these entries name no file:$missing"
}

# items PAGE SECTION MACRO: print the names of the list items below the heading.
items() {
	awk -v section="$2" -v item=".It $3 " '
		/^\.S[hs] / { inside = substr($0, 5) == section }
		inside && index($0, item) == 1 {
			gsub(/ ,/, "")
			for (n = 3; n <= NF; n++) print $n
		}' "$MAN/$1.4" | sort
}

# names FOLDER...: print the names of the files in these folders.
names() {
	local folder

	for folder; do
		files_in "$folder"
	done | cut -d ' ' -f 1 | sort
}

@test "the man pages of the devices have each knob, parameter and action" {
	local parameters=/sys/module/roulette/parameters

	same 'roulette(4), knobs' "$(items roulette Knobs Va)" "$(names "$CLASS/one" | grep -vx type)"
	same 'parrot(4), knobs' "$(items parrot Knobs Va)" "$(names "$CLASS/two" | grep -vx type)"
	same 'roulette(4), parameters' "$(items roulette 'Module parameters' Va)" \
		"$(names $parameters /sys/module/roulette_core/parameters)"
	same 'parrot(4), parameters' "$(items parrot 'Module parameters' Va)" \
		"$(names /sys/module/parrot/parameters)"
	# Some kernels omit these actions.
	same 'roulette(4), actions' "$(items roulette Actions Cm)" \
		"$({
			tr ' ' '\n' <"$CLASS/one/available_actions"
			printf '%s\n' use_after_free double_free gpf divide
		} | sort -u)"
}

# mandoc finds the pages that refer to each other, because they are installed. The guest has
# no pages of system calls.
@test "the man pages of the devices are valid" {
	local page found

	command -v mandoc || skip "this guest has no mandoc"
	for page in roulette parrot; do
		cmp "$MAN/$page.4" "/usr/share/man/man4/$page.4"
		found=$(mandoc -Tlint "$MAN/$page.4" | grep -vE 'STYLE: referenced manual not found: Xr [a-z]+ [27]') || true
		[[ -z $found ]] || fail "$found"
	done
}
