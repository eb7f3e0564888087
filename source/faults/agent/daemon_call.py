"""Calls to the Docker daemon over its socket."""

import http.client
import json
import socket

SOCKET = '/var/run/docker.sock'
# A restart of a container with its grace period ends within this time.
PATIENCE_S = 45


class DaemonError(Exception):
    """What the daemon refused, in its own words."""


class Connection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(PATIENCE_S)
        self.sock.connect(SOCKET)


def call(method, path, body=None, ok_status=()):
    """Makes one call and returns its answer. Raises DaemonError for a status that is neither 2xx nor one of ok_status."""
    connection = Connection('docker')
    try:
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, {'Content-Type': 'application/json'} if text else {})
        response = connection.getresponse()
        said = response.read(65536).decode('utf-8', 'replace')
    finally:
        connection.close()
    if 200 <= response.status < 300 or response.status in ok_status:
        try:
            return json.loads(said) if said else None
        except ValueError:
            return None
    try:
        said = json.loads(said)['message']
    except (ValueError, KeyError, TypeError):
        pass
    raise DaemonError(f'{method} {path}: {response.status} {said.strip()[:400]}')


def execute(container, command, user=None, ok_status=()):
    """Starts a program in a container and does not wait for it. Raises DaemonError as `call` does."""
    asked = {'Cmd': command, **({'User': user} if user else {})}
    made = call('POST', f'/containers/{container}/exec', asked, ok_status) or {}
    if 'Id' in made:
        call('POST', f'/exec/{made["Id"]}/start', {'Detach': True, 'Tty': False}, ok_status)
