# Where things are: ports, names, and namespaces joined to this one.

# wait_port ADDRESS PORT: until something listens there, 10 s at most; a case whose world does not come about is not judged.
wait_port() {
  local i
  for i in $(seq 100); do
    if (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; then return; fi
    sleep 0.1
  done
  unsound "nothing listens on $1:$2"
}

# resolv TEXT: this host's resolv.conf.
resolv() {
  printf '%b\n' "$1" >"$W/resolv.conf"
  mount --bind "$W/resolv.conf" /etc/resolv.conf
}

# hosts TEXT: lines put before this host's hosts file.
hosts() {
  { printf '%b\n' "$1"; cat /etc/hosts; } >"$W/hosts"
  mount --bind "$W/hosts" /etc/hosts
}

# names ADDRESS ANSWER [MODE [MS]]: a name server on port 53 of ADDRESS; NAMES is its process.
names() {
  $PY $FIX/dns.py "$1" 53 "${@:2}" >>names.log 2>&1 &
  NAMES=$!
  sleep 0.5
}

# nested NAME ADDRESS_HERE ADDRESS_THERE: a namespace joined to this one by a veth pair, v-NAME here and eth0 there.
nested() {
  ip netns add "$1"
  ip link add "v-$1" type veth peer name eth0 netns "$1"
  ip addr add "$2/24" dev "v-$1"
  ip link set "v-$1" up
  ip -n "$1" addr add "$3/24" dev eth0
  ip -n "$1" link set eth0 up
  ip -n "$1" link set lo up
  ip -n "$1" route add default via "$2"
}

# at NAME COMMAND...: in that namespace.
at() {
  local name=$1
  shift
  nsenter --net="/run/netns/$name" "$@"
}

# load URL RATE SECONDS [AT_ONCE]: requests on fresh connections; LOADPID is its process.
load() {
  $PY $FIX/load.py "$@" >"load.$RANDOM.log" 2>&1 &
  LOADPID=$!
}
