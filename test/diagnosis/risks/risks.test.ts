import { describe, expect, it } from 'vitest';
import { latentRisks } from '../../../source/diagnosis/risks/latent-risks.js';
import type { Edge, HostInterface, SettingsSample } from '../../../source/probes/samples.js';
import { MIB } from '../../helpers/container-world.js';
import { HistoryBuilder, play, type World } from '../../helpers/history.js';
import { edge, edges, inside, insideSockets, lookups } from '../../helpers/inside.js';
import { ADDRESS, networkServices } from '../../helpers/network-world.js';
import { conntrack, dns, http, kernel, sockets } from '../../helpers/samples.js';

const RESOLVER = { search: [], ndots: 1, timeoutSeconds: 5, attempts: 2, options: [] };

const nic = (name: string, mtu: number, network: string): HostInterface => ({
  ...{ name, mtu, networks: [network], bridge: name.startsWith('br-') },
  addresses: [network.replace(/\/.*/, '')],
});

const settings = (over: Partial<SettingsSample> = {}): SettingsSample => ({
  resolver: { ...RESOLVER, nameservers: ['10.0.0.2', '10.0.0.3'] },
  interfaces: [nic('eth0', 1500, '10.0.0.4/24'), nic('br-shop', 1500, '172.20.0.1/16')],
  defaultDevice: 'eth0',
  keepAliveSeconds: 7200,
  nat: [{ source: '172.20.0.0/16' }],
  files: [],
  ...over,
});

const WELL = { limits: { memoryBytes: 512 * MIB, cpus: 1, pids: null }, health: 'healthy' } as const;

/** Containers with all that they should have, on a host that has it as well. */
const sound = (over: World = {}): World => ({
  services: networkServices(
    Object.fromEntries(Object.keys(ADDRESS).map((name) => [name, { container: WELL }])),
  ),
  settings: settings(),
  sockets: sockets(),
  conntrack: conntrack(0.1),
  dns: dns(),
  'inside:front': inside('front'),
  ...over,
});

const risks = (over: World = {}, seconds = 2) => latentRisks(play(seconds, () => sound(over)));
const titles = (over: World = {}) => risks(over).map(({ title }) => title);

/** One container's edges, as its own look shows them. */
const within = (name: string, ...list: readonly Edge[]): World => ({
  [`inside:${name}`]: inside(name, {
    network: `net:[${name}]`,
    sockets: insideSockets({ ESTAB: 2 }, { edges: edges(...list) }),
  }),
});

it('finds none where all is as it should be, and none where nothing was read', () => {
  expect(risks()).toEqual([]);
  expect(latentRisks(new HistoryBuilder().second({}))).toEqual([]);
});

it('tells of a kind that fails, and goes on with the others', () => {
  const failed: string[] = [];
  const broken = {
    id: 'broken',
    thresholds: {},
    find: () => {
      throw new Error('no');
    },
  };
  expect(latentRisks(new HistoryBuilder().second({}), [broken], (id) => failed.push(id))).toEqual([]);
  expect(failed).toEqual(['broken']);
});

it('has a figure, where it was read and a line that mends it in each', () => {
  const all = risks({ services: networkServices(), conntrack: conntrack(0.6) });
  expect(all.length).toBeGreaterThan(4);
  for (const { evidence, fix, key, id, subject } of all) {
    expect(key).toBe(`${id}@${subject.kind}:${subject.id}`);
    expect(evidence.length).toBeGreaterThan(0);
    for (const row of evidence) {
      expect(row.value).not.toBe('');
      expect(row.signal).not.toBe('');
      expect(row.source).not.toBe('');
      expect(row.at).not.toBeNull();
    }
    expect(fix.every(({ when, text }) => when === 'later' && text !== '')).toBe(true);
  }
});

