# Servers of other people's make, on this host. `as USER COMMAND…` runs one as its user; behind `&` it must be `setpriv
# $(user USER) COMMAND…`, for `$!` of a function is not the server.
PGBIN=$(compgen -G '/usr/lib/postgresql/*/bin' | tail -1)

user() { echo "--reuid=$1 --regid=$1 --clear-groups"; }
as() {
  local name=$1
  shift
  setpriv $(user "$name") "$@"
}

# app: the small web application on PORT (8080); APP is its process.
app() {
  PORT=${PORT:-8080} $PY $FIX/app.py >app.log 2>&1 &
  APP=$!
  wait_port 127.0.0.1 "${PORT:-8080}"
}

# postgres_up FOLDER [SETTING]: a cluster that listens everywhere and trusts everybody.
postgres_up() {
  mkdir -p "$1"
  chown postgres "$1"
  as postgres "$PGBIN/initdb" -D "$1" --no-sync -A trust -U postgres >/dev/null || return
  echo 'host all all 0.0.0.0/0 trust' >>"$1/pg_hba.conf"
  printf "unix_socket_directories=''\nlisten_addresses='*'\nfsync=off\nlog_min_messages=fatal\n%s\n" "${2:-}" >>"$1/postgresql.conf"
}

# postgres_run FOLDER: starts it; PG is its process.
postgres_run() {
  setpriv $(user postgres) "$PGBIN/postgres" -D "$1" >pg.log 2>&1 &
  PG=$!
  wait_port 127.0.0.1 5432
  sleep 0.5
}

# mysql_up FOLDER: a data folder whose root needs no password.
mysql_up() {
  mkdir -p "$1"
  chown mysql "$1"
  as mysql mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db --datadir="$1" --tmpdir="$1" >mysql-init.log 2>&1
}

# mysql_args FOLDER: what starts it without the host's own configuration.
mysql_args() { echo "--no-defaults --datadir=$1 --tmpdir=$1 --socket=$1/my.sock --pid-file=$1/my.pid --bind-address=0.0.0.0 --skip-grant-tables --skip-networking=0 --innodb-flush-log-at-trx-commit=0"; }

# mysql_run FOLDER [OPTION...]: starts it; MYSQL is its process.
mysql_run() {
  local folder=$1
  shift
  setpriv $(user mysql) mariadbd $(mysql_args "$folder") "$@" >mysql.log 2>&1 &
  MYSQL=$!
  wait_port 127.0.0.1 3306
}

# php_app [PORT]: PHP's own server with eight workers and the page of fix/shop.php; PHP is its process.
php_app() {
  PHP_CLI_SERVER_WORKERS=8 php -S "0.0.0.0:${1:-8080}" $FIX/shop.php >php.log 2>&1 &
  PHP=$!
  wait_port 127.0.0.1 "${1:-8080}"
}

