#!/bin/sh
# Run when the image is made: the cluster with the application's role, database and table. Passwords are set when a
# container starts. Segments of 1 MB: a write copies a whole one into the container's layer.
set -eu
data=/var/lib/faultline/postgres
install -d -o postgres -g postgres -m 0700 "$data"
# Where psql looks for the server.
install -d -o postgres -g postgres -m 0755 /var/run/postgresql
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
cd /
as_postgres initdb --pgdata "$data" --encoding UTF8 --locale C.UTF-8 --auth trust --wal-segsize 1
printf '%s\n' 'local all all trust' 'host all all 127.0.0.1/32 trust' 'host all all 0.0.0.0/0 scram-sha-256' \
  > "$data/pg_hba.conf"
cat >> "$data/postgresql.conf" <<END
listen_addresses = '*'
unix_socket_directories = '/var/run/postgresql'
log_timezone = 'UTC'
# The data lives as long as its container.
fsync = off
END
single() { as_postgres postgres --single -j -D "$data" "$1" > /dev/null; }
printf 'CREATE ROLE todouser LOGIN;\n\nCREATE DATABASE tododb OWNER todouser;\n\n' | single postgres
printf '%s;\n\n' \
  'CREATE TABLE todos (id serial PRIMARY KEY, title text NOT NULL, done boolean NOT NULL DEFAULT false, created_at timestamptz NOT NULL DEFAULT now())' \
  'ALTER TABLE todos OWNER TO todouser' \
  "INSERT INTO todos (title) VALUES ('Buy milk'), ('Water the plants'), ('Call the plumber')" \
  | single tododb
