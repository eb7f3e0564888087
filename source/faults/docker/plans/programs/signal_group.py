"""
Sends a signal to what `docker exec` started under a name (the fourth argument of its command line): to its first
process, or to all of its group. That nothing is there is no error. Arguments: name, signal, `first` or `group`.
"""

import os
import signal
import sys

name, number, whom = sys.argv[1].encode(), signal.Signals[sys.argv[2]], sys.argv[3]

for pid in map(int, filter(str.isdigit, os.listdir('/proc'))):
    try:
        with open(f'/proc/{pid}/cmdline', 'rb') as line:
            arguments = line.read().split(b'\0')
        # Its children without a program of their own carry the same command line, but lead no group.
        if len(arguments) > 3 and arguments[3] == name and os.getpgid(pid) == pid:
            os.kill(pid if whom == 'first' else -pid, number)
    except (FileNotFoundError, ProcessLookupError):
        continue
