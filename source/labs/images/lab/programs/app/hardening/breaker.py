"""After five failed lookups in a row none is tried for 6 s, so that the queue drains; then one tries for all."""

import threading
import time

from stopped import Stopped

FAILURES = 5
OPEN_S = 6.0

_lock = threading.Lock()
_failures = 0
_open_until = 0.0
_probing = False


def enter():
    """Raises Stopped while the breaker is open."""
    global _probing
    with _lock:
        if _failures < FAILURES:
            return
        if time.monotonic() < _open_until or _probing:
            raise Stopped("the circuit breaker is open: names are not looked up now")
        _probing = True


def report(ok):
    global _failures, _open_until, _probing
    with _lock:
        _probing = False
        _failures = 0 if ok else _failures + 1
        if _failures >= FAILURES:
            _open_until = time.monotonic() + OPEN_S
