# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # used by the scripts that read this file
#
# version.bash: the directory and the version of this tree.

TREE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
VERSION=$(sed -n 's/^#define ROULETTE_VERSION\s*"\(.*\)"/\1/p' "$TREE/core/roulette.h")

# The entry of CHANGELOG.md must be the first one.
read -r _ newest _ < <(grep -m 1 '^## ' "$TREE/CHANGELOG.md")
if [[ $newest != "$VERSION" ]]; then
	echo "The first entry of CHANGELOG.md is version $newest, but core/roulette.h has version $VERSION." >&2
	echo '    Add an entry to CHANGELOG.md, or correct the version.' >&2
	exit 1
fi