# haproxy_run PORT NAME=ADDRESS:PORT... [-- LINE...]: haproxy before those servers; lines go to its listen section. HAPROXY is its process.
haproxy_run() {
  local port=$1 server
  shift
  {
    printf 'defaults\n mode http\n timeout connect 2s\n timeout client 20s\n timeout server 20s\nlisten l\n bind *:%s\n' "$port"
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
      echo " server ${1%%=*} ${1#*=}"
      shift
    done
    if [ $# -gt 0 ]; then shift; fi
    printf ' %s\n' "$@"
  } >"haproxy.$port.cfg"
  haproxy -f "haproxy.$port.cfg" -db >"haproxy.$port.log" 2>&1 &
  HAPROXY=$!
  wait_port 127.0.0.1 "$port"
}

# nginx_run PORT UPSTREAM [LINE...]: nginx that hands everything on; lines go to its http section. NGINX is its process.
nginx_run() {
  local port=$1 upstream=$2
  shift 2
  mkdir -p "nginx.$port" && chmod 777 "nginx.$port"
  {
    printf 'daemon off;\npid %s/nginx.%s/pid;\nerror_log %s/nginx.%s/error.log;\n%s\nevents { worker_connections %s; }\n' "$W" "$port" "$W" "$port" "${NGINX_MAIN:-}" "${NGINX_CONNECTIONS:-512}"
    printf 'http {\n access_log off; client_body_temp_path %s/nginx.%s; proxy_temp_path %s/nginx.%s;\n %s\n server { listen %s; location / { proxy_pass %s; } }\n}\n' "$W" "$port" "$W" "$port" "$*" "$port" "$upstream"
  } >"nginx.$port.conf"
  nginx -c "$W/nginx.$port.conf" 2>"nginx.$port.log" &
  NGINX=$!
  wait_port 127.0.0.1 "$port"
}

# go_build NAME: the Go program fix/NAME.go as NAME in the case's folder; its compiler's cache is kept between cases.
go_build() {
  GOCACHE=${GOCACHE:-/var/tmp/faultline-field-go} GOPATH=$W/go GO111MODULE=off CGO_ENABLED=0 go build -o "$1" "$FIX/$1.go" || unsound "$1.go does not build"
}

# gate PORT: the Go service of fix/gate.go, in the case's folder; GATE is its process.
gate() {
  if [ ! -x gate ]; then go_build gate; fi
  PORT=$1 ./gate >"gate.$1.log" 2>&1 &
  GATE=$!
  wait_port 127.0.0.1 "$1"
}

# php_fpm LISTEN CHILDREN [LINE...]: a pool of PHP-FPM; lines go to its section. FPM is its process.
php_fpm() {
  local listen=$1 children=$2
  shift 2
  {
    printf '[global]\npid = %s/fpm.pid\nerror_log = %s/fpm.log\ndaemonize = no\n[www]\nuser = root\ngroup = root\nlisten = %s\nlisten.mode = 0666\npm = static\npm.max_children = %s\nclear_env = no\n' "$W" "$W" "$listen" "$children"
    printf '%s\n' "$@"
  } >fpm.conf
  "$(compgen -G '/usr/sbin/php-fpm*' | tail -1)" -R -y "$W/fpm.conf" >fpm.out 2>&1 &
  FPM=$!
  sleep 1
}

# nginx_fpm PORT LISTEN SCRIPT: nginx that gives every page to that pool. NGINX is its process.
nginx_fpm() {
  mkdir -p "nginx.$1" && chmod 777 "nginx.$1"
  printf 'daemon off;\npid %s/nginx.%s/pid;\nerror_log %s/nginx.%s/error.log;\nevents { worker_connections 512; }\nhttp { access_log off; server { listen %s; location / { include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME %s; fastcgi_pass %s; fastcgi_read_timeout 20s; } } }\n' "$W" "$1" "$W" "$1" "$1" "$3" "$2" >"nginx.$1.conf"
  nginx -c "$W/nginx.$1.conf" 2>"nginx.$1.log" &
  NGINX=$!
  wait_port 127.0.0.1 "$1"
}

# apache_run PORT LINE...: Apache with its event workers and proxies; lines go to its configuration. APACHE is its process.
apache_run() {
  local port=$1 module
  shift
  {
    printf 'ServerRoot %s\nServerName box\nPidFile %s/apache.pid\nErrorLog %s/apache.log\nDefaultRuntimeDir %s\nMutex file:%s default\nListen %s\nUser www-data\nGroup www-data\n' "$W" "$W" "$W" "$W" "$W" "$port"
    for module in mpm_event authz_core proxy proxy_http proxy_fcgi; do printf 'LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n' $module $module; done
    printf '%s\n' "$@"
  } >apache.conf
  apache2 -f "$W/apache.conf" -DFOREGROUND >apache.out 2>&1 &
  APACHE=$!
  wait_port 127.0.0.1 "$port"
}

# rabbit_up [LINE...]: RabbitMQ on 5672; lines go to its configuration. RABBIT is the process of its node.
rabbit_up() {
  mkdir -p rabbit/{home,db,log}
  printf 'loopback_users = none\n' >rabbit/rabbit.conf
  printf '%s\n' "$@" >>rabbit/rabbit.conf
  printf '[].\n' >rabbit/plugins
  chown -R rabbitmq rabbit
  export RABBITMQ_NODENAME=rabbit@localhost RABBITMQ_MNESIA_BASE=$W/rabbit/db RABBITMQ_LOG_BASE=$W/rabbit/log RABBITMQ_CONFIG_FILE=$W/rabbit/rabbit.conf RABBITMQ_ENABLED_PLUGINS_FILE=$W/rabbit/plugins RABBITMQ_PID_FILE=$W/rabbit/pid RABBITMQ_CONF_ENV_FILE=/dev/null
  HOME=$W/rabbit/home TMPDIR=$W/rabbit/home XDG_STATE_HOME= XDG_RUNTIME_DIR= setpriv $(user rabbitmq) bash -c "ulimit -n ${RABBIT_FILES:-1024}; exec /usr/lib/rabbitmq/bin/rabbitmq-server" >rabbit.log 2>&1 &
  local i
  for i in $(seq 40); do
    sleep 1
    if (exec 3<>/dev/tcp/127.0.0.1/5672) 2>/dev/null; then break; fi
  done
  wait_port 127.0.0.1 5672
  RABBIT=$(pgrep -x beam.smp)
}

# rabbit_ctl COMMAND...: asks that node.
rabbit_ctl() { HOME=$W/rabbit/home TMPDIR=$W/rabbit/home as rabbitmq /usr/lib/rabbitmq/bin/rabbitmqctl "$@" >>rabbitctl.log 2>&1; }
