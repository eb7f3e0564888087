import { describe, expect, it } from 'vitest';
import type { AgentStep } from '../../../source/faults/fault-plan.js';
import { planFault } from '../../../source/faults/kinds/planner.js';
import { surroundings } from '../plan/stage.js';

const target = 'web';
/** Commands as they are given to the kernel: arguments apart, text on standard input behind them. */
const commands = (steps: readonly AgentStep[]): string[] =>
  steps.map((step) =>
    step.do === 'run' ? [step.command.join(' '), step.stdin ?? ''].join('\n').trim() : step.do,
  );
const textOf = (steps: readonly AgentStep[]): string => commands(steps).join('\n');

describe('delay', () => {
  it('takes netem where the kernel has it, and puts the queue length back', () => {
    const plan = planFault(
      { kind: 'delay', target, ms: 200, jitterMs: 20 },
      surroundings({ means: { netem: null } }),
    );
    expect(plan).toMatchObject({ means: 'netem', insteadOf: null, ending: 'timer' });
    expect(commands(plan.apply)).toEqual([
      'tc qdisc add dev eth0 root handle fa17: netem limit 100000 delay 200ms 20ms',
    ]);
    expect(commands(plan.undo)).toEqual([
      'tc qdisc del dev eth0 root handle fa17:',
      'ip link set dev eth0 txqueuelen 0',
    ]);
  });

  it('else a queue of nftables behind a lease, read before anything is sent to it', () => {
    const plan = planFault({ kind: 'delay', target, ms: 200 }, surroundings({ means: { nftQueue: null } }));
    expect(plan.ending).toBe('kernel lease');
    expect(plan.apply.map((step) => step.do)).toEqual(['queue', 'run']);
    expect(textOf(plan.apply)).toMatch(/iifname != "lo" meta nfproto @lease counter queue num \d+ bypass/);
    expect(plan.renew).toHaveLength(1);
  });

  it('else a rule of iptables with bypass, and every trace of it goes: chain and table that were not there', () => {
    const plan = planFault({ kind: 'delay', target, ms: 200 }, surroundings());
    expect(plan.insteadOf).toBe('netem is not to be had: Specified qdisc kind is unknown');
    const [queue, rule] = plan.apply;
    const number = queue?.do === 'queue' ? queue.number : 0;
    const options = `INPUT ! -i lo -m comment --comment faultline_fabc123 -j NFQUEUE --queue-num ${number} --queue-bypass`;
    expect(commands([rule as AgentStep])).toEqual([`iptables-nft -w 5 -t mangle -A ${options}`]);
    expect(commands(plan.undo)).toEqual([
      `iptables-nft -w 5 -t mangle -D ${options}`,
      'nft delete chain ip mangle INPUT',
      'sh -c nft list table "$1" mangle | grep -q chain || nft delete table "$1" mangle sh ip',
    ]);
  });

  it('leaves a mangle table alone that was there before', () => {
    const chains = ['ip mangle', 'ip mangle INPUT'];
    const plan = planFault({ kind: 'delay', target, ms: 200 }, surroundings({ inside: { chains } }));
    expect(plan.undo).toHaveLength(1);
  });

  it('asks for a raw socket where only iptables-legacy works, and refuses where nothing does', () => {
    const spec = { kind: 'delay', target, ms: 200 } as const;
    const legacy = planFault(spec, surroundings({ means: { iptablesNft: 'no' } }));
    expect(legacy.agent.capabilities).toEqual(['NET_ADMIN', 'NET_RAW']);
    const none = surroundings({ means: { iptablesNft: 'no', iptablesLegacy: 'neither' } });
    expect(() => planFault(spec, none)).toThrow('nothing here can delay packets: netem is not to be had');
  });

  it('delays IPv6, too, where the target has it', () => {
    const network = surroundings().target.networks[0];
    if (!network) throw new Error('no network on the stage');
    const plan = planFault(
      { kind: 'delay', target, ms: 200 },
      surroundings({ target: { networks: [{ ...network, ipv6: 'fd00::5' }] } }),
    );
    expect(textOf(plan.apply)).toContain('ip6tables-nft');
    expect(textOf(plan.undo)).toContain('nft delete chain ip6 mangle INPUT');
  });
});

