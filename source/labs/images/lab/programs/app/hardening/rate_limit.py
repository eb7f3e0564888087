"""A token bucket at the door."""

import os
import threading
import time

# 20 a second, bursts of 40, shared by the replicas.
_SHARE = 1 / int(os.environ.get("LAB_REPLICAS", "3"))
_RATE = 20 * _SHARE
_BURST = 40 * _SHARE
_lock = threading.Lock()
_tokens = _BURST
_at = time.monotonic()


def take():
    """Whether there is a token for one more request."""
    global _tokens, _at
    with _lock:
        now = time.monotonic()
        _tokens = min(_BURST, _tokens + (now - _at) * _RATE)
        _at = now
        if _tokens < 1:
            return False
        _tokens -= 1
        return True