describe('containers', () => {
  const only = (container: object) =>
    networkServices({
      ...Object.fromEntries(Object.keys(ADDRESS).map((name) => [name, { container: WELL }])),
      store: { container: { ...WELL, ...container } },
    });

  it('without a limit of memory, of CPU or of both', () => {
    const limited = (memoryBytes: number | null, cpus: number | null) =>
      risks({ services: only({ limits: { memoryBytes, cpus, pids: null } }) });
    expect(limited(null, 1).map(({ title }) => title)).toEqual(['No memory limit on store']);
    expect(limited(512 * MIB, null)[0]?.fix[0]?.command).toBe('docker update --cpus 1 store');
    const [memory, cpu] = limited(null, null);
    expect(memory?.evidence[0]?.value).toBe('its cgroup has no limit of memory; it uses 52 MB now');
    expect(memory?.fix[0]?.command).toBe('docker update --memory 100m --memory-swap 100m store');
    expect(cpu?.evidence[0]?.value).toBe('its cgroup has no quota of CPU time; it uses 0.03 cores now');
  });

  it('without a health check, unless they serve nobody or are for one task', () => {
    const published = [{ protocol: 'tcp', port: 5432, hostAddress: '127.0.0.1', hostPort: 34_373 }];
    const [first] = risks({ services: only({ health: 'none', publishedPorts: published }) });
    expect(first?.title).toBe('No health check on store');
    expect(first?.fix[0]?.text).toContain('http://127.0.0.1:5432/');
    expect(titles({ services: only({ health: 'none' }) })).toEqual([]);
    const listens = (address: string) =>
      insideSockets({}, { listeners: [{ service: null, address, port: 9000, queued: 0, backlog: 5 }] });
    const at = (address: string): World => ({
      services: only({ health: 'none' }),
      'inside:store': inside('store', { network: 'net:[store]', sockets: listens(address) }),
    });
    expect(titles(at('0.0.0.0'))).toEqual(['No health check on store']);
    expect(titles(at('127.0.0.11'))).toEqual([]);
    const one = { publishedPorts: published };
    expect(titles({ services: only({ health: 'none', isTask: true, ...one }) })).toEqual([]);
    expect(titles({ services: only({ health: 'starting', ...one }) })).toEqual([]);
  });

  it('in the words of their engine', () => {
    const [first] = risks({
      services: { ...only({ limits: { memoryBytes: null, cpus: 1, pids: null } }), engine: 'Podman' },
    });
    expect(first?.fix[0]?.command).toMatch(/^podman update /);
  });
});

describe('open files', () => {
  it('of a container, of a process of the host, and of neither with room left', () => {
    const files = [
      { pid: 77, process: 'nginx', open: 800, limit: 1024 },
      { pid: 78, process: 'sshd', open: 600, limit: 1024 },
      { pid: 5432, process: 'postgres', open: 900, limit: 1024 },
    ];
    const store = { openFds: 900, fdLimit: 1024, container: WELL };
    const services = networkServices({
      ...Object.fromEntries(Object.keys(ADDRESS).map((name) => [name, { container: WELL }])),
      store,
    });
    const all = risks({ services, settings: settings({ files }) });
    expect(all.map(({ title }) => title)).toEqual([
      'store has 87.9 % of its open files in use',
      'nginx (pid 77) has 78.1 % of its open files in use',
    ]);
    expect(all[1]?.fix[0]?.command).toBe('prlimit --pid 77 --nofile=4096:4096');
  });
});

