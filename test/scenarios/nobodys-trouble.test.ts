import { describe, expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { Edge } from '../../source/probes/samples.js';
import { containerServices } from '../helpers/container-world.js';
import { type World, watch } from '../helpers/history.js';
import { edge, edges, inside, insideSockets } from '../helpers/inside.js';
import { HANG, http, kernel, sockets } from '../helpers/samples.js';

const run = (seconds: number, world: (t: number) => World) =>
  watch(seconds, world, allModes())
    .at(-1)
    ?.findings.filter(({ state }) => state === 'firing') ?? [];

describe('what a visitor far away loses on his own way', () => {
  const lossy = (peer: string): Edge =>
    edge(`${peer}:8080`, { direction: 'in', sent: 100, resent: 6, opened: 5, lateOpened: 0 });
  const losing = (...visitors: string[]) =>
    run(30, (t) => ({
      kernel: kernel({
        'Tcp.OutSegs': 200 * t,
        'TcpExt.TCPOrigDataSent': 60 * t * visitors.length,
        'Tcp.RetransSegs': 3 * t * visitors.length,
      }),
      ...(t % 2 === 0
        ? { sockets: { ...sockets(), edges: { ...edges(...visitors.map(lossy)), sinceMs: 2_000 } } }
        : {}),
    })).map(({ id, severity }) => `${id} ${severity}`);

  it('is told, and alarms nobody', () => {
    expect(losing('203.0.113.9')).toEqual(['packet-loss notice']);
  });

  it('is a loss of this host where several suffer', () => {
    expect(losing('203.0.113.9', '198.51.100.7', '192.0.2.44')).toContain('packet-loss critical');
  });
});

describe('who looks for somebody', () => {
  const silent = { sent: null, synSent: { count: 1, retried: 1, mostRetries: 1, ageMs: 2_000 } };
  const asking = (count: number) => {
    const asked = [...Array(count)].map((_, i) => `10.0.0.${i + 20}:443`);
    return run(30, (t) => ({
      services: containerServices({
        front: { container: { networks: [{ name: 'shop', address: '10.0.0.2', aliases: [] }] } },
      }),
      ...(t % 5 === 1
        ? {
            'inside:front': inside('front', {
              sockets: insideSockets({}, { edges: edges(...asked.map((one) => edge(one, silent))) }),
            }),
            matrix: {
              sources: ['front'],
              targets: [],
              cells: asked.map((target) => ({
                ...{ source: 'front', target, because: 'connects' as const },
                ...{ outcome: 'timeout' as const, ms: 1_500 },
              })),
            },
          }
        : {}),
    })).map(({ id }) => id);
  };

  it('misses nobody', () => {
    expect(asking(12)).not.toContain('partition');
  });

  it('is not one that cannot reach the few it needs', () => {
    expect(asking(2)).toContain('partition');
  });
});

it('a page of an unknown process is not said to hang while this host waits for another server', () => {
  const waits = edge('10.9.0.7:8080', { synSent: { count: 3, retried: 2, mostRetries: 1, ageMs: 1_800 } });
  const names = (...list: Edge[]) =>
    run(40, (t) => ({
      ...(t % 2 === 0 ? { sockets: { ...sockets(), edges: { ...edges(...list), sinceMs: 2_000 } } } : {}),
      ...(t % 5 === 0 ? { 'http:GET /': { ...http('GET /', HANG), url: 'http://127.0.0.1:8080/' } } : {}),
    })).map(({ id }) => id);
  expect(names(waits)).not.toContain('service-hung');
  expect(names()).toContain('service-hung');
});
