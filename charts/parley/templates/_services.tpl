{{/* The services: whom each calls, whether others call it, and its public port. */}}
{{- define "parley.services" -}}
auth: { calls: [], rpc: true, named: true }
message: { calls: [auth, group, profile], rpc: true, named: true }
group: { calls: [auth, message], rpc: true, named: true }
profile: { calls: [auth], rpc: true, named: true }
# Called by the address that a session names, never by a name.
access-gateway: { calls: [auth, message, group, profile], rpc: true, publicPort: 8081, protocol: kubernetes.io/ws }
rest-api: { calls: [auth, message, group, profile], publicPort: 8080, protocol: http }
{{- end }}

{{/* Seconds between being told to stop and giving up; takes the service's values. The gateway drains first. */}}
{{- define "parley.stopSeconds" -}}
{{- add 20 (.drainWindowSeconds | default 0) -}}
{{- end }}

{{/*
How long a pod may take to end: it is still called for a while, it stops, and after PARLEY_STOP_TIMEOUT_MS the program
gives itself 10 s to close its engines; 5 s are the margin. Takes [root, the service's values].
*/}}
{{- define "parley.graceSeconds" -}}
{{- $root := index . 0 }}
{{- add $root.Values.preStopSeconds (include "parley.stopSeconds" (index . 1)) 10 5 -}}
{{- end }}