describe('conntrack', () => {
  it('half full, and no longer told once it is a finding', () => {
    expect(titles({ conntrack: conntrack(0.6) })).toEqual(['The conntrack table of this host is 60 % full']);
    expect(titles({ conntrack: conntrack(0.8) })).toEqual([]);
    expect(titles({ conntrack: conntrack(0.4) })).toEqual([]);
  });

  it('names the timeout where that is what keeps flows of nobody', () => {
    const kept = { ...conntrack(0.6), timeouts: { tcp_timeout_established: 432_000 } };
    const [first] = risks({ conntrack: kept });
    expect(first?.evidence[1]?.value).toBe('an open flow is kept for 120 h after its last packet');
    expect(first?.fix[0]?.command).toContain('nf_conntrack_tcp_timeout_established=86400');
  });

  it('too small for what ends at this pace', () => {
    const opened = (perSecond: number) =>
      latentRisks(
        play(30, (t) =>
          sound({
            conntrack: { ...conntrack(0.1), max: 8192, timeouts: { tcp_timeout_time_wait: 120 } },
            kernel: kernel({ 'Tcp.ActiveOpens': perSecond * t, 'Tcp.PassiveOpens': perSecond * t }),
          }),
        ),
      );
    expect(opened(20)).toEqual([]);
    expect(opened(50)[0]?.title).toBe(
      'Ended connections alone fill 73.2 % of the conntrack table of this host',
    );
  });
});

describe('resolvers', () => {
  const one = (...nameservers: string[]) => settings({ resolver: { ...RESOLVER, nameservers } });

  it('of which there is one, unless it is a forwarder of its own', () => {
    expect(titles({ settings: one('10.0.0.2') })).toEqual(['One resolver only on this host']);
    expect(titles({ settings: one('127.0.0.53') })).toEqual([]);
    expect(titles({ settings: one('::1') })).toEqual([]);
    expect(titles({ settings: one('10.0.0.2', '10.0.0.2') })).toHaveLength(1);
  });

  it('of a container, where that is not the host’s own', () => {
    const own = { 'inside:front': inside('front', { resolver: { ...RESOLVER, nameservers: ['10.0.0.9'] } }) };
    expect(titles(own)).toEqual(['One resolver only on front']);
    expect(titles({ ...own, settings: one('10.0.0.9') })).toEqual(['One resolver only on this host']);
  });
});

describe('names of elsewhere with every suffix first', () => {
  const step = (qname: string, ms: number, address?: string) => ({
    ...{ qname, qtype: 'A' as const, outcome: address ? ('NOERROR' as const) : ('NXDOMAIN' as const), ms },
    addresses: address ? [address] : [],
  });
  const searched = (ndots: number, name = 'api.example.com') => {
    const [asked] = dns({ name, resolver: '127.0.0.11:53' }).names;
    const steps = [step(`${name}.corp.example`, 3), step(`${name}.example`, 4), step(name, 5, '192.0.2.1')];
    return { 'dns:front': lookups('front', { ndots, names: asked ? [{ ...asked, steps }] : [] }) };
  };

  it('where ndots is above their dots', () => {
    const [first] = risks(searched(5));
    expect(first?.title).toBe('ndots is 5 on front: api.example.com is asked with every suffix first');
    expect(first?.evidence[0]?.value).toBe('2 names in vain (7 ms) before api.example.com itself');
    expect(first?.fix[0]?.text).toContain('api.example.com.');
  });

  it('and not with the default, nor for a short name', () => {
    expect(risks(searched(1))).toEqual([]);
    expect(risks(searched(5, 'api'))).toEqual([]);
  });
});

describe('MTU', () => {
  const eth = (mtu: number) => ({
    'inside:front': inside('front', {
      interfaces: [{ name: 'eth0', mtu, up: true, running: true, loopback: false }],
    }),
  });
  const host = (bridge: number, outward: number) =>
    settings({
      interfaces: [nic('eth0', outward, '10.0.0.4/24'), nic('br-shop', bridge, '172.20.0.1/16')],
    });

  it('above that of its bridge, or of the host’s way out', () => {
    expect(titles({ ...eth(1500), settings: host(1500, 1400) })).toEqual([
      'Larger packets than the way out takes in front: MTU 1500, then 1400',
    ]);
    const [first] = risks({ ...eth(9000), settings: host(1500, 1500) });
    expect(first?.evidence.map(({ value }) => value)).toEqual([
      'eth0 of front: MTU 9000; bridge br-shop of this host: 1500',
      'eth0 of front: MTU 9000; way out by eth0 of this host: 1500',
    ]);
    expect(titles({ ...eth(1400), settings: host(1500, 1500) })).toEqual([]);
  });

  it('above what its connections have learnt of their way', () => {
    const learnt = within('front', edge('192.0.2.7:443', { pathMtu: 1380 }));
    expect(titles(learnt)).toEqual(['Larger packets than the way out takes in front: MTU 1500, then 1380']);
    expect(titles(within('front', edge('192.0.2.7:443', { pathMtu: 1500 })))).toEqual([]);
  });
});

