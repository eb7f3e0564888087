"""
Tries what faults are made of, in a network namespace of its own that is thrown away with this program. One JSON object
on standard output: null for what works, else the last words of what refused it.
"""

import json
import subprocess

QUEUE = ['-t', 'mangle', '-A', 'OUTPUT', '-j', 'NFQUEUE', '--queue-num', '5', '--queue-bypass']
OUTPUT = 'table inet faultline_try {{\nchain c {{\ntype filter hook output priority mangle\n{rule}\n}}\n}}\n'
EGRESS = 'table netdev faultline_try {\nchain c {\ntype filter hook egress device "lo" priority 0\n}\n}\n'
TRIALS = {
    'nft': (['nft', '-f', '-'], OUTPUT.format(rule='')),
    'nftQueue': (['nft', '-f', '-'], OUTPUT.format(rule='queue num 5 bypass')),
    'egress': (['nft', '-f', '-'], EGRESS),
    'iptablesNft': (['iptables-nft', *QUEUE], ''),
    'iptablesLegacy': (['iptables-legacy', *QUEUE], ''),
    'netem': (['tc', 'qdisc', 'replace', 'dev', 'lo', 'root', 'netem', 'delay', '1ms'], ''),
    'tbf': (['tc', 'qdisc', 'replace', 'dev', 'lo', 'root', 'tbf', 'rate', '1mbit', 'burst', '8kb', 'latency', '9ms'], ''),
}


def tried(command, text):
    try:
        done = subprocess.run(
            command, input=text.encode(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0:
        return None
    lines = [line.strip() for line in done.stdout.decode('utf-8', 'replace').splitlines() if line.strip()]
    said = next((line for line in lines if 'rror' in line or "can't" in line), lines[0] if lines else '')
    return said.removeprefix('Error: ').rstrip('.')[:200] or f'exit code {done.returncode}'


print(json.dumps({name: tried(command, text) for name, (command, text) in TRIALS.items()}))
