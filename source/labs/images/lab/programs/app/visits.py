"""Counts visits in Redis. The page does without: quickly, and it says so."""

import sys
import threading
import time

import redis

# A Redis that failed is not asked again for so long.
REST_S = 5.0

_redis = redis.Redis(
    host="redis.lab.internal", socket_connect_timeout=0.3, socket_timeout=0.3, socket_keepalive=True
)
_asking = threading.Lock()
_rest_until = 0.0


def count():
    """`{"visits": 3}`, or what stands for it. One request asks at a time; the others do not wait for it."""
    global _rest_until
    if time.monotonic() < _rest_until:
        return {"visits": None, "degraded": "redis"}
    if not _asking.acquire(blocking=False):
        return {"visits": None}
    try:
        return {"visits": _redis.incr("visits")}
    except redis.RedisError as error:
        _rest_until = time.monotonic() + REST_S
        print(f"WARNING visits are not counted: {error}", file=sys.stderr, flush=True)
        return {"visits": None, "degraded": "redis"}
    finally:
        _asking.release()
