"""
Gives every process that has one soft limit of open files another, the hard limits left alone: children that came
meanwhile have what their parent had. Needs the user and group of those processes; those of others are passed over.
Arguments: the limit they have, the limit they get; -1 is none.
"""

import os
import resource
import sys

was, wanted = int(sys.argv[1]), int(sys.argv[2])
own = {os.getpid(), os.getppid()}
failure = 'it is not there'
first = False

for name in filter(str.isdigit, os.listdir('/proc')):
    pid = int(name)
    if pid in own:
        continue
    try:
        soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        if soft == was:
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        first = first or (pid == 1 and soft == wanted)
    except (OSError, ValueError) as error:
        if pid == 1:
            failure = str(error)

if not first:
    sys.exit(f'the first process does not have that limit: {failure}')
