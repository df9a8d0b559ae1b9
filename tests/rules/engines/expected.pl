# SPDX-License-Identifier: GPL-2.0
#
# expected.pl ACTIONS.MD [LINES] <LOG: print the alerts that the rules of docs/actions.md
# must give for a kernel log in the form of /proc/kmsg:
#
#	VERDICT NAME LABEL TEXT
#
# VERDICT is fired for the line of a hit, else drill or incident. With LINES, the verdict
# depends on a hit within so many lines, not within 60 s.
use strict;
use warnings;

my ($page, $lines) = @ARGV;
my (@rules, $label, $second, $number);

open my $file, '<', $page or die "$page: $!";
while (<$file>) {
	last if /^<!-- the table -->$/;
	push @rules, [$1, qr/^(?:$2)$/] if /^    ([a-z_]+)  +(.+)$/;
}
while (<STDIN>) {
	my ($facility, $time, $text) = /^<(\d+)>\[ *(\d+)\.\d+\] (.*)$/ or die "not a log: $_";

	next if $facility > 7;
	if ($text =~ /^roulette [^ ]+: bang: pull .* label "([^"]*)"$/) {
		($label, $second, $number) = ($1, $time, $.);
		print join("\t", 'fired', 'bang', $label, $text), "\n";
		next;
	}
	my ($rule) = grep { $text =~ $_->[1] } @rules or next;
	my $known = defined $label &&
		($lines ? $. - $number < $lines : $time >= $second && $time - $second <= 60);
	print join("\t", $known ? 'drill' : 'incident', $rule->[0], $known ? $label : '', $text), "\n";
}
