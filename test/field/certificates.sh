# Certificates of a case: root.crt signs mid.crt, and that the leaves; root.crt is trusted.

# authority: root and intermediate; trusted from here on.
authority() {
  local ca='basicConstraints=critical,CA:true'
  key root 'Field Root'
  openssl x509 -req -in root.csr -signkey root.key -days 30 -extfile <(echo $ca) -out root.crt 2>/dev/null
  key mid 'Field Intermediate'
  openssl x509 -req -in mid.csr -CA root.crt -CAkey root.key -CAcreateserial -days 30 -extfile <(echo $ca) -out mid.crt 2>/dev/null
  export NODE_EXTRA_CA_CERTS=$W/root.crt
}

key() {
  openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -subj "/CN=$2" -out "$1.csr" 2>/dev/null
}

# leaf NAME HOST: NAME.key and NAME.crt for that host.
leaf() {
  key "$1" "$2"
  openssl x509 -req -in "$1.csr" -CA mid.crt -CAkey mid.key -CAcreateserial -days 30 -extfile <(echo "subjectAltName=DNS:$2") -out "$1.crt" 2>/dev/null
}
