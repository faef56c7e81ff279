#!/usr/bin/env bash
# Ends what up.sh started, and nothing else; the data stays.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=lib/settings.sh
. "$here/lib/settings.sh"
# shellcheck source=lib/process.sh
. "$here/lib/process.sh"
# shellcheck source=lib/docker.sh
. "$here/lib/docker.sh"

[ -d "$ENGINES_DIR" ] || exit 0
docker_down
for engine in $ENGINES; do end_process "$engine" & done
wait
