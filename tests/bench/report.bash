# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # set by tests/bench/run
#
# Judges the rows that tests/bench/run has measured, and prints them: as a table, as JSON,
# as plots, and in docs/performance.md. WORK/results has a line for each row, with the
# fields of FIELDS separated by tabs; "-" is an empty field.

FIELDS='["key", "part", "kind", "goal", "recorded", "what", "peer", "unit", "cost", "peer_cost", "ratio", "base_ratio", "verdict", "note"]'

# judge: write WORK/results.
judge() {
	awk -F '\t' -v OFS='\t' -v docs="$docs" -v rows="$BENCH/rows.tsv" '
		# fail NOTE, remark NOTE: the first note stays.
		function fail(text) { verdict = "failed"; remark(text) }
		function remark(text) { if (note == "-") note = text }

		function judge(key, kind, goal, recorded) {
			verdict = "ok"
			note = "-"
			if (!(key in ratio))
				return fail("not measured")
			if (kind == "counted" && recorded != "-" && ratio[key] > recorded * 1.05) {
				note = sprintf("rose by %.1f %%", (ratio[key] / recorded - 1) * 100)
				if (!docs)
					verdict = "failed"
			}
			if (kind == "counted" && recorded == "-" && !docs)
				fail("no ratio recorded; record it by make bench DOCS=1")
			if (ratio[key] > goal)
				remark("above the goal")
			if (kind == "counted" && recorded != "-" && ratio[key] < recorded / 1.05)
				remark(sprintf("fell by %.1f %%; record it by make bench DOCS=1", (1 - ratio[key] / recorded) * 100))
		}

		function print_row(key, part, kind, goal, recorded, what, peer) {
			# The clock of a counted guest advances by a nanosecond per instruction.
			if (kind == "counted" && unit[key] == "ns")
				unit[key] = "instructions"
			print key, part, kind, goal, recorded, what, peer, field(unit, key), field(cost, key),
				field(peer_cost, key), field(ratio, key), field(base, key), verdict, note
		}
		function field(of, key) { return key in of ? of[key] : "-" }

		FILENAME == rows { known[$1] = 1; next }
		$1 == "row" && FILENAME ~ /base.lines$/ { if ($4 > 0) base[$2] = $3 / $4; next }
		$1 == "row" {
			if (!($2 in known)) {
				verdict = "failed"
				note = "not in rows.tsv"
				print_row($2, "-", "-", "-", "-", "-", "-")
			}
			if (!($4 > 0)) next
			cost[$2] = $3
			peer_cost[$2] = $4
			unit[$2] = $5
			ratio[$2] = $3 / $4
			next
		}
		FILENAME ~ /plan$/ { judge($1, $3, $4, $5); print_row($1, $2, $3, $4, $5, $6, $7) }
	' "$BENCH/rows.tsv" "$WORK"/{base.lines,tree.lines,plan} >"$WORK/results"
}

# counts: print the numbers of rows that passed and failed.
counts() {
	awk -F '\t' '{ ++count[$13] } END { print count["ok"] + 0, count["failed"] + 0 }' "$WORK/results"
}

table() {
	awk -F '\t' -v OFS='\t' -v base="$BASE" '
		function ratio(text) { return text == "-" ? text : sprintf("%.2f", text) }
		BEGIN { print "row", "what", "peer", "ratio", "goal", "recorded", base, "remark" }
		{ print $1, $6, $7, ratio($11), $4, $5, ratio($12), ($13 == "failed" ? "FAILED: " : "") $14 }
	' "$WORK/results" | { if [[ -n $BASE ]]; then cat; else cut -f 1-6,8; fi; } |
		column -t -s $'\t' -R "4,5,6${BASE:+,7}" | sed 's/ *-\?$//'
}

qemu_version() {
	"$QEMU" --version | sed -n '1s/.* version \([0-9.]*\).*/\1/p'
}

json() {
	jq -Rn --arg kernel "$(<"$KERNEL/version")" --arg date "$(date -u +%FT%TZ)" --arg base "$BASE" \
		--arg qemu "$(qemu_version)" --argjson fields "$FIELDS" --rawfile points <(points) '
		def value: if . == "-" then null else (tonumber? // .) end;
		{
			kernel: $kernel, qemu: $qemu, date: $date, base: (if $base == "" then null else $base end),
			rows: [inputs / "\t" | map(value) as $values |
				[$fields, $values] | transpose | map({key: .[0], value: .[1]}) | from_entries],
			points: [$points / "\n" | .[] | select(. != "") | . / "\t" |
				{plot: .[0], line: .[1], x: (.[2] | tonumber), y: (.[3] | tonumber)}]
		}' "$WORK/results"
}

# points: print the measured points: plot, line, x and y.
points() {
	awk -F '\t' -v OFS='\t' -v base="$BASE" '
		$1 == "point" {
			plot = line = $2
			sub(/\/.*/, "", plot)
			sub(/^[^\/]*\//, "", line)
			print plot, line (FILENAME ~ /base.lines$/ ? " (" base ")" : ""), $3, $4
		}' "$WORK"/{tree,base}.lines
}

# plots: write WORK/PLOT.svg for each plot of plots.tsv that has points.
plots() {
	local plot scale title x y

	while IFS=$'\t' read -r plot scale title x y; do
		points | awk -F '\t' -v plot="$plot" '
			$1 == plot {
				if (!($2 in data)) names[++count] = $2
				data[$2] = data[$2] $3 " " $4 "\n"
			}
			END { for (i = 1; i <= count; i++) printf "%s\"%s\"\n%s", (i == 1 ? "" : "\n\n"), names[i], data[names[i]] }
		' >"$WORK/$plot.points"
		[[ ! -s $WORK/$plot.points ]] ||
			gnuplot -c "$BENCH/plot.gnuplot" "$WORK/$plot.points" "$scale" "$title" "$x" "$y" >"$WORK/$plot.svg"
		rm "$WORK/$plot.points"
	done < <(grep -v '^#' "$BENCH/plots.tsv")
}

# page_part: print the table and the plots of the page.
page_part() {
	local plot title

	echo "Kernel $(<"$KERNEL/version"), QEMU $(qemu_version). Costs are in instructions, unless they have a unit."
	echo
	echo '| operation | peer | cost | cost of the peer | ratio | goal |'
	echo '|---|---|---|---|---|---|'
	awk -F '\t' '
		function amount(number) {
			return sprintf(number < 100 ? "%.1f" : "%.0f", number) ($8 == "instructions" ? "" : " " $8)
		}
		{ printf "| %s | %s | %s | %s | %.2f | %s |\n", $6, $7, amount($9), amount($10), $11, $4 }
	' "$WORK/results"
	while IFS=$'\t' read -r plot _ title _; do
		[[ ! -e $WORK/$plot.svg ]] || printf '\n![%s](performance-%s.svg)\n' "$title" "$plot"
	done < <(grep -v '^#' "$BENCH/plots.tsv")
}

# write_docs: write the page's table and its plots, and record the ratios.
write_docs() {
	local recorded plot

	page_part | replace_marked "$TREE/docs/performance.md" 'make bench'
	for plot in "$WORK"/*.svg; do
		[[ ! -e $plot ]] || cp "$plot" "$TREE/docs/performance-${plot##*/}"
	done
	recorded=$(awk -F '\t' -v OFS='\t' '
		FNR == NR { ratio[$1] = sprintf("%.2f", $11); next }
		$1 in ratio { $5 = ratio[$1] }
		{ print }' "$WORK/results" "$BENCH/rows.tsv")
	echo "$recorded" >"$BENCH/rows.tsv"
}
