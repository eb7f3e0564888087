# Docker and Podman of the case's own. Images come from no registry: an empty root on which the host's /usr is mounted.

# hollow_root FOLDER: the root of such an image.
hollow_root() {
  mkdir -p "$1"/{usr,etc/alternatives,tmp,var/tmp,opt,proc,sys,dev,run,home,root,h,w,n}
  local link
  for link in bin sbin lib lib64; do ln -s "usr/$link" "$1/$link"; done
  cp /etc/{nsswitch.conf,passwd,group,ld.so.cache} "$1/etc/"
  chmod 1777 "$1/tmp"
}

# mounts: /usr and the parts of /etc that its programs read, the cases at /h, the case's folder at /w, node at /n.
mounts() {
  local part
  echo "-v /usr:/usr:ro -v $HERE:/h:ro -v $W:/w -v $(dirname "$NODE"):/n:ro"
  for part in /etc/alternatives /etc/php /etc/java-*; do
    if [ -d "$part" ]; then echo "-v $part:$part:ro"; fi
  done
}

# The host's resolver behind the engine's: it knows no name and says so at once.
quiet_resolver() {
  sysctl -qw net.ipv4.ip_forward=1
  ip addr add 10.254.0.53/32 dev lo
  resolv 'nameserver 10.254.0.53'
  ONLY=none.invalid names 10.254.0.53 10.254.0.1
}

docker_up() {
  packages dockerd || return
  quiet_resolver
  dockerd --data-root "$W/docker" --exec-root /run/docker --pidfile /run/docker.pid -H unix:///run/docker.sock >dockerd.log 2>&1 &
  DOCKERD=$!
  local i
  for i in $(seq 100); do
    if docker info >/dev/null 2>&1; then break; fi
    sleep 0.2
  done
  hollow_root "$W/root"
  tar -C "$W/root" -c . | docker import - field/hollow >/dev/null || return
  docker network create shop >/dev/null
}

# podman_up: Podman with its service on the usual socket, and Docker's beside it as the package podman-docker has it;
# `ctr` and the rest then mean Podman.
podman_up() {
  packages podman netavark aardvark-dns runc || return
  quiet_resolver
  mkdir -p /run/podman "$W/networks"
  docker() { podman --root "$W/podman" --runroot /run/podman/root --storage-driver "${PODMAN_STORAGE:-overlay}" --cgroup-manager cgroupfs --network-config-dir "$W/networks" --network-backend netavark --runtime runc --events-backend file "$@"; }
  docker system service --time 0 unix:///run/podman/podman.sock >podman.log 2>&1 &
  PODMAN=$!
  ln -s podman/podman.sock /run/docker.sock
  hollow_root "$W/root"
  tar -C "$W/root" -c . | docker import -q - field/hollow >/dev/null || return
  docker network create shop >/dev/null
}

# ctr NAME [OPTION...] -- COMMAND...: a container of that name and host name, in the network NET (shop).
ctr() {
  local name=$1 options=()
  shift
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  docker run -d --name "$name" --hostname "$name" --network "${NET:-shop}" $(mounts) "${options[@]}" field/hollow "$@" >/dev/null ||
    unsound "the container $name does not start"
}
pid_of() { docker inspect -f '{{.State.Pid}}' "$1"; }
ip_of() { docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' "$1" | cut -d' ' -f1; }

# inctr NAME COMMAND...: the host's programs in that container's network.
inctr() {
  local pid
  pid=$(pid_of "$1")
  shift
  nsenter -t "$pid" -n "$@"
}

# mac_of NAME: that container's hardware address.
mac_of() { inctr "$1" ip -o link show eth0 | sed 's/.*ether \([^ ]*\).*/\1/'; }

# pair_of NAME: the host's end of that container's veth pair.
pair_of() {
  local peer
  peer=$(inctr "$1" ip -o link show eth0 | sed 's/.*@if\([0-9]*\).*/\1/')
  ip -o link | sed -n "s/^$peer: \([^@]*\)@.*/\1/p"
}

# app_ctr NAME [OPTION...]: the small web application in a container, on 8080.
app_ctr() {
  local name=$1
  shift
  ctr "$name" -e PORT=8080 "$@" -- $PY /h/fix/app.py
  wait_port "$(ip_of "$name")" 8080
}

# pg_ctr [SETTING]: PostgreSQL in the container db.
pg_ctr() {
  postgres_up "$W/pgdata" "${1:-}"
  ctr db --user "$(id -u postgres):$(id -g postgres)" -- "$PGBIN/postgres" -D /w/pgdata
  wait_port "$(ip_of db)" 5432
  sleep 1
}

# redis_ctr [NAME]: Redis without persistence, open to all.
redis_ctr() {
  ctr "${1:-redis}" -- redis-server --save '' --protected-mode no
  wait_port "$(ip_of "${1:-redis}")" 6379
}

# mysql_ctr [OPTION...]: MariaDB in the container mysql.
mysql_ctr() {
  mysql_up "$W/mydata"
  ctr mysql --user "$(id -u mysql):$(id -g mysql)" -- mariadbd $(mysql_args /w/mydata) "$@"
  wait_port "$(ip_of mysql)" 3306
}

# php_ctr NAME [OPTION...]: PHP's own server in a container, on 8080, with the page of fix/shop.php.
php_ctr() {
  local name=$1
  shift
  ctr "$name" -e PHP_CLI_SERVER_WORKERS=8 "$@" -- php -S 0.0.0.0:8080 /h/fix/shop.php
  wait_port "$(ip_of "$name")" 8080
}

# java_ctr NAME THREADS [OPTION...]: the Java server in a container, on 8080.
java_ctr() {
  local name=$1 threads=$2
  shift 2
  ctr "$name" "$@" -- java -Xmx64m /h/fix/Server.java 8080 "$threads"
  wait_port "$(ip_of "$name")" 8080
}

# cache_ctr: memcached in the container cache.
cache_ctr() {
  ctr cache -- memcached -u nobody -l 0.0.0.0
  wait_port "$(ip_of cache)" 11211
}

# target NAME PATH [RATE [PORT]]: the container's page is the target, and is asked RATE (2) times a second.
target() {
  local url
  url="http://$(ip_of "$1"):${4:-8080}$2"
  TARGETS="$TARGETS --target $url"
  load "$url" "${3:-2}" 110 100
}

# swarm_up and service NAME REPLICAS -- COMMAND...: a Swarm of this one node, and a service of it.
swarm_up() { docker swarm init --advertise-addr 127.0.0.1 >/dev/null || unsound 'no Swarm comes about'; }
service() {
  local name=$1 replicas=$2
  shift 3
  docker service create -d --no-resolve-image --name "$name" --replicas "$replicas" --mount type=bind,src=/usr,dst=/usr,ro \
    --mount type=bind,src="$HERE",dst=/h,ro --mount type=bind,src="$W",dst=/w field/hollow "$@" >/dev/null || unsound "the service $name does not come about"
}

engines_down() {
  if [ -z "${DOCKERD:-}${PODMAN:-}" ]; then return; fi
  if [ -n "${DOCKERD:-}" ]; then docker swarm leave --force >/dev/null 2>&1; fi
  docker ps -q | while read -r id; do docker unpause "$id"; done >/dev/null 2>&1
  docker ps -aq | xargs -r -n 20 echo | while read -r ids; do docker rm -f $ids; done >/dev/null 2>&1
  kill "${DOCKERD:-$PODMAN}"
  wait "${DOCKERD:-$PODMAN}" 2>/dev/null
}
