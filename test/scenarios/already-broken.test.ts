import { describe, expect, it } from 'vitest';
import { allModes, failureModes } from '../../scenarios/index.js';
import type { DnsSample, DnsStep } from '../../source/probes/samples.js';
import { containerServices, gone, MIB } from '../helpers/container-world.js';
import { type World, watch } from '../helpers/history.js';
import { edge, edges } from '../helpers/inside.js';
import { alike, ONSET as NETWORK_ONSET, networkRun } from '../helpers/network-world.js';
import { conntrack, dns, ERROR_500, everyTarget, http, kernel, sockets } from '../helpers/samples.js';
import { swarm, swarmService, task } from '../helpers/swarm.js';
import { ONSET, onAnyHost, RUNS } from '../helpers/worlds.js';

/** What a person bears who comes to what is broken already: seconds from the first full look to a name. */
const WITHIN_S = 10;

type Run = (t: number) => World;

/** The run of a lab that is broken from its first second on. */
const broken =
  (run: Run): Run =>
  (t) =>
    run(t + ONSET);
const network = (sick: Parameters<typeof networkRun>[0]): Run => {
  const run = networkRun(sick);
  return (t) => run(t + NETWORK_ONSET);
};
const containers = (over: Parameters<typeof containerServices>[0], more: World = {}): World => ({
  services: containerServices(over),
  events: { events: [], lost: 0 },
  ...more,
});
const limited = (cpus: number | null, memoryBytes: number | null) => ({
  limits: { cpus, memoryBytes, pids: null },
});

const EVERY_PORT = {
  ...{ source: '10.0.0.2', peer: '10.0.0.7', port: 6379, range: '32768-60999' },
  ...{ taken: 28_232, timeWait: 27_000, of: 28_232 },
};

const STORM = {
  ...{ address: '0.0.0.0', port: 5000, count: 49, backlog: 64, clients: 1 },
  peers: [{ peer: '10.0.0.9', count: 49 }],
};

const RETRIED = [
  edge('10.0.0.5:9000', { owner: 'shop', opened: 96, sent: 96, givenUp: 90, received: 6, failed: 0 }),
  edge('10.0.0.9:8080', { owner: 'shop', direction: 'in', opened: 16, sent: 16, received: 16 }),
];

const PINNED = [
  edge('10.0.0.5:5432', {
    ...{ owner: 'shop', states: { ESTAB: 3 }, received: 9, unanswered: { count: 3, longestMs: 900 } },
  }),
  edge('10.0.0.9:8080', { owner: 'shop', direction: 'in', owed: { count: 17, longestMs: 2_900 } }),
];

/** A name that is given at last, behind three suffixes. */
function searched(deniedMs: number): DnsSample {
  const suffixes = ['a.internal', 'b.internal', 'c.internal'];
  const all = dns();
  const names = all.names.map((one) => {
    const denied = suffixes.map(
      (suffix): DnsStep => ({
        ...{ qname: `${one.name}.${suffix}`, qtype: 'A', outcome: 'NXDOMAIN', ms: deniedMs, addresses: [] },
      }),
    );
    return { ...one, steps: [...denied, ...one.steps], totalMs: one.totalMs + 3 * deniedMs };
  });
  return { ...all, search: suffixes, ndots: 5, names };
}

