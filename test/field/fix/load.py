"""load.py URL RATE SECONDS [AT_ONCE]: RATE requests a second on fresh connections, at most AT_ONCE (64) under way."""
import collections
import sys
import threading
import time
import urllib.request

url, rate, seconds = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
room = threading.Semaphore(int(sys.argv[4]) if len(sys.argv) > 4 else 64)
seen = collections.Counter()


def request():
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            answer.read()
            seen[answer.status] += 1
    except Exception as error:
        seen[str(error)[:60]] += 1
    finally:
        room.release()


end = time.monotonic() + seconds
due = time.monotonic()
while time.monotonic() < end:
    if room.acquire(timeout=1):
        threading.Thread(target=request, daemon=True).start()
    due = max(due + 1 / rate, time.monotonic() - 1)
    time.sleep(max(0, due - time.monotonic()))
print(dict(seen))
