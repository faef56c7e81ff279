# shellcheck shell=bash
# What the engines need on this machine: Java, Maven artifacts, Redis. Sourced.

# need_package COMMAND PACKAGE: installs the system package when the command is missing and we may.
need_package() {
  command -v "$1" >/dev/null && return
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    die "$1 is missing: install it (Debian: $2), or start a Docker engine"
  fi
  say "installing $2"
  mkdir -p "$ENGINES_DIR"
  {
    apt-get update -qq &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2"
  } >"$ENGINES_DIR/apt.log" 2>&1 9>&- || {
    tail -n 20 "$ENGINES_DIR/apt.log" >&2
    die "$2 could not be installed"
  }
}

java_major() { "$1" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1; }

# Sets JAVA to a Java 17: Kafka needs at least that, Cassandra 5.0 runs on no newer one.
find_java() {
  local candidate
  for candidate in "${JAVA_HOME:+$JAVA_HOME/bin/java}" "$(command -v java || true)" /usr/lib/jvm/*17*/bin/java; do
    if [ -x "$candidate" ] && [ "$(java_major "$candidate")" = 17 ]; then
      export JAVA=$candidate
      return
    fi
  done
  return 1
}

need_java() {
  find_java && return
  need_package no-java-17-found openjdk-17-jre-headless
  find_java || die 'Java 17 is missing: install it, or let JAVA_HOME name it'
}

class_path_dir() { echo "$ENGINES_DIR/$1/lib-$(version_of "$1")"; }

# Fetches the jars that the engine's pom.xml names, once per version, from the Maven repository configured here.
need_class_path() {
  local engine=$1 target fresh
  target=$(class_path_dir "$engine")
  [ -d "$target" ] && return
  need_package mvn maven
  say "fetching $engine $(version_of "$engine") (Maven)"
  mkdir -p "$ENGINES_DIR/$engine"
  fresh=$(mktemp -d "$target.XXXXXX")
  if ! mvn --batch-mode --file "$ENGINES_HOME/$engine/pom.xml" dependency:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$fresh" >"$ENGINES_DIR/$engine/maven.log" 2>&1; then
    tail -n 20 "$ENGINES_DIR/$engine/maven.log" >&2
    rm -rf "$fresh"
    die "the artifacts of $engine could not be fetched"
  fi
  mv "$fresh" "$target"
}

# render TEMPLATE TARGET: replaces each @NAME@ by the variable of that name.
render() {
  local text name
  text=$(cat "$1")
  for name in $(grep -o '@[A-Z_]*@' "$1" | sort -u | tr -d '@'); do
    text=${text//@$name@/${!name}}
  done
  printf '%s\n' "$text" >"$2"
}