/** By mode: the failure as it stands, and the second in which all that it is judged by has been read once. */
const STANDING: Readonly<Record<string, readonly (readonly [what: string, fullLook: number, run: Run])[]>> = {
  'resolver-saturation': [['answers come late', 4, broken(RUNS['traffic-spike'])]],
  'database-down': [
    ['its process has ended', 2, broken(RUNS['database-down'])],
    ['its process is frozen', 2, broken(RUNS['database-frozen'])],
  ],
  'database-connections': [['no slot is free', 2, broken(RUNS['database-connections'])]],
  'resolver-dead': [
    ['its process has ended', 2, broken(RUNS['resolver-dead'])],
    ['its process is frozen', 4, broken(RUNS['resolver-frozen'])],
    ['refused, and no process is seen', 2, broken(onAnyHost(RUNS['resolver-dead']))],
  ],
  'name-missing': [
    ['NXDOMAIN', 2, broken(RUNS['name-missing'])],
    ['NXDOMAIN that comes late', 8, broken(RUNS['name-missing-hanging'])],
  ],
  'service-stopped': [
    ['its process has ended', 2, broken(RUNS['service-stopped'])],
    ['refused, and no process is seen', 2, broken(onAnyHost(RUNS['service-stopped']))],
  ],
  'service-hung': [
    ['its process is frozen', 1, broken(RUNS['service-hung'])],
    ['silent, and no process is seen', 5, broken(onAnyHost(RUNS['service-hung']))],
  ],
  'http-errors': [['status 500', 2, broken(RUNS['http-errors'])]],
  latency: [
    [
      '200 ms within one network',
      5,
      network(() => ({ way: (from, to) => ([from, to].includes('store') ? { ms: 200 } : undefined) })),
    ],
  ],
  'packet-loss': [['20 % sent again', 2, network(() => ({ resent: (name) => (name === 'store' ? 20 : 0) }))]],
  partition: [
    [
      'one needs another and does not reach it',
      5,
      network(() => ({
        way: (from, to) =>
          from === 'front' && to === 'shop-1'
            ? { outcome: 'timeout', ms: 1000, errno: 'ETIMEDOUT' }
            : undefined,
      })),
    ],
  ],
  'dns-failure': [
    [
      'SERVFAIL in one container',
      6,
      network(() => ({
        lookup: (name) => (name === 'shop-1' ? alike({ outcome: 'SERVFAIL', ms: 3 }) : undefined),
      })),
    ],
  ],
  'dns-search-path': [
    ['three suffixes, each denied after 1.2 s', 4, (t) => (t % 4 === 0 ? { dns: searched(1_200) } : {})],
  ],
  'container-kill': [
    [
      'killed before we came',
      1,
      () => containers({ store: gone(137, 'killed (SIGKILL)') }, everyTarget(ERROR_500, 500)),
    ],
  ],
  'container-paused': [['paused before we came', 1, () => containers({ store: { state: 'paused' } })]],
  'container-unhealthy': [
    ['its check fails', 1, () => containers({ store: { container: { health: 'unhealthy' } } })],
  ],
  'cpu-limit': [
    [
      'held back, and slow by any measure',
      3,
      (t) =>
        containers(
          {
            front: {
              cpuPercent: 20,
              container: {
                ...limited(0.2, null),
                throttling: { periods: 10 * t, throttledPeriods: 9 * t, throttledMs: 900 * t },
                throttledPercent: t > 1 ? 90 : null,
              },
            },
          },
          t % 2 === 0 ? { 'http:GET /': { ...http('GET /'), totalMs: 1_900 } } : {},
        ),
    ],
  ],
  'memory-limit': [
    [
      'killed in its limit before we came',
      1,
      () =>
        containers({
          'shop-1': {
            memoryBytes: 49 * MIB,
            restarts: 5,
            container: { ...limited(null, 50 * MIB), oomKills: 7 },
          },
        }),
    ],
  ],
  'conntrack-full': [['full, and dropping', 2, (t) => ({ conntrack: conntrack(1, 10 * t) })]],
  'missing-masquerade': [
    [
      'SYNs that leave under a private address, to where nobody knows the way back',
      2,
      (t) =>
        t % 2 === 0
          ? {
              sockets: {
                ...sockets(),
                forwarded: [
                  {
                    source: '172.18.0.2',
                    peer: '203.0.113.9',
                    port: 443,
                    syns: 3,
                    answers: 0,
                    wayBack: null,
                  },
                ],
              },
            }
          : {},
    ],
  ],
  'listen-overflow': [['a full queue', 1, () => ({ sockets: sockets({ queued: 129, backlog: 128 }) })]],
  'port-exhaustion': [
    ['every local port in use', 1, () => ({ sockets: { ...sockets(), portUse: [EVERY_PORT] } })],
  ],
  'tls-chain': [
    [
      'a certificate that expired',
      2,
      (t) =>
        t % 2 === 0
          ? {
              'http:GET /': http('GET /', {
                ...{ kind: 'tls', phase: 'tls', tls: 'expired' },
                ...{
                  text: 'a certificate that expired yesterday',
                  short: 'a certificate that expired yesterday',
                },
              }),
            }
          : {},
    ],
  ],
  'tls-version': [
    [
      'no version in common',
      2,
      (t) =>
        t % 2 === 0
          ? {
              'http:GET /': http('GET /', {
                kind: 'tls',
                phase: 'tls',
                tls: 'version',
                text: 'no version in common',
              }),
            }
          : {},
    ],
  ],
  'mtu-black-hole': [
    [
      'full segments that are sent again and again, beside small packets that arrive',
      4,
      (t) =>
        t % 2 === 0
          ? {
              sockets: {
                ...sockets(),
                edges: edges(
                  edge('10.8.0.5:8080', {
                    ...{ direction: 'in', near: true, opened: 2, received: 4 },
                    stuckFull: { count: 3, bytes: 1_448, sinceMs: 9_000, lastTryMs: 500 },
                  }),
                ),
              },
            }
          : {},
    ],
  ],
  'silent-eviction': [
    [
      'a connection that was idle and is dead, beside others that are answered',
      4,
      (t) =>
        t % 2 === 0
          ? {
              sockets: {
                ...sockets(),
                edges: edges(
                  edge('10.8.0.5:5432', {
                    ...{ stalled: 1, received: 4 },
                    stuckIdle: { count: 1, leastIdleMs: 610_000, sinceMs: 9_000, lastTryMs: 500 },
                  }),
                ),
              },
            }
          : {},
    ],
  ],
  'pool-exhaustion': [
    [
      'busy in every look, while callers wait',
      2,
      (t) => (t % 2 === 0 ? { sockets: { ...sockets(), edges: edges(...PINNED) } } : {}),
    ],
  ],
  'retry-storm': [
    [
      'six attempts for each request, mostly in vain',
      2,
      (t) => (t % 2 === 0 ? { sockets: { ...sockets(), edges: edges(...RETRIED) } } : {}),
    ],
  ],
  'connection-storm': [
    [
      'half-open connections that are dropped',
      2,
      (t) => ({
        sockets: { ...sockets(), halfOpen: [STORM] },
        kernel: kernel({ 'TcpExt.ListenDrops': 150 * t }),
      }),
    ],
  ],
  retransmission: [
    [
      '10 % sent again',
      2,
      (t) => ({ kernel: kernel({ 'Tcp.OutSegs': 1_000 * t, 'Tcp.RetransSegs': 100 * t }) }),
    ],
  ],
  'swarm-replicas': [
    [
      'a task that waits for ten minutes',
      1,
      () => ({
        swarm: swarm(
          swarmService('shop', { running: 1, tasks: [task('a', { state: 'pending', createdAt: 0 })] }),
        ),
      }),
    ],
  ],
  unexplained: [
    ['many half-open connections', 1, () => ({ sockets: { ...sockets(), total: { 'SYN-RECV': 400 } } })],
  ],
};

