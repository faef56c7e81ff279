# shellcheck shell=bash
# The same engines as containers. Sourced.

compose() {
  docker compose --project-name parley-engines --file "$ENGINES_HOME/../compose.yaml" "$@"
}

# The command alone says nothing: many machines have it without an engine behind it.
docker_answers() {
  [ "${PARLEY_ENGINES_DOCKER:-auto}" != never ] && command -v docker >/dev/null &&
    docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1
}

docker_up() {
  say "starting with Docker: $*"
  touch "$DOCKER_MARK"
  if ! compose up --detach --wait --wait-timeout "$START_WAIT_S" "$@" 9>&-; then
    compose logs --tail 30 "$@" >&2 || true
    die 'the containers did not become healthy'
  fi
  for engine in "$@"; do say "$engine answers at 127.0.0.1:$(port_of "$engine")"; done
}

docker_down() {
  [ -e "$DOCKER_MARK" ] || return 0
  compose down && rm -f "$DOCKER_MARK"
}
