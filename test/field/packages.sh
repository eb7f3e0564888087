# What programs the cases stand on, and the Debian package of each. A case names those it wants: NEEDS='nginx redis-server'.
declare -A PACKAGE_OF=(
  [python3]=python3 [ip]=iproute2 [nft]=nftables [tc]=iproute2 [iptables]=iptables [unshare]=util-linux [setpriv]=util-linux
  [conntrack]=conntrack [dockerd]=docker.io [podman]=podman [netavark]=netavark [aardvark-dns]=aardvark-dns [runc]=runc
  [postgres]=postgresql [psycopg2]=python3-psycopg2 [pgbouncer]=pgbouncer [mariadbd]=mariadb-server [redis-server]=redis-server
  [memcached]=memcached [mosquitto]=mosquitto [haproxy]=haproxy [nginx]=nginx-light [varnishd]=varnish [lighttpd]=lighttpd
  [stunnel4]=stunnel4 [socat]=socat [openssl]=openssl [dnsmasq]=dnsmasq-base [unbound]=unbound [php]=php-cli [mysqli]=php-mysql
  [java]=default-jre-headless [ab]=apache2-utils [gunicorn]=gunicorn [go]=golang-go [php-fpm]=php-fpm [apache2]=apache2 [ruby]=ruby
  [webrick]=ruby-webrick [squid]=squid [tinyproxy]=tinyproxy [inetd]=openbsd-inetd [etcd]=etcd-server [nats-server]=nats-server
  [rabbitmq]=rabbitmq-server [pika]=python3-pika [named]=bind9 [pdns_recursor]=pdns-recursor [kresd]=knot-resolver [uwsgi]=uwsgi
  [uwsgi-python3]=uwsgi-plugin-python3 [gdb]=gdb [gcc]=gcc
)

# is_there PROGRAM: libraries by importing them, servers where Debian puts them.
is_there() {
  case $1 in
    psycopg2 | pika) python3 -c 'import '"$1" 2>/dev/null ;;
    mysqli) php -r 'exit(extension_loaded("mysqli") ? 0 : 1);' 2>/dev/null ;;
    postgres) compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null ;;
    php-fpm) compgen -G '/usr/sbin/php-fpm*' >/dev/null ;;
    webrick) ruby -rwebrick -e 1 2>/dev/null ;;
    rabbitmq) [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] ;;
    uwsgi-python3) compgen -G '/usr/lib/uwsgi/plugins/python3*' >/dev/null ;;
    netavark | aardvark-dns) [ -x /usr/lib/podman/$1 ] ;;
    *) PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null ;;
  esac
}

# packages PROGRAM...: installs what is missing, one caller at a time, and starts none of it.
packages() {
  local program missing=()
  for program in "$@"; do
    if ! is_there "$program"; then missing+=("${PACKAGE_OF[$program]:-$program}"); fi
  done
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  (
    flock 9
    export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
      { apt-get update -qq >&2 && apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2; }
  ) 9>"${TMPDIR:-/tmp}/faultline-field-packages.lock"
}