/** What no standing history is built of here, and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'service-restarted':
    'it is an event: named at once from what the engine remembers (test/diagnosis/containers)',
  'container-cannot-start': 'it stands in the state of the container (its own test)',
  'stale-dns': 'it stands in what the engine remembers and in what waits for an answer (its own test)',
  'flapping-replica': 'it is what comes and goes, and is counted from then on (its own test)',
  'drain-gap': 'each server is away for a moment, in turn, and is counted from then on (its own test)',
  'keepalive-race': 'it happens to one connection at a time, and is counted from then on (its own test)',
  'idle-reset': 'it happens to one connection at a time, and is counted from then on (its own test)',
  'close-wait-leak': 'a crowd that stands still is told from a busy moment by its age alone (its own test)',
};

describe('a failure that stands when the first look is taken', () => {
  it('is judged here for every mode, or it is said why not', () => {
    const told = [...Object.keys(STANDING), ...Object.keys(ELSEWHERE)].sort();
    expect(told).toEqual(failureModes.map(({ id }) => id).sort());
  });

  const rows = Object.entries(STANDING).flatMap(([id, all]) =>
    all.map(([what, fullLook, run]) => ({ id, what, fullLook, run })),
  );
  it.each(rows)(`$id: $what, within ${WITHIN_S} s of second $fullLook`, ({ id, fullLook, run }) => {
    const looks = watch(fullLook + WITHIN_S, run, allModes());
    const named = looks.find(({ findings }) =>
      findings.some((one) => one.id === id && one.state === 'firing' && one.explainedBy === null),
    );
    expect(named, 'not named in time').toBeDefined();
  });
});