describe('packets that are dropped', () => {
  it('loss is where packets arrive, never where they are sent', () => {
    const plan = planFault({ kind: 'loss', target, percent: 2.5 }, surroundings());
    const text = textOf(plan.apply);
    expect(text).toContain('type filter hook prerouting priority raw; policy accept;');
    expect(text).toContain('iifname != "lo" meta nfproto @lease numgen random mod 10000 < 250 counter drop');
    expect(text).toContain('elements = { ipv4 timeout 30000ms, ipv6 timeout 30000ms }');
    expect(text).not.toContain('hook output');
    expect(textOf(plan.undo)).toContain('delete table inet faultline_fabc123');
  });

  it('a partition drops what goes at the device, so that no UDP sender is told', () => {
    const peers = ['172.18.0.9', 'FD00::9'];
    const both = textOf(planFault({ kind: 'drop-peer', target, peers, ways: 'both' }, surroundings()).apply);
    expect(both).toContain('ip saddr @peers4 counter drop');
    expect(both).toContain('ip6 saddr @peers6 counter drop');
    expect(both).toContain('meta l4proto tcp ip daddr @peers4 counter drop');
    expect(both).toContain('type filter hook egress device "eth0" priority 0');
    expect(both).toContain('elements = { fd00::9 timeout 30000ms }');
    const into = textOf(planFault({ kind: 'drop-peer', target, peers, ways: 'in' }, surroundings()).apply);
    expect(into).not.toContain('daddr');
    const out = textOf(planFault({ kind: 'drop-peer', target, peers, ways: 'out' }, surroundings()).apply);
    expect(out).not.toContain('saddr');
  });

  it('says what a UDP sender sees where there is no egress hook', () => {
    const plan = planFault(
      { kind: 'drop-peer', target, peers: ['172.18.0.9'], ways: 'out' },
      surroundings({ means: { egress: 'Operation not supported' } }),
    );
    expect(plan.insteadOf).toContain('a UDP sender in the target gets EPERM');
    expect(textOf(plan.apply)).not.toContain('netdev');
    expect(textOf(plan.apply)).toContain('    ip daddr @peers4 counter drop');
  });

  it('renews each address whether or not its time has run out', () => {
    const plan = planFault({ kind: 'drop-peer', target, peers: ['172.18.0.9'], ways: 'in' }, surroundings());
    expect(textOf(plan.renew).split('\n').slice(1)).toEqual([
      'add element inet faultline_fabc123 peers4 { 172.18.0.9 timeout 30000ms }',
      'delete element inet faultline_fabc123 peers4 { 172.18.0.9 }',
      'add element inet faultline_fabc123 peers4 { 172.18.0.9 timeout 30000ms }',
    ]);
  });

  it('DNS: the server first, then the way to it, and conntrack forgets both times', () => {
    const plan = planFault({ kind: 'dns-answer', target, rcode: 'SERVFAIL' }, surroundings());
    expect(plan.apply.map((step) => step.do)).toEqual(['answer', 'run', 'run']);
    const port = plan.apply[0]?.do === 'answer' ? plan.apply[0].port : 0;
    expect(textOf(plan.apply)).toContain('type nat hook output priority -101; policy accept;');
    expect(textOf(plan.apply)).toContain(`udp dport @lease counter redirect to :${port}`);
    expect(commands(plan.undo).at(-1)).toBe('conntrack -D -p udp --orig-port-dst 53');
    expect(textOf(planFault({ kind: 'dns-drop', target }, surroundings()).apply)).toContain(
      'udp sport @lease counter drop',
    );
  });
});

describe('bandwidth', () => {
  it('is a token bucket under our own handle', () => {
    const plan = planFault({ kind: 'bandwidth', target, kbitPerSecond: 2000, queueMs: 300 }, surroundings());
    expect(commands(plan.apply)).toEqual([
      'tc qdisc add dev eth0 root handle fa17: tbf rate 2000kbit burst 2500 latency 300ms',
    ]);
  });

  it('says when the queue is held by another fault of ours', () => {
    const links = [{ name: 'eth0', queueLength: 1000, rootQdisc: 'netem', rootHandle: 'fa17:' }];
    const spec = { kind: 'bandwidth', target, kbitPerSecond: 2000, queueMs: 300 } as const;
    expect(() => planFault(spec, surroundings({ inside: { links } }))).toThrow('another fault of ours');
  });

  it('refuses a root qdisc that somebody set', () => {
    const links = [{ name: 'eth0', queueLength: 1000, rootQdisc: 'htb', rootHandle: '1:' }];
    expect(() =>
      planFault(
        { kind: 'bandwidth', target, kbitPerSecond: 2000, queueMs: 300 },
        surroundings({ inside: { links } }),
      ),
    ).toThrow('eth0 has a root qdisc that is not ours (htb)');
  });
});
