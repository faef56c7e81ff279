{{/* The release's name is the first half of every name; with the second half it has to fit into a DNS label. */}}
{{- define "parley.name" -}}
{{- if gt (len .Release.Name) 40 }}{{ fail "the release name may have 40 characters at most" }}{{ end -}}
{{- .Release.Name -}}
{{- end }}

{{/* Takes [root, component]. */}}
{{- define "parley.selector" -}}
app.kubernetes.io/name: {{ (index . 0).Chart.Name }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "parley.labels" -}}
{{- $root := index . 0 -}}
helm.sh/chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
{{ include "parley.selector" . }}
{{- end }}

{{- define "parley.image" -}}
{{- with .Values.image -}}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ end -}}
{{- end -}}
{{- end }}
