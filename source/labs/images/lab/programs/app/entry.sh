#!/bin/sh
# The application asks the forwarder itself: behind Docker's own resolver that one's 4 s would be what a client waits,
# not glibc's. Docker writes this file anew at each start, so this does, too.
set -eu
printf 'nameserver %s\noptions %s\n' "$LAB_RESOLVER" "$LAB_RESOLVER_OPTIONS" > /etc/resolv.conf
cd /opt/faultline/app
exec setpriv --reuid=www-data --regid=www-data --clear-groups gunicorn --config gunicorn.conf.py todo_app:app
