"""A customer of the service: asks for what stands on its standard input, and says how each request went.

A line in, `<seconds> <requests a second> <path>`, begins a load in place of the one before; one JSON line a request out:
{"at": ms, "path": "/work?ms=20", "ok": true, "ms": 23.1, "by": "hostname", "error": null}. Each request looks the
name up anew and opens a connection of its own, so that it meets the replicas as a new customer does. Waits for at
most 5 s, with at most 32 requests under way; what finds no place is told as an error and not sent.
"""
import http.client
import json
import os
import sys
import threading
import time

HOST = sys.argv[1]
PATIENCE_S = 5
MOST_UNDER_WAY = 32

places = threading.BoundedSemaphore(MOST_UNDER_WAY)
write = threading.Lock()
current = None


def tell(path, began, by, error):
    line = {
        "at": round(time.time() * 1000),
        "path": path,
        "ok": error is None,
        "ms": round((time.monotonic() - began) * 1000, 1),
        "by": by,
        "error": error,
    }
    with write:
        print(json.dumps(line), flush=True)


def ask(path):
    began = time.monotonic()
    by, error = None, None
    try:
        connection = http.client.HTTPConnection(HOST, 8080, timeout=PATIENCE_S)
        connection.request("GET", path)
        answer = connection.getresponse()
        by = answer.read(200).decode("utf-8", "replace").split(" ")[0]
        connection.close()
        if answer.status != 200:
            error = f"status {answer.status}"
    except Exception as failure:
        error = f"{type(failure).__name__}: {failure}"
    finally:
        places.release()
    tell(path, began, by, error)


def load(seconds, rate, path):
    begin = time.monotonic()
    for turn in range(int(seconds * rate)):
        wait = begin + turn / rate - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        if current is not threading.current_thread():
            return
        if places.acquire(blocking=False):
            threading.Thread(target=ask, args=(path,), daemon=True).start()
        else:
            tell(path, time.monotonic(), None, "not sent: 32 requests are under way")


for line in sys.stdin:
    seconds, rate, path = line.split()
    current = threading.Thread(target=load, args=(float(seconds), float(rate), path), daemon=True)
    current.start()
os._exit(0)
