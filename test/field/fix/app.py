"""A small web application, as a shop has it: each path asks one thing of another server, and a failure is answered with 500 and logged.

/ ok, /slow 2 s by design, /big 200 kB, /boom always 500, /db PostgreSQL, /redis PING, /up its upstream, /name a lookup,
/queue an order to RabbitMQ.
Environment: PORT, BACKLOG, DB, DBUSER, DBWAIT, SQL, POOL, POOL_WAIT, REDIS, UP, UPWAIT, RETRIES, NAME, TRIES, QUEUE.
"""
import http.server
import os
import socket
import threading
import time
import urllib.request

of = os.environ.get
pool = threading.Semaphore(int(of('POOL', '1000000')))


def database():
    import psycopg2
    if not pool.acquire(timeout=float(of('POOL_WAIT', '5'))):
        raise RuntimeError('no connection of the pool became free in time')
    try:
        link = psycopg2.connect(host=of('DB', '127.0.0.1'), port=int(of('DBPORT', '5432')), user=of('DBUSER', 'postgres'), dbname='postgres', connect_timeout=int(of('DBWAIT', '3')))
        try:
            cursor = link.cursor()
            cursor.execute(of('SQL', 'select 1'))
            cursor.fetchall()
            return 'db ok'
        finally:
            link.close()
    finally:
        pool.release()


def redis():
    with socket.create_connection((of('REDIS', '127.0.0.1'), 6379), timeout=2) as link:
        link.sendall(b'PING\r\n')
        return link.recv(20).decode()


def upstream():
    for left in reversed(range(int(of('RETRIES', '0')) + 1)):
        try:
            return urllib.request.urlopen(of('UP'), timeout=float(of('UPWAIT', '3'))).read().decode()
        except Exception:
            if left == 0:
                raise


def queue():
    import pika
    link = pika.BlockingConnection(pika.ConnectionParameters(of('QUEUE', '127.0.0.1'), socket_timeout=4, stack_timeout=4, blocked_connection_timeout=8))
    try:
        channel = link.channel()
        channel.queue_declare('orders')
        channel.confirm_delivery()
        channel.basic_publish('', 'orders', b'order')
        return 'queued'
    finally:
        if link.is_open:
            link.close()


def lookup():
    for left in reversed(range(int(of('TRIES', '1')))):
        try:
            return str(socket.getaddrinfo(of('NAME', 'db.test'), 80)[0][4])
        except socket.gaierror:
            if left == 0:
                raise


PATHS = {
    '/': lambda: 'ok',
    '/slow': lambda: time.sleep(2) or 'slow',
    '/big': lambda: 'x' * 200000,
    '/boom': lambda: 1 / 0,
    '/db': database,
    '/redis': redis,
    '/up': upstream,
    '/name': lookup,
    '/queue': queue,
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        path = self.path.split('?')[0]
        try:
            body, status = PATHS[path](), 200
        except Exception as error:
            body, status = '%s: %s' % (type(error).__name__, error), 500
            print(time.strftime('%T'), 'ERROR', path, body, flush=True)
        data = body.encode()
        self.send_response(status)
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = int(of('BACKLOG', '128'))
    daemon_threads = True


Server(('0.0.0.0', int(of('PORT', '8080'))), Handler).serve_forever()
