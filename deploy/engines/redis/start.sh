# shellcheck shell=bash
# One Redis server. Sourced.

start_redis() {
  local home=$ENGINES_DIR/redis
  need_package redis-server redis-server
  mkdir -p "$home/data"
  export REDIS_DATA=$home/data
  render "$ENGINES_HOME/redis/redis.conf.template" "$home/redis.conf"
  # shellcheck disable=SC2086
  launch redis redis-server "$home/redis.conf" $REDIS_OPTIONS
}
