{{/* What the values say about logins and TLS of the engines, if it makes sense together. */}}
{{- define "parley.engines.check" -}}
{{- with .Values.kafka.auth }}
{{- if ne (empty .mechanism) (empty .existingSecret) }}{{ fail "kafka.auth: set mechanism and existingSecret together, or neither" }}{{ end }}
{{- end }}
{{- range $engine := list "cassandra" "kafka" "redis" }}
{{- with (index $.Values $engine).tls }}
{{- if and .clientCertificate (not .existingSecret) }}{{ fail (printf "%s.tls.clientCertificate: existingSecret says where it is" $engine) }}{{ end }}
{{- if and .serverName (not .enabled) }}{{ fail (printf "%s.tls.serverName: set %s.tls.enabled, too" $engine $engine) }}{{ end }}
{{- if and .existingSecret (hasKey . "enabled") (not .enabled) }}{{ fail (printf "%s.tls.existingSecret: set %s.tls.enabled, too" $engine $engine) }}{{ end }}
{{- end }}
{{- end }}
{{- with .Values.redis }}
{{- if and .existingSecret.name .auth.existingSecret }}{{ fail "redis.auth: the URLs of redis.existingSecret have their credentials" }}{{ end }}
{{- if and .tls.existingSecret (not .existingSecret.name) }}
{{- range .urls }}{{ if not (hasPrefix "rediss://" .) }}{{ fail "redis.tls.existingSecret: redis.urls must be rediss:// then" }}{{ end }}{{ end }}
{{- end }}
{{- end }}
{{- end }}

{{/* A login as settings. Takes [the engine in capitals, its values of auth]. */}}
{{- define "parley.engine.login" -}}
{{- $engine := index . 0 }}
{{- with index . 1 }}
{{- if .existingSecret }}
{{- if .usernameKey }}
- name: PARLEY_{{ $engine }}_USERNAME
  valueFrom: { secretKeyRef: { name: {{ .existingSecret | quote }}, key: {{ .usernameKey | quote }} } }
{{- end }}
- name: PARLEY_{{ $engine }}_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ .existingSecret | quote }}, key: {{ .passwordKey | quote }} } }
{{- end }}
{{- end }}
{{- end }}

{{/* TLS as settings. Takes [the engine, its values of tls]. */}}
{{- define "parley.engine.tls" -}}
{{- $engine := index . 0 | upper }}
{{- $dir := printf "/etc/parley/%s-tls" (index . 0) }}
{{- with index . 1 }}
{{- if .enabled }}
- { name: PARLEY_{{ $engine }}_TLS, value: "true" }
{{- end }}
{{- if .existingSecret }}
- { name: PARLEY_{{ $engine }}_TLS_CA_FILE, value: {{ $dir }}/ca.crt }
{{- end }}
{{- with .serverName }}
- { name: PARLEY_{{ $engine }}_TLS_SERVER_NAME, value: {{ . | quote }} }
{{- end }}
{{- if .clientCertificate }}
- { name: PARLEY_{{ $engine }}_TLS_CERT_FILE, value: {{ $dir }}/tls.crt }
- { name: PARLEY_{{ $engine }}_TLS_KEY_FILE, value: {{ $dir }}/tls.key }
{{- end }}
{{- end }}
{{- end }}

{{- define "parley.engines.mounts" -}}
{{- range $engine := list "cassandra" "kafka" "redis" }}
{{- if (index $.Values $engine).tls.existingSecret }}
- { name: {{ $engine }}-tls, mountPath: /etc/parley/{{ $engine }}-tls, readOnly: true }
{{- end }}
{{- end }}
{{- end }}

{{/* A key that the secret lacks keeps the pod from starting, and the event of the pod names it. */}}
{{- define "parley.engines.volumes" -}}
{{- range $engine := list "cassandra" "kafka" "redis" }}
{{- with (index $.Values $engine).tls }}
{{- if .existingSecret }}
- name: {{ $engine }}-tls
  secret:
    secretName: {{ .existingSecret | quote }}
    # 288 is 0440.
    defaultMode: 288
    items:
      {{- range concat (list "ca.crt") (ternary (list "tls.crt" "tls.key") list .clientCertificate) }}
      - { key: {{ . }}, path: {{ . }} }
      {{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
