"""PostgreSQL as the document uses it: psycopg2.connect for each request, by name."""

import os
import sys
import time

import psycopg2
import psycopg2.extras

import client
from hardening import backoff, breaker, switches
from pool import Pool
from stopped import Stopped

SETTINGS = {
    "host": os.environ["LAB_DATABASE_NAME"],
    "port": 5432,
    "dbname": os.environ["LAB_DATABASE"],
    "user": os.environ["LAB_DATABASE_USER"],
    "password": os.environ["LAB_DATABASE_PASSWORD"],
    "application_name": os.environ.get("LAB_SERVICE", "todo-app"),
    # libpq's, from the lookup's end on: it does not bound name resolution.
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
}
# strerror of EAI_AGAIN (glibc). It says this at once, too, when a nameserver refuses: that is an answer.
NOBODY_ANSWERED = "Temporary failure in name resolution"
AT_ONCE_S = 0.9
DEADLINE_S = 3.0


def query(text, values=()):
    """Rows of one statement as dictionaries. Raises psycopg2.Error, or Stopped."""
    pooled = switches.on("pool")
    if not pooled:
        _pool.drop()
    connection = _pool.take() if pooled else _connect()
    try:
        with connection, connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
            cursor.execute(text, values)
            return [dict(row) for row in cursor.fetchall()]
    finally:
        if pooled:
            _pool.give(connection)
        else:
            connection.close()


def _connect():
    """
    Asks again at once and for ever when no nameserver answered in time; any other failure ends it: asking a server
    that refuses again at once is a busy loop.
    """
    began = time.monotonic()
    tries = 0
    while True:
        if switches.on("deadline"):
            if tries and time.monotonic() - began >= DEADLINE_S:
                raise Stopped(f"gave up after {DEADLINE_S:g} s")
            if client.has_gone():
                raise Stopped("the client has gone")
        broken = switches.on("breaker")
        if broken:
            breaker.enter()
        asked = time.monotonic()
        failed = False
        try:
            return psycopg2.connect(**SETTINGS)
        except psycopg2.OperationalError as error:
            failed = NOBODY_ANSWERED in str(error)
            if not failed or time.monotonic() - asked < AT_ONCE_S:
                raise
            text = " ".join(str(error).split())
            print(f"WARNING {text}, retrying", file=sys.stderr, flush=True)
        finally:
            if broken:
                breaker.report(not failed)
        if switches.on("backoff"):
            time.sleep(backoff.seconds(tries))
        tries += 1


_pool = Pool(10, _connect)
