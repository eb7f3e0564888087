"""What the application counts of itself, on a port and a thread of its own: it answers when every slot is taken."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

PORT = 9000


def serve(pool, slots):
    """Begins to answer. `pool` is the server's executor: its threads are the slots, its queue is the line."""

    class Counters(BaseHTTPRequestHandler):
        def do_GET(self):
            waiting = pool._work_queue.qsize()
            idle = pool._idle_semaphore._value
            at_work = max(0, len(pool._threads) - idle)
            body = json.dumps({"inFlight": at_work, "waiting": waiting, "slots": slots}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            pass

    threading.Thread(target=HTTPServer(("0.0.0.0", PORT), Counters).serve_forever, daemon=True).start()
