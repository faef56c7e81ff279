#!/usr/bin/env bash
# Runs the pinned Helm: `deploy/tools/helm.sh lint charts/parley`. Builds it from its Go module the first time, and
# again when the pin changes; without arguments it only builds, and prints where the program is.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
module=$root/deploy/tools/helm
pin=$(cat "$module/go.mod" "$module/go.sum" | cksum | cut -d ' ' -f 1)
helm=$root/node_modules/.cache/tools/helm-$pin

die() {
  echo "helm: $1" >&2
  exit 1
}

build() {
  command -v go >/dev/null || die "Go is missing: install Go $(awk '$1 == "go" { print $2 }' "$module/go.mod") or newer, Helm is built with it"
  echo "helm: building the pinned version, a few minutes the first time" >&2
  mkdir -p "$(dirname "$helm")"
  # Moved into place whole, so that a build that was broken off leaves nothing that runs.
  local draft=$helm.$$
  trap 'rm -f "$draft"' EXIT
  (cd "$module" && CGO_ENABLED=0 GOFLAGS=-mod=readonly GOWORK=off GOTOOLCHAIN=local go build -trimpath -ldflags '-s -w' -o "$draft" helm.sh/helm/v4/cmd/helm) ||
    die "the build failed; it needs the Go module proxy and a Go that is not older than $module/go.mod says"
  mv "$draft" "$helm"
}

[ -x "$helm" ] || build
if [ $# -eq 0 ]; then
  echo "$helm"
else
  exec "$helm" "$@"
fi
