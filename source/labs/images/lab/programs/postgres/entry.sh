#!/bin/sh
# Gives both roles the passwords of this lab, then becomes the server. Runs as the user postgres.
set -eu
data=/var/lib/faultline/postgres
rm -f "$data/postmaster.pid"
printf "ALTER ROLE todouser PASSWORD '%s';\n\nALTER ROLE postgres PASSWORD '%s';\n\n" \
  "$LAB_DATABASE_PASSWORD" "$LAB_SUPERUSER_PASSWORD" | postgres --single -j -D "$data" postgres > /dev/null
exec postgres -D "$data"
