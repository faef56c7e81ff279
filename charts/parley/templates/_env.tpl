{{/* Settings of the engines and of every process. */}}
{{- define "parley.env.common" -}}
{{- include "parley.engines.check" . }}
- { name: PARLEY_LOG_LEVEL, value: {{ .Values.logLevel | quote }} }
- { name: PARLEY_DATA_DIR, value: /data }
- { name: PARLEY_TABLE_STORE, value: cassandra }
- { name: PARLEY_CASSANDRA_CONTACT_POINTS, value: {{ join "," .Values.cassandra.contactPoints | quote }} }
- { name: PARLEY_CASSANDRA_LOCAL_DC, value: {{ .Values.cassandra.localDc | quote }} }
- { name: PARLEY_CASSANDRA_KEYSPACE, value: {{ .Values.cassandra.keyspace | quote }} }
{{- include "parley.engine.login" (list "CASSANDRA" .Values.cassandra.auth) }}
{{- include "parley.engine.tls" (list "cassandra" .Values.cassandra.tls) }}
- { name: PARLEY_EVENT_LOG, value: kafka }
- { name: PARLEY_KAFKA_BROKERS, value: {{ join "," .Values.kafka.brokers | quote }} }
- { name: PARLEY_KAFKA_REPLICATION_FACTOR, value: {{ .Values.kafka.replicationFactor | quote }} }
{{- with .Values.kafka.auth.mechanism }}
- { name: PARLEY_KAFKA_SASL_MECHANISM, value: {{ . | quote }} }
{{- end }}
{{- include "parley.engine.login" (list "KAFKA" .Values.kafka.auth) }}
{{- include "parley.engine.tls" (list "kafka" .Values.kafka.tls) }}
- { name: PARLEY_COORDINATION, value: redis }
{{- with .Values.redis }}
- { name: PARLEY_REDIS_CLUSTER, value: {{ .cluster | quote }} }
{{- if .existingSecret.name }}
- name: PARLEY_REDIS_URL
  valueFrom: { secretKeyRef: { name: {{ .existingSecret.name | quote }}, key: {{ .existingSecret.key | quote }} } }
{{- else }}
- { name: PARLEY_REDIS_URL, value: {{ join "," .urls | quote }} }
{{- end }}
{{- include "parley.engine.login" (list "REDIS" .auth) }}
{{- include "parley.engine.tls" (list "redis" .tls) }}
{{- end }}
{{- end }}

{{/* Settings of one service's process. Takes [root, its name, its row in parley.services]. */}}
{{- define "parley.env.service" -}}
{{- $root := index . 0 }}
{{- $name := index . 1 }}
{{- $service := index . 2 }}
{{- $values := index $root.Values.services $name }}
- { name: PARLEY_ADMIN_BIND, value: 0.0.0.0 }
- { name: PARLEY_ADMIN_PORT, value: {{ $root.Values.adminPort | quote }} }
- { name: PARLEY_STOP_TIMEOUT_MS, value: {{ mul (include "parley.stopSeconds" $values) 1000 | quote }} }
{{- if $service.calls }}
{{- $peers := list }}
{{- range $service.calls }}
{{- $peers = append $peers (printf "%s=dns:%s-%s:%v" . (include "parley.name" $root) . $root.Values.rpc.port) }}
{{- end }}
- { name: PARLEY_PEERS, value: {{ join "," $peers | quote }} }
{{- end }}
{{- if $service.rpc }}
- { name: POD_IP, valueFrom: { fieldRef: { fieldPath: status.podIP } } }
- { name: PARLEY_RPC_ADDRESS, value: "0.0.0.0:{{ $root.Values.rpc.port }}" }
- { name: PARLEY_RPC_ADVERTISE, value: "$(POD_IP):{{ $root.Values.rpc.port }}" }
{{- end }}
{{- with $root.Values.rpc.tls }}
{{- if .existingSecret }}
- { name: PARLEY_RPC_TLS_CERT_FILE, value: /etc/parley/rpc-tls/tls.crt }
- { name: PARLEY_RPC_TLS_KEY_FILE, value: /etc/parley/rpc-tls/tls.key }
- { name: PARLEY_RPC_TLS_CA_FILE, value: /etc/parley/rpc-tls/ca.crt }
- { name: PARLEY_RPC_TLS_SERVER_NAME, value: {{ .serverName | quote }} }
{{- end }}
{{- end }}
{{- if $service.publicPort }}
- { name: PARLEY_BIND, value: 0.0.0.0 }
{{- end }}
{{- if eq $name "access-gateway" }}
- { name: PARLEY_GATEWAY_PORT, value: {{ $service.publicPort | quote }} }
- { name: PARLEY_GATEWAY_DRAIN_WINDOW_MS, value: {{ mul $values.drainWindowSeconds 1000 | quote }} }
{{- else if eq $name "rest-api" }}
- { name: PARLEY_REST_PORT, value: {{ $service.publicPort | quote }} }
{{- else if eq $name "auth" }}
{{- with $root.Values.bootstrapApp }}
- { name: PARLEY_BOOTSTRAP_APP_ID, value: {{ .id | int64 | quote }} }
- { name: PARLEY_BOOTSTRAP_ADMIN, value: {{ .admin | quote }} }
- name: PARLEY_BOOTSTRAP_APP_KEY
  valueFrom: { secretKeyRef: { name: {{ .existingSecret.name | quote }}, key: {{ .existingSecret.key | quote }} } }
{{- end }}
{{- end }}
{{- end }}

{{/*
The whole environment of a container, each name once: Kubernetes would take the last one of a name without a word.
Takes [the chart's settings as text, extra settings, more extra settings].
*/}}
{{- define "parley.env.checked" -}}
{{- $own := fromYamlArray (index . 0) }}
{{- $names := list }}
{{- range $own }}{{ $names = append $names .name }}{{ end }}
{{- $all := $own }}
{{- range concat (index . 1) (index . 2) }}
{{- if has .name $names }}{{ fail (printf "extraEnv: %s is set already, by a value of the chart or twice; see docs/operations/kubernetes.md" .name) }}{{ end }}
{{- $names = append $names .name }}
{{- $all = append $all . }}
{{- end }}
{{- toYaml $all }}
{{- end }}
