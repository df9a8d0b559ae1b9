# SPDX-License-Identifier: GPL-2.0
#
# gnuplot -c plot.gnuplot DATA SCALE TITLE XLABEL YLABEL: print a plot as SVG. DATA has a
# block of lines "X Y" for each line of the plot, with the line's name above it, and two
# empty lines between blocks.

set terminal svg size 720,400 background rgb "white" font "sans-serif,14"
set title ARG3 noenhanced
set xlabel ARG4 noenhanced
set ylabel ARG5 noenhanced
if (ARG2 eq "logarithmic") set logscale x
set yrange [0:*]
set grid
set key outside below noenhanced
set format x "%.0f"
set format y "%.0f"
stats ARG1 using 2 nooutput
plot for [i = 0 : STATS_blocks - 1] ARG1 index i using 1:2 with linespoints linewidth 2 pointtype 7 pointsize 0.6 title columnheader(1)
