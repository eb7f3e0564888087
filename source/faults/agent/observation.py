"""
Reads the state of the namespaces it runs in, and what a plan's readings find there; changes nothing.

One JSON object on standard output: `raw`, the untouched output of each source by its name (null where it cannot be
read), `network`, the namespace, and `readings`.
"""

import json
import os
import signal
import subprocess
import time

SOURCES = {
    'nft': ['nft', '-s', '-n', 'list', 'ruleset'],
    'iptables-legacy': ['iptables-legacy-save'],
    'ip6tables-legacy': ['ip6tables-legacy-save'],
    'iptables-nft': ['iptables-nft-save'],
    'ip6tables-nft': ['ip6tables-nft-save'],
    'qdisc': ['tc', 'qdisc', 'show'],
    'links': ['ip', '-j', '-d', 'link', 'show'],
    'addresses': ['ip', '-j', 'address', 'show'],
    'routes': ['ip', '-4', 'route', 'show', 'table', 'all'],
    'routes6': ['ip', '-6', 'route', 'show', 'table', 'all'],
    'rules': ['ip', '-4', 'rule', 'show'],
    'rules6': ['ip', '-6', 'rule', 'show'],
}
# Those of the namespace's own that a fault of ours, or a hand beside it, may turn.
SYSCTLS = (
    'net/core/somaxconn',
    'net/ipv4/icmp_echo_ignore_all',
    'net/ipv4/ip_forward',
    'net/ipv4/ip_local_port_range',
    'net/ipv4/tcp_abort_on_overflow',
    'net/ipv4/tcp_fin_timeout',
    'net/ipv4/tcp_keepalive_intvl',
    'net/ipv4/tcp_keepalive_probes',
    'net/ipv4/tcp_keepalive_time',
    'net/ipv4/tcp_max_syn_backlog',
    'net/ipv4/tcp_mtu_probing',
    'net/ipv4/tcp_retries1',
    'net/ipv4/tcp_retries2',
    'net/ipv4/tcp_syn_retries',
    'net/ipv4/tcp_synack_retries',
    'net/ipv4/tcp_syncookies',
    'net/ipv4/tcp_tw_reuse',
    'net/netfilter/nf_conntrack_tcp_be_liberal',
    'net/netfilter/nf_conntrack_tcp_loose',
    'net/netfilter/nf_conntrack_tcp_timeout_established',
    'net/netfilter/nf_conntrack_udp_timeout',
)
PATIENCE_S = 5
MOST_OUTPUT = 8192


def text_of(path):
    try:
        with open(path, encoding='utf-8', errors='replace') as file:
            return file.read()
    except OSError:
        return None


def output(command):
    """Standard output of a source, or None when it cannot be run or fails."""
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode('utf-8', 'replace') if done.returncode == 0 else None


def traffic_control(raw):
    """Classes and filters of each device; only a device whose queue is not the plain default can have some."""
    try:
        names = [link['ifname'] for link in json.loads(raw['links'] or '[]')]
    except ValueError:
        names = []
    for kind in ('class', 'filter'):
        lines = [output(['tc', kind, 'show', 'dev', name]) for name in names]
        raw[kind] = ''.join(f'{name}: {text}' for name, text in zip(names, lines) if text)


def own_processes():
    """What a fault started in the target, by the name that it gave it: the fourth argument of its command line."""
    names = []
    for entry in filter(str.isdigit, os.listdir('/proc')):
        arguments = (text_of(f'/proc/{entry}/cmdline') or '').split('\0')
        if len(arguments) > 3 and arguments[3].startswith('faultline_f'):
            names.append(arguments[3])
    return ''.join(f'{name}\n' for name in sorted(set(names)))


def read_state():
    raw = {name: output(command) for name, command in SOURCES.items()}
    traffic_control(raw)
    raw['sysctls'] = ''.join(
        f'{path} {value.strip()}\n' for path in SYSCTLS if (value := text_of(f'/proc/sys/{path}')) is not None
    )
    raw['limits'] = text_of('/proc/1/limits')
    raw['processes'] = own_processes()
    raw['oom'] = text_of('/proc/1/oom_score_adj')
    return raw


def take(reading):
    """One reading: in a session of its own, so that what it started ends with it."""
    start = time.monotonic()
    try:
        child = subprocess.Popen(
            reading['command'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )
    except OSError as error:
        return {'code': None, 'output': str(error), 'ms': 0}
    code = None
    try:
        out, err = child.communicate(timeout=reading.get('timeoutMs', 5000) / 1000)
        code = child.returncode
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        out, err = child.communicate()
    ms = (time.monotonic() - start) * 1000
    return {'code': code, 'output': (out + err).decode('utf-8', 'replace')[:MOST_OUTPUT], 'ms': round(ms, 2)}


def run(text):
    readings = json.loads(text)
    found = {
        'network': os.readlink('/proc/self/ns/net'),
        'raw': read_state(),
        'readings': {reading['name']: take(reading) for reading in readings},
    }
    print(json.dumps(found), flush=True)
