# shellcheck shell=bash
# Where the engines live and listen. Sourced; every value can be set from outside.

ENGINES_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
REPOSITORY=$(cd "$ENGINES_HOME/../.." && pwd)

ENGINES_DIR=${PARLEY_ENGINES_DIR:-$REPOSITORY/data/engines}
# A relative path is relative to where make was started, for scripts as for their children.
case $ENGINES_DIR in /*) ;; *) ENGINES_DIR=$PWD/$ENGINES_DIR ;; esac

export KAFKA_PORT=${PARLEY_ENGINES_KAFKA_PORT:-19092}
export KAFKA_CONTROLLER_PORT=${PARLEY_ENGINES_KAFKA_CONTROLLER_PORT:-19093}
export CASSANDRA_PORT=${PARLEY_ENGINES_CASSANDRA_PORT:-19042}
export CASSANDRA_STORAGE_PORT=${PARLEY_ENGINES_CASSANDRA_STORAGE_PORT:-17000}
export CASSANDRA_JMX_PORT=${PARLEY_ENGINES_CASSANDRA_JMX_PORT:-17199}
export REDIS_PORT=${PARLEY_ENGINES_REDIS_PORT:-16379}

# In Java's words: 512m, 1g.
export KAFKA_HEAP=${PARLEY_ENGINES_KAFKA_HEAP:-512m}
export CASSANDRA_HEAP=${PARLEY_ENGINES_CASSANDRA_HEAP:-1g}
# Further arguments of redis-server.
export REDIS_OPTIONS=${PARLEY_ENGINES_REDIS_OPTIONS:-}

# Longest wait for one engine to answer, and for one to end, seconds.
export START_WAIT_S=${PARLEY_ENGINES_START_WAIT_S:-180}
export STOP_WAIT_S=${PARLEY_ENGINES_STOP_WAIT_S:-40}

export ENGINES='kafka cassandra redis'
export DOCKER_MARK=$ENGINES_DIR/started-with-docker

say() { printf 'engines: %s\n' "$*"; }

die() {
  printf 'engines: %s\n' "$*" >&2
  exit 1
}

port_of() {
  case $1 in
  kafka) echo "$KAFKA_PORT" ;;
  cassandra) echo "$CASSANDRA_PORT" ;;
  redis) echo "$REDIS_PORT" ;;
  esac
}

# The version that a pom.xml pins.
version_of() { sed -n "s:.*<$1[.]version>\(.*\)</$1[.]version>.*:\1:p" "$ENGINES_HOME/$1/pom.xml"; }

# Whether the engine answers in its own protocol, not only with an open port.
answers() { node "$ENGINES_HOME/probe.mjs" "$1" "$(port_of "$1")" 2>/dev/null; }
