import { describe, expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { Edge, ListenQueue } from '../../source/probes/samples.js';
import { containerServices } from '../helpers/container-world.js';
import { type World, watch } from '../helpers/history.js';
import { firing } from '../helpers/host-run.js';
import { edge, edges, lookups } from '../helpers/inside.js';
import { dns, kernel, logs, sockets } from '../helpers/samples.js';

/** Nobody named a target: what is said stands on what the kernel shows alone. */
const run = (seconds: number, world: (t: number) => World) => watch(seconds, world, allModes());

/** What this host shows every two seconds. */
const host = (list: readonly Edge[], listeners: readonly ListenQueue[] = []) => ({
  sockets: { ...sockets(), listeners, edges: { ...edges(...list), sinceMs: 2_000 } },
});
const queue = (port: number, queued: number): ListenQueue => ({
  ...{ service: null, address: '127.0.0.1', port, queued, backlog: 128 },
});
const even = (world: (t: number) => World) => (t: number) => (t % 2 === 0 ? world(t) : {});

describe('a server that accepts nobody', () => {
  const idleMs = { least: 500, most: 9_000 };
  const comes: Edge = {
    ...edge('127.0.0.1:9100', { opened: 2, received: 2, sent: 0, idleMs }),
    direction: 'in',
  };
  const asks = edge('127.0.0.1:9100', { opened: 2, sent: 2, unanswered: { count: 9, longestMs: 9_000 } });
  const hung = (list: readonly Edge[], queued = 9) =>
    firing(
      run(
        16,
        even(() => host(list, [queue(9100, queued)])),
      ),
      'service-hung',
    );

  it('is hung: connections lie in its queue and nobody is sent a byte', () => {
    const found = hung([comes, asks]);
    expect(found.at(-1)?.finding).toMatchObject({
      title: '127.0.0.1:9100 takes connections and does not answer',
      severity: 'critical',
    });
    expect(found[0]?.t).toBeLessThanOrEqual(12);
  });

  it('is not where it answers somebody, nobody waits in the queue or long, nobody comes, or it may wait itself', () => {
    expect(
      hung([
        { ...comes, sent: 1 },
        { ...asks, received: 1 },
      ]),
    ).toEqual([]);
    expect(hung([comes, asks], 0)).toEqual([]);
    const soon = { ...comes, idleMs: { least: 100, most: 900 } };
    expect(hung([soon, { ...asks, unanswered: { count: 2, longestMs: 900 } }])).toEqual([]);
    expect(hung([{ ...comes, opened: 0 }])).toEqual([]);
    const behind = edge('10.0.0.9:5432', { unanswered: { count: 1, longestMs: 9_000 } });
    expect(hung([comes, asks, behind])).toEqual([]);
  });
});

describe('lookups that nobody answers', () => {
  const silent = (askers: number, datagrams: (t: number) => number) =>
    firing(
      run(14, (t) => ({
        ...(t % 2 === 0 ? { sockets: sockets({ askers }) } : {}),
        kernel: kernel({ 'Udp.InDatagrams': datagrams(t) }),
        ...(t % 3 === 0 ? { dns: dns({ outcome: 'timeout', ms: 2000 }) } : {}),
      })),
      'resolver-dead',
    );

  it('are a dead resolver soon where others wait for it too and no datagram at all comes in', () => {
    expect(silent(15, () => 7)[0]?.t).toBeLessThanOrEqual(11);
    expect(silent(15, (t) => 7 + t)).toEqual([]);
    expect(silent(0, () => 7)).toEqual([]);
  });
});

describe('a name that one container is denied', () => {
  const denied = (names: readonly string[], by = 'worker') => {
    const asked = names.flatMap((name) => dns({ outcome: 'NXDOMAIN', ms: 1, name }).names);
    const line = logs('name-resolution-missing', 'gaierror: [Errno -2] Name or service not known');
    return firing(
      run(14, (t) => ({
        services: containerServices(),
        logs: { matches: line.matches.map((match) => ({ ...match, service: by })) },
        ...(t % 3 === 0
          ? {
              'dns:worker': lookups('worker', {
                names: asked.map((one) => ({ ...one, learnt: true, resolver: '127.0.0.11:53' })),
              }),
            }
          : {}),
      })),
      'name-missing',
    ).map(({ finding }) => finding.subject.id);
  };

  it('is missed where that container logs that it lacks one, and it can be no other', () => {
    expect(denied(['cahce'])).toContain('cahce');
    expect(denied(['cahce', 'wpad'])).toEqual([]);
    expect(denied(['cahce'], 'web')).toEqual([]);
  });
});

describe('a server that ends while it is watched', () => {
  it('is told within ten seconds, whatever came about before; one that some attempts reach is none', () => {
    const run30 = (isOpen: (t: number) => boolean) =>
      firing(
        run(
          30,
          even((t) =>
            host([
              edge(
                '127.0.0.1:8000',
                isOpen(t) ? { states: {}, opened: 2 } : { states: {}, failed: 2, opened: 0 },
              ),
            ]),
          ),
        ),
        'service-stopped',
      );
    expect(run30((t) => t < 12)[0]?.t).toBeLessThanOrEqual(22);
    expect(run30((t) => t % 4 === 0)).toEqual([]);
  });
});
