# shellcheck shell=bash
# One Kafka broker that is its own controller (KRaft). Sourced.

start_kafka() {
  local home=$ENGINES_DIR/kafka class_path
  need_java
  need_class_path kafka
  class_path="$(class_path_dir kafka)/*"
  mkdir -p "$home/data"
  export KAFKA_DATA=$home/data
  render "$ENGINES_HOME/kafka/server.properties.template" "$home/server.properties"
  if [ ! -e "$home/data/meta.properties" ]; then
    # Constant, so that a half-written format can be repeated.
    "$JAVA" -cp "$class_path" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn kafka.tools.StorageTool \
      format --ignore-formatted -t cGFybGV5LWVuZ2luZXMtMQ -c "$home/server.properties" \
      >"$home/format.log" 2>&1 || {
      tail -n 20 "$home/format.log" >&2
      die 'the data directory of Kafka could not be formatted'
    }
  fi
  launch kafka "$JAVA" -Xms256m "-Xmx$KAFKA_HEAP" -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:+ExitOnOutOfMemoryError \
    -Djava.awt.headless=true -Dorg.slf4j.simpleLogger.defaultLogLevel=info \
    -Dorg.slf4j.simpleLogger.showDateTime=true \
    -Dorg.slf4j.simpleLogger.log.kafka.server.KafkaConfig=warn \
    -Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config=warn \
    -cp "$class_path" kafka.Kafka "$home/server.properties"
}
