"""Who asked: whether the one whose request this thread serves still waits for the answer."""

import select
import socket

from flask import has_request_context, request


def has_gone():
    """True when the peer has closed the connection of the request (gunicorn gives its socket)."""
    peer = request.environ.get("gunicorn.socket") if has_request_context() else None
    if peer is None:
        return False
    readable, _, _ = select.select([peer], [], [], 0)
    try:
        return bool(readable) and peer.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True
