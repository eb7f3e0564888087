"""The service that the Swarm experiments are made on: answers at /, uses CPU at /work, allocates memory at /memory.

Both are bounded: at most 500 ms of CPU time and 512 MiB a request, and memory is given back before the answer.
"""
import mmap
import os
import signal
import socket
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

MOST_CPU_MS = 500
MOST_MIB = 512
HOLD_S = 0.5


def work(ms):
    end = time.thread_time() + min(ms, MOST_CPU_MS) / 1000
    while time.thread_time() < end:
        pass
    return f"{ms} ms of CPU time"


def allocate(mib):
    size = min(mib, MOST_MIB) * 1024 * 1024
    with mmap.mmap(-1, size) as block:
        # A page is taken only when it is written to.
        for at in range(0, size, mmap.PAGESIZE):
            block[at] = 1
        time.sleep(HOLD_S)
    return f"{mib} MiB taken and given back"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlparse(self.path)
        asked = {name: int(values[0]) for name, values in parse_qs(url.query).items()}
        if url.path == "/work":
            said = work(asked.get("ms", 20))
        elif url.path == "/memory":
            said = allocate(asked.get("mib", 1))
        else:
            said = "ok"
        body = f"{socket.gethostname()} {said}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


# The first process of a container ignores SIGTERM unless it says otherwise: a stop would take its whole grace time.
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
ThreadingHTTPServer(("", 8080), Answer).serve_forever()
