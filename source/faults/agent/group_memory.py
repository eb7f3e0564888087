"""
What is there of what `docker exec` started under a name: how many processes now, how many that took memory were seen
to have been killed (each leaves a `sleep 3`), and the most that all held at once, in bytes. Arguments: name, bytes that are enough to stop looking,
seconds at most.
"""

import os
import sys
import time

name, enough, patience = sys.argv[1].encode(), int(sys.argv[2]), float(sys.argv[3])


def members():
    """Process id, arguments and resident bytes of each process in a group that was started under the name."""
    pids = [int(entry) for entry in os.listdir('/proc') if entry.isdigit()]
    lines, groups = {}, set()
    for pid in pids:
        try:
            with open(f'/proc/{pid}/cmdline', 'rb') as line:
                lines[pid] = line.read().split(b'\0')
            if len(lines[pid]) > 3 and lines[pid][3] == name:
                groups.add(os.getpgid(pid))
        except OSError:
            continue
    for pid, arguments in lines.items():
        try:
            if os.getpgid(pid) not in groups:
                continue
            with open(f'/proc/{pid}/statm', encoding='ascii') as sizes:
                yield pid, arguments, int(sizes.read().split()[1]) * os.sysconf('SC_PAGE_SIZE')
        except OSError:
            continue


end = time.monotonic() + patience
killed, most, count = set(), 0, 0
while time.monotonic() < end and most < enough and not killed:
    found = list(members())
    count = len(found)
    killed.update(pid for pid, arguments, _ in found if arguments[:2] == [b'sleep', b'3'])
    most = max(most, sum(size for _, _, size in found))
    if count == 0:
        break
    time.sleep(0.05)
print('processes', count, 'killed', len(killed), 'bytes', most)
