#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The rules of docs/rules, on the recorded kernel logs of each row of tests/actions.tsv
# (see tests/vm/texts), in the programs or in the engines of their expressions. They run in
# the tree of tests/rules/root, as an ordinary user.
#
# seconds: 10

TREE=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
HERE=$TREE/tests/rules

# in_tree COMMAND...: run it in the tree, in an empty directory. /rules is this
# repository.
in_tree() {
	local as=()

	((EUID == 0)) || as=(sudo)
	# shellcheck disable=SC2016 # for the inner shell
	"${as[@]}" unshare --mount --pid --fork --kill-child bash -ec '
		root=$1
		mount --bind "$2" "$root/rules"
		mount --bind "$2/docs/rules" "$root/etc/syslog-ng/conf.d"
		mount -t proc proc "$root/proc"
		mount -t tmpfs -o mode=1777 tmpfs "$root/work"
		mount -t tmpfs -o mode=1777 tmpfs "$root/var/log"
		shift 2
		exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 chroot --userspec=nobody:nogroup "$root" \
			sh -c "cd /work && exec \"\$@\"" - "$@"' - "$(<"$BATS_FILE_TMPDIR/root")" "$TREE" "$@"
}

# moved SECONDS [HITS]: add SECONDS to the time of each line of the standard input, or HITS
# if it is the line of a hit.
moved() {
	awk -v all="$1" -v hits="${2:-$1}" '{
		match($0, /\[ *[0-9]+/)
		time = substr($0, RSTART + 1, RLENGTH - 1)
		printf "%s[%5d%s\n", substr($0, 1, RSTART - 1), time + (/: bang: pull / ? hits : all), substr($0, RSTART + RLENGTH)
	}'
}

# The log: the recorded drills; the same reports without a hit; the same reports more than
# 60 s after their hit; reports up to 60 s after a hit; lines that are no reports.
setup_file() {
	"$TREE/tests/vm/packages" jq
	"$HERE/root" >"$BATS_FILE_TMPDIR/root"
	cd "$BATS_FILE_TMPDIR" || return
	cat "$HERE"/logs/* >recorded
	{
		cat recorded
		grep -v ': bang: pull ' recorded | moved 100000
		moved 300061 300000 <recorded
		grep -E ': bang: pull |^<2>.*kernel BUG at ' recorded | moved 400059 400000
		moved 500000 <"$HERE/ordinary"
	} >log
	in_tree perl /rules/tests/rules/engines/expected.pl /rules/docs/actions.md <log >alerts
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# same ALERTS [EXPECTED]: both files must be equal.
same() {
	diff "${2:-alerts}" "$1" >difference || { head -n 20 difference; return 1; }
}

@test "the files of docs/rules have the rules of docs/actions.md (tests/rules/write)" {
	mkdir -p written
	cp "$TREE"/docs/rules/* written
	"$HERE/write" written
	diff -r "$TREE/docs/rules" written
}

@test "each action of each kernel is recorded, and a rule of its own matches its report" {
	local action kernel arch text log

	declare -A rules
	while read -r action text; do
		rules[$action]=$text
	done < <(sed '/^<!-- the table -->$/q' "$TREE/docs/actions.md" | grep -E '^    [a-z_]+  ')
	for log in "$HERE"/logs/*; do
		in_tree perl /rules/tests/rules/engines/expected.pl /rules/docs/actions.md <"$log" >"of-${log##*/}"
	done
	while IFS=$'\t' read -r action kernel arch _ text; do
		[[ $action != '#'* && $action != none ]] || continue
		grep -q $'^fired\tbang\t'"drill $action"$'\t' "of-$kernel-$arch" ||
			{ echo "$action $kernel $arch: no hit"; return 1; }
		[[ -n $text && $text != 'roulette '* ]] || continue
		grep $'^drill\t[a-z_]*\t'"drill $action"$'\t' "of-$kernel-$arch" | cut -f 4 | grep -Exq "${rules[$action]}" ||
			{ echo "$action $kernel $arch: no report"; return 1; }
	done <"$TREE/tests/actions.tsv"
}

