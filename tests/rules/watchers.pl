# SPDX-License-Identifier: GPL-2.0
#
# watchers.pl DIRECTORY: print the table of docs/actions.md that shows which published
# watchers of the kernel's log (DIRECTORY/watchers.tsv) see the actions in DIRECTORY/logs.
use strict;
use warnings;

my ($here) = @ARGV;
my (@products, %expressions, @actions, %recorded, %seen, %informed);

open my $table, '<', "$here/watchers.tsv" or die "watchers.tsv: $!";
while (<$table>) {
	next if /^#/;
	chomp;
	my ($product, undef, $expression, $note) = split /\t/;

	push @products, $product unless $expressions{$product};
	push @{$expressions{$product}}, [qr/$expression/, $note];
}

sub version {
	my ($kernel, $arch) = split /-/, $_[0];
	my ($major, $minor) = split /\./, $kernel;

	return sprintf '%s %03d %03d', $arch, $major, $minor;
}

my @logs = sort { version($a) cmp version($b) } map { s,.*/,,r } glob "$here/logs/*";
for my $log (@logs) {
	my $action;

	open my $lines, '<', "$here/logs/$log" or die "$log: $!";
	while (my $line = <$lines>) {
		chomp $line;
		$line =~ s/^<\d+>//;
		if ($line =~ /: bang: pull .* label "drill ([a-z_]+)"$/) {
			$action = $1;
			push @actions, $action unless grep { $_ eq $action } @actions;
			$recorded{$action}{$log} = 1;
		}
		# The module's own lines do not count.
		next if $line =~ /^\[ *[0-9.]+\] roulette /;
		for my $product (@products) {
			for (@{$expressions{$product}}) {
				my ($expression, $note) = @$_;

				next unless $line =~ $expression;
				$seen{$product}{$action}{$log} = 1;
				$informed{$product}{$action} = $note if $note;
			}
		}
	}
}

# Lists logs by architecture, which stands alone if all of its kernels are in the list.
sub listed {
	my ($all, @chosen) = @_;
	my @parts;

	for my $arch (qw(amd64 arm64 riscv64)) {
		my @have = grep { /-$arch$/ } @chosen;
		my @of = grep { /-$arch$/ } @$all;

		next unless @have;
		push @parts, @have == @of ? $arch : join(' ', map({ s/-.*//r } @have), $arch);
	}
	return join ', ', @parts;
}

sub cell {
	my ($product, $action) = @_;
	my @all = grep { $recorded{$action}{$_} } @logs;
	my @yes = grep { $seen{$product}{$action}{$_} } @all;
	my @no = grep { !$seen{$product}{$action}{$_} } @all;
	my $note = $informed{$product}{$action};

	return '-' unless @yes;
	return $note // 'yes' unless @no;
	return @yes > @no ? 'not ' . listed(\@all, @no) : listed(\@all, @yes);
}

print '| action | ', join(' | ', @products), " |\n";
print '|---' x (@products + 1), "|\n";
for my $action (@actions) {
	my @cells = map { cell($_, $action) } @products;

	print "| $action | ", join(' | ', @cells), " |\n" if grep { $_ ne '-' } @cells or $action =~ /lock|stall/;
}
