# shellcheck shell=bash
# One Cassandra node. Sourced.

start_cassandra() {
  local home=$ENGINES_DIR/cassandra class_path jamm
  local -a options=()
  need_java
  need_class_path cassandra
  mkdir -p "$home/data"
  export CASSANDRA_DATA=$home/data
  render "$ENGINES_HOME/cassandra/cassandra.yaml.template" "$home/cassandra.yaml"
  class_path=$(class_path_dir cassandra)
  for jamm in "$class_path"/jamm-*.jar; do break; done
  mapfile -t options < <(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$ENGINES_HOME/cassandra/jvm.options")
  launch cassandra "$JAVA" "-Xms$CASSANDRA_HEAP" "-Xmx$CASSANDRA_HEAP" "${options[@]}" "-javaagent:$jamm" \
    "-Dcassandra.config=file://$home/cassandra.yaml" "-Dcassandra.storagedir=$home/data" \
    "-Dlogback.configurationFile=$ENGINES_HOME/cassandra/logback.xml" \
    "-Dcassandra.jmx.local.port=$CASSANDRA_JMX_PORT" "-Djava.io.tmpdir=$home/data" \
    -cp "$class_path/*" org.apache.cassandra.service.CassandraDaemon
}