@test "docs/actions.md shows which watchers see the recorded actions (tests/rules/write)" {
	perl "$HERE/watchers.pl" "$HERE" >watchers
	sed '1,/^<!-- watchers: begin -->$/d; /^<!-- watchers: end -->$/,$d' "$TREE/docs/actions.md" >page
	diff page watchers
}

@test "the files in YAML are valid" {
	in_tree ruby -ryaml -e 'ARGV.each { |file| YAML.load_file(file) }' /rules/docs/rules/{vector,loki}.yaml
}

@test "udev accepts its rule" {
	in_tree udevadm verify /rules/docs/rules/udev.rules
}

@test "a report is a drill up to 60 s after a hit, and else an incident" {
	[[ $(grep -c '^fired' alerts) -gt 100 && $(grep -c '^drill' alerts) -gt 100 ]]
	[[ $(tail -n 1 alerts) == $'incident\tbug\t\tkernel BUG at fs/real.c:1!' ]]
}

@test "rsyslog gives these alerts" {
	in_tree /rules/tests/rules/engines/syslog rsyslogd <log >found
	same found
}

@test "syslog-ng gives these alerts" {
	in_tree /rules/tests/rules/engines/syslog syslog-ng <log >found
	same found
}

@test "Vector: the expressions in Rust's engine, the verdict in Lua 5.4" {
	in_tree /rules/tests/rules/engines/vector /rules/docs/rules/vector.yaml <log >found
	same found
}

@test "Fluent Bit: the expressions in Onigmo, the verdict in LuaJIT" {
	in_tree sh -c 'ruby /rules/tests/rules/engines/fluent-bit.rb /rules/docs/rules |
		luajit /rules/tests/rules/engines/fluent-bit.lua /rules/docs/rules/fluent-bit.lua' <log >found
	same found
}

@test "Loki: the expressions in RE2" {
	local expression expressions

	grep -v $'^fired\t' alerts | cut -f 4 >reports
	grep $'^fired\t' alerts | sed -E 's/.*, action ([a-z_]+), .*/\1\t&/' | awk -F '\t' -v OFS='\t' '{ print $1, $4, $5 }' >hits
	# shellcheck disable=SC2016 # backquotes of LogQL
	mapfile -t expressions < <(sed -nE 's/^ *\|~ `(.*)`$/\1/p' "$TREE/docs/rules/loki.yaml" | sort -u)
	((${#expressions[@]} == 2))
	for expression in "${expressions[@]}"; do
		in_tree perl /rules/tests/rules/engines/re2.pl loki "$expression" <log >matched
		if [[ $expression == *bang* ]]; then
			same matched hits
		else
			awk -F '\t' '{ print $NF }' matched >texts
			same texts reports
		fi
	done
}

# The buffer has no times, so a drill is a report within so many lines after a hit. The
# facility is not known, so a forged line is a report.
@test "node-problem-detector: the expressions in RE2, at the end of its buffer" {
	local size

	size=$(jq .bufferSize "$TREE/docs/rules/node-problem-detector.json")
	{
		echo "$size"
		jq -r '.rules[] | .reason + "\t" + .pattern' "$TREE/docs/rules/node-problem-detector.json"
	} >rules
	{
		grep -v ': bang: pull ' recorded
		cat recorded
		grep '^<[0-7]>' "$HERE/ordinary"
	} >short
	in_tree perl /rules/tests/rules/engines/expected.pl /rules/docs/actions.md "$size" <short |
		awk -F '\t' -v OFS='\t' '
			$1 == "fired" { print "DrillFired", "", $4; next }
			{
				reason = "Kernel"
				for (i = split($2, words, "_"); i > 0; i--)
					words[i] = toupper(substr(words[i], 1, 1)) substr(words[i], 2)
				for (i = 1; i in words; i++)
					reason = reason words[i]
				print ($1 == "drill" ? "DrillReport," : "") reason, $3, $4
			}' >expected
	in_tree sh -c 'cat >configuration; cat <&3 | perl /rules/tests/rules/engines/re2.pl problems configuration' <rules 3<short |
		sed -E 's/^((DrillReport,)?[A-Za-z]+)(,[A-Za-z,]+)?\t([^\t]*label "([^"]*)")?/\1\t\5/' >problems
	same problems expected
}
