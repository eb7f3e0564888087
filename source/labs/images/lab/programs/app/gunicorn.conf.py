"""The application's server: one process with a bounded number of slots that all routes share."""

import os

bind = "0.0.0.0:5000"
worker_class = "gthread"
workers = 1
threads = int(os.environ.get("LAB_SLOTS", "32"))
# Beyond the slots requests wait in line, accepted and unanswered.
worker_connections = 1000
# A worker that gets no CPU for so long is taken for hung and replaced.
timeout = 120
# A slot that waits for a lookup does not end when asked to: it is ended.
graceful_timeout = 1
worker_tmp_dir = "/dev/shm"
accesslog = None
errorlog = "-"
loglevel = "warning"


def post_worker_init(worker):
    import counters

    counters.serve(worker.tpool, threads)
