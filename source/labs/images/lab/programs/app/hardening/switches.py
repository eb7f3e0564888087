"""Which switches are on: one id a line in a file that the console writes. It is part of the container's own files,
so that it outlives a restart."""

import os

_FILE = "/var/lib/faultline/hardening"
_known = (None, frozenset())


def on(switch):
    return switch in _read()


def _read():
    global _known
    try:
        found = os.stat(_FILE)
        # The time of writing comes with the file, in whole seconds; these two are this file system's own.
        changed = (found.st_ino, found.st_ctime_ns)
        if changed != _known[0]:
            with open(_FILE, encoding="ascii") as file:
                _known = (changed, frozenset(file.read().split()))
    except OSError:
        pass
    return _known[1]
