#!/bin/sh
# Makes the certificates of the TLS tests anew: an authority, a server for localhost, a client, and a stranger.
# They protect nothing and end in a hundred years.
set -eu
cd "$(dirname "$0")"
days=36500
authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days $days -subj "/CN=$2" \
    -addext 'basicConstraints=critical,CA:TRUE' -keyout "$1.key" -out "$1.pem"
}
signed() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
  printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n' > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days $days -extfile "$1.ext" -out "$1.pem"
  rm -f "$1.csr" "$1.ext"
}
authority authority 'Parley test authority'
authority stranger-authority 'Another test authority'
signed server authority
signed client authority
signed stranger stranger-authority
rm -f ./*.srl authority.key stranger-authority.key
