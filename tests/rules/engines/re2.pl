# SPDX-License-Identifier: GPL-2.0
#
# The rules of Loki and of node-problem-detector in RE2, on a kernel log in the form of
# /proc/kmsg:
#
#	re2.pl loki EXPRESSION         print the captures and the text of the lines that match
#	re2.pl problems CONFIGURATION  print the reasons of the rules that match at each line,
#	                               the last hit in their matches, and the line
#
# CONFIGURATION has lines "REASON EXPRESSION", separated by a tab, and first the size of
# the buffer. As node-problem-detector does, this joins the last lines, and lets an
# expression match only at their end.
use strict;
use warnings;
use re::engine::RE2 -strict => 1;

my ($mode, $argument) = @ARGV;
my (@rules, @buffer, $size);

sub texts {
	my ($handle) = @_;

	while (<STDIN>) {
		chomp;
		/^<(\d+)>\[ *\d+\.\d+\] (.*)$/ or die "not a log: $_";
		$handle->($2, $1);
	}
}

if ($mode eq 'loki') {
	my $expression = qr/$argument/;

	texts(sub {
		my ($text, $facility) = @_;
		my @captures = $text =~ $expression or return;

		print join("\t", map({ $_ // '' } @captures), $text), "\n" if $facility < 8;
	});
	exit;
}

open my $file, '<', $argument or die "$argument: $!";
chomp($size = <$file>);
while (<$file>) {
	chomp;
	my ($reason, $expression) = split /\t/, $_, 2;
	push @rules, [$reason, qr/$expression\z/];
}
@buffer = ('') x $size;
texts(sub {
	my ($text) = @_;

	$text =~ s/^\s+|\s+$//g;
	return if $text eq '';
	push @buffer, $text;
	shift @buffer;
	my $log = join "\n", @buffer;
	my ($hit, @reasons) = ('');
	for my $rule (@rules) {
		$log =~ $rule->[1] or next;
		my $match = substr($log, $-[0]);

		push @reasons, $rule->[0];
		$hit = $1 if $match =~ /(?s)^(?:.*\n)?(roulette [^ ]+: bang: pull [^\n]* label "[^"\n]*")\n/;
	}
	print join("\t", join(',', @reasons), $hit, $text), "\n" if @reasons;
});
