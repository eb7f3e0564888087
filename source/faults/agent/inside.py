"""
What planning a fault needs to know from inside a target's network and process namespaces; changes nothing. One JSON
object on standard output: `links`, `qdiscs` and `chains` as their programs tell them, and `processes`.
"""

import json
import os
import subprocess

PROGRAMS = {
    'links': ['ip', '-j', 'link', 'show'],
    'qdiscs': ['tc', '-j', 'qdisc', 'show'],
    'chains': ['nft', '-j', 'list', 'chains'],
}
MOST_PROCESSES = 2000


def said(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=10, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return None


def fields(path):
    """Lines `name: value` of a file in /proc."""
    with open(path, encoding='ascii', errors='replace') as lines:
        return dict(line.rstrip('\n').split(':', 1) for line in lines if ':' in line)


def limit(word):
    return None if word == 'unlimited' else int(word)


def process(pid):
    status = fields(f'/proc/{pid}/status')
    with open(f'/proc/{pid}/limits', encoding='ascii') as lines:
        open_files = next(line for line in lines if line.startswith('Max open files')).split()
    with open(f'/proc/{pid}/oom_score_adj', encoding='ascii') as score:
        adjusted = int(score.read())
    return {
        'pid': pid,
        'parent': int(status['PPid']),
        'uid': int(status['Uid'].split()[0]),
        'gid': int(status['Gid'].split()[0]),
        'openFiles': {'soft': limit(open_files[3]), 'hard': limit(open_files[4])},
        'oomScoreAdj': adjusted,
    }


def processes():
    found = []
    for name in sorted((int(name) for name in os.listdir('/proc') if name.isdigit()))[:MOST_PROCESSES]:
        try:
            if name != os.getpid():
                found.append(process(name))
        except (OSError, KeyError, ValueError, StopIteration):
            continue  # It has ended meanwhile.
    return found


print(json.dumps({name: said(command) for name, command in PROGRAMS.items()} | {'processes': processes()}))