describe('keep-alives that come too late', () => {
  const kept = (over: Partial<Edge> = {}, peer = '192.0.2.7:5432') =>
    edge(peer, {
      idleMs: { least: 1_000, most: 94_000 },
      keepAlive: { armed: 1, none: 0, longestMs: 7_106_000 },
      ...over,
    });

  it('where the way leads out of this network', () => {
    const [first] = risks(within('front', kept()));
    expect(first?.title).toBe(
      'Keep-alives of front → 192.0.2.7:5432 come too late: a silent flow may be forgotten after 5 min 50 s',
    );
    expect(first?.evidence[0]).toMatchObject({
      value: 'silent for 1 min 34 s so far; the first keep-alive comes 1 h 58 min from now',
      reading: 7106,
      threshold: '350 s',
    });
    expect(first?.fix[0]?.command).toContain('tcp_keepalive_time=60');
  });

  it('with the setting of the host, of its own connections', () => {
    const own = { sockets: { ...sockets(), edges: edges(kept({ processes: ['java'] })) } };
    expect(risks(own)[0]).toMatchObject({
      title: expect.stringMatching(/^Keep-alives of java → 192\.0\.2\.7:5432 come too late/),
      evidence: [{ value: expect.stringContaining('(net.ipv4.tcp_keepalive_time 7200 s)') }],
    });
  });

  it('or that are not asked for', () => {
    const none = kept({ keepAlive: { armed: 0, none: 2, longestMs: null } });
    expect(risks(within('front', none))[0]?.evidence[0]?.value).toContain('2 ask for no keep-alive');
  });

  it('but not on the wire, on loopback, early enough, in use, or of who came in', () => {
    for (const over of [
      { near: true as const },
      { idleMs: { least: 0, most: 4_000 } },
      { keepAlive: { armed: 1, none: 0, longestMs: 50_000 } },
      { direction: 'in' as const },
    ])
      expect(risks(within('front', kept(over)))).toEqual([]);
    expect(risks(within('front', kept({}, '127.0.0.1:5432')))).toEqual([]);
    expect(risks(within('front', kept({}, `${ADDRESS.store}:5432`)))).toEqual([]);
  });

  it('measured against the host’s own table, through which a neighbour is reached', () => {
    const short = { ...conntrack(0.1), timeouts: { tcp_timeout_established: 300 } };
    const toStore = within('front', kept({}, `${ADDRESS.store}:5432`));
    expect(risks({ ...toStore, conntrack: short })[0]).toMatchObject({
      title: 'Keep-alives of front → store come too late: a silent flow may be forgotten after 5 min',
      evidence: [{ threshold: '300 s' }],
    });
    const long = { ...conntrack(0.1), timeouts: { tcp_timeout_established: 432_000 } };
    expect(risks({ ...toStore, conntrack: long })).toEqual([]);
  });
});

