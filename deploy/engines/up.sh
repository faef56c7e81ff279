#!/usr/bin/env bash
# Starts Kafka, Cassandra and Redis on loopback for developers and tests, and waits until all answer.
# With Docker when a Docker engine answers, else as processes of this machine. Does nothing for what runs.
#
#   up.sh [kafka] [cassandra] [redis]     none named: all
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=lib/settings.sh
. "$here/lib/settings.sh"
# shellcheck source=lib/process.sh
. "$here/lib/process.sh"
# shellcheck source=lib/packages.sh
. "$here/lib/packages.sh"
# shellcheck source=lib/docker.sh
. "$here/lib/docker.sh"
for engine in $ENGINES; do
  # shellcheck source=/dev/null
  . "$here/$engine/start.sh"
done

# Starts the engine's process when it does not run, without waiting for it.
begin() {
  local engine=$1
  if running_pid "$engine" >/dev/null; then return; fi
  if answers "$engine"; then
    die "port $(port_of "$engine") is taken by another $engine: end it, or set PARLEY_ENGINES_${engine^^}_PORT"
  fi
  mkdir -p "$ENGINES_DIR/$engine"
  "start_$engine"
  say "$engine starts (pid $(running_pid "$engine" || echo 'ended'))"
}

await() {
  local engine=$1 began=$SECONDS
  await_answer "$engine"
  say "$engine answers at 127.0.0.1:$(port_of "$engine") after $((SECONDS - began)) s (log: $(log_file "$engine"))"
}

main() {
  local engine
  command -v node >/dev/null || die 'node is missing: install Node 20 or newer'
  mkdir -p "$ENGINES_DIR"
  lock_out_others
  if docker_answers; then
    docker_up "$@"
    return
  fi
  for engine in "$@"; do begin "$engine"; done
  for engine in "$@"; do await "$engine"; done
}

# Two starts at once would start everything twice.
lock_out_others() {
  command -v flock >/dev/null || return 0
  exec 9>"$ENGINES_DIR/lock"
  flock -w 600 9 || die 'another start of the engines does not end'
}

for engine in "$@"; do
  case " $ENGINES " in *" $engine "*) ;; *) die "\"$engine\" is no engine: $ENGINES" ;; esac
done
# shellcheck disable=SC2086
if [ $# = 0 ]; then main $ENGINES; else main "$@"; fi
