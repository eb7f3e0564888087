"""Background traffic: one visitor a second, whether or not the ones before were served."""

import json
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

URL = "http://gateway/todos"
# Asked until each replica has started: nobody visits a page that was never there, and nginx would put them aside.
STARTED = [f"http://gateway/lab/counters/todo-app-{replica}" for replica in (1, 2, 3)]
EVERY_S = 1.0
# A visitor leaves after 5 s without an answer; so no more than this can be under way.
PATIENCE_S = 5.0
MOST_UNDER_WAY = 8
PORT = 9000

lock = threading.Lock()
counters = {"sent": 0, "ok": 0, "failed": 0}


def count(what):
    with lock:
        counters[what] += 1


def visit():
    try:
        with urllib.request.urlopen(URL, timeout=PATIENCE_S) as answer:
            answer.read()
        count("ok")
    except OSError as error:
        count("failed")
        print(f"GET /todos failed: {error}", file=sys.stderr, flush=True)


class Counters(BaseHTTPRequestHandler):
    def do_GET(self):
        with lock:
            body = json.dumps(counters).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


def until_started():
    for url in STARTED:
        while True:
            try:
                urllib.request.urlopen(url, timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)


threading.Thread(target=HTTPServer(("0.0.0.0", PORT), Counters).serve_forever, daemon=True).start()
until_started()
next_at = time.monotonic()
while True:
    next_at += EVERY_S
    time.sleep(max(0.0, next_at - time.monotonic()))
    with lock:
        under_way = counters["sent"] - counters["ok"] - counters["failed"]
    if under_way < MOST_UNDER_WAY:
        count("sent")
        threading.Thread(target=visit, daemon=True).start()