describe('who closes first', () => {
  const front = (over: Partial<Edge> = {}) =>
    edge(`${ADDRESS['shop-1']}:8000`, { idleMs: { least: 500, most: 4_800 }, ...over });
  const shop = (over: Partial<Edge> = {}) =>
    edge(`${ADDRESS.front}:8000`, { direction: 'in', states: { ESTAB: 1, 'TIME-WAIT': 3 }, ...over });
  const both = (one: Edge, other: Edge) => ({ ...within('front', one), ...within('shop-1', other) });

  it('is the server, while its client keeps them', () => {
    const [first] = risks(both(front(), shop()));
    expect(first?.title).toBe('shop-1 closes first what front keeps: keep-alive in the wrong order');
    expect(first?.evidence[0]?.value).toBe(
      '3 connections in TIME-WAIT at shop-1, none at front, which keeps them between requests (4.8 s now)',
    );
  });

  it('is nobody’s risk where the client closes, keeps none, or speaks with a database', () => {
    expect(risks(both(front({ states: { ESTAB: 1, 'TIME-WAIT': 2 } }), shop()))).toEqual([]);
    expect(risks(both(front({ idleMs: { least: 5, most: 40 } }), shop()))).toEqual([]);
    expect(risks(both(front(), shop({ states: { ESTAB: 1, 'TIME-WAIT': 1 } })))).toEqual([]);
    expect(risks(both(front(), shop({ peer: ADDRESS['shop-2'] ?? '' })))).toEqual([]);
    const mysql = both(front({ port: 3306 }), shop({ port: 3306 }));
    expect(risks(mysql)).toEqual([]);
  });

  it('is seen on loopback as well', () => {
    const list = [
      edge('127.0.0.1:3000', { processes: ['nginx'], idleMs: { least: 500, most: 2_000 } }),
      edge('127.0.0.1:3000', { direction: 'in', states: { ESTAB: 1, 'TIME-WAIT': 2 } }),
    ];
    expect(titles({ sockets: { ...sockets(), edges: edges(...list) } })).toEqual([
      '127.0.0.1:3000 closes first what nginx keeps: keep-alive in the wrong order',
    ]);
  });
});

describe('certificates', () => {
  const shown = (left: number, of: number) => ({
    'http:GET /': { ...http('GET /'), url: 'https://127.0.0.1:5000/', certificate: { left, of } },
  });

  it('that should have been renewed, before they are a finding', () => {
    expect(titles(shown(21, 90))).toEqual([
      'The certificate at front (127.0.0.1:5000) is due for renewal: it ends in 21 days',
    ]);
    for (const [left, of] of [
      [31, 90],
      [5, 6],
      [9, 90],
    ] as const)
      expect(titles(shown(left, of))).toEqual([]);
  });
});

describe('a bridge network that no rule translates', () => {
  const NONE = settings({ nat: [{ source: '172.17.0.0/16' }, { source: '172.20.0.53/32' }] });

  it('is told with its containers and the rule that it lacks', () => {
    const [first] = risks({ settings: NONE });
    expect(first?.title).toBe('No masquerade rule for 172.20.0.0/16, the network of front');
    expect(first?.evidence[0]?.value).toBe(
      'none of 2 rules translates what comes from br-shop (172.20.0.0/16)',
    );
    expect(first?.fix[0]?.command).toBe(
      'iptables -t nat -A POSTROUTING -s 172.20.0.0/16 ! -o br-shop -j MASQUERADE',
    );
  });

  it('not where a rule takes a larger network or any, where none was read, or where nobody leads out', () => {
    expect(risks({ settings: settings({ nat: [{ source: '172.16.0.0/12' }] }) })).toEqual([]);
    expect(risks({ settings: settings({ nat: [{ source: null }] }) })).toEqual([]);
    expect(risks({ settings: settings({ nat: null }) })).toEqual([]);
    expect(risks({ settings: NONE, 'inside:front': inside('front', { routes: [] }) })).toEqual([]);
  });

  it('not where somebody there is connected with the outside: others translate, or know the way back', () => {
    const open = (peer: string) => ({ settings: NONE, ...within('front', edge(peer)) });
    expect(risks(open('198.51.100.4:443'))).toEqual([]);
    for (const peer of ['172.20.0.20:5432', '10.0.0.4:80', '127.0.0.1:80'])
      expect(titles(open(peer))).toHaveLength(1);
  });
});
