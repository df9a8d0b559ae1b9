# SPDX-License-Identifier: GPL-2.0
# Turns lines of a log into extended regular expressions for whole lines. Parts that
# depend on the machine, the reader or the build are replaced by patterns.
s/[][\\.|$(){}?+*^]/\\&/g
s,[^ ]*/roulette/actions/([a-z_]+)\\\.c:[0-9]+,.*/roulette/actions/\1\\.c:[0-9]+,
s,(BUG at|at|WARNING:) ((lib|mm)/[a-z_]+)\\\.c:[0-9]+,\1 \2\\.c:[0-9]+,
s/(CPU:? ?#?)[0-9]+/\1[0-9]+/
s/PID: [0-9]+/PID: [0-9]+/
s/cpu [0-9]+/cpu [0-9]+/
s,\\\+0x[0-9a-f]+/0x[0-9a-f]+,\\+0x[0-9a-f]+/0x[0-9a-f]+,
s/(bond|shoot|cat): shot/[^ ]+: shot/
s/^roulette bond: /roulette [^ ]+: /
s/"drill [a-z_]+"/".*"/
s/stuck for [0-9]+s/stuck for [0-9]+s/
s/more than [0-9]+ sec/more than [0-9]+ sec/
s/after [0-9]+ s,/after [0-9]+ s,/
s/\b(shoot|cat):[0-9]+/.+:[0-9]+/
s,: (shoot|cat)/[0-9]+,: .+/[0-9]+,
s/(self-detected stall on CPU|detected stalls on CPUs.tasks:)/(self-detected stall on CPU|detected stalls on CPUs\/tasks:)/
s/^.* invoked oom-killer: .*/.+ invoked oom-killer: .*/
s/(Killed process )[0-9]+ .*/\1[0-9]+ \\(.+\\) .*/
s/\\\[#[0-9]+\\\].*/\\[#[0-9]+\\].*/
s/\b0x[0-9a-f]{16}\b/0x[0-9a-f]+/g
/guard|list_add/s/\b[0-9a-f]{16}\b/[0-9a-f]+/g
/while atomic/s/\b0x[0-9a-f]{8}\b/0x[0-9a-f]+/
