import { describe, expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { Edge } from '../../source/probes/samples.js';
import { containerServices } from '../helpers/container-world.js';
import { type Look, top, type World, watch } from '../helpers/history.js';
import { edge, edges, inside, insideSockets } from '../helpers/inside.js';
import { kernel, sockets } from '../helpers/samples.js';

const at = (address: string) => ({ container: { networks: [{ name: 'shop', address, aliases: [] }] } });
const ADDRESS = { front: '10.0.0.2', 'shop-1': '10.0.0.3', store: '10.0.0.5' } as const;
const services = () =>
  containerServices(
    Object.fromEntries(Object.entries(ADDRESS).map(([name, address]) => [name, at(address)])),
  );

type Shown = Readonly<Record<string, readonly Edge[]>>;

/** What a host without containers shows every two seconds, and what each container does every five. */
function run(seconds: number, host: readonly Edge[], shown: Shown = {}, more: World = {}): readonly Look[] {
  return watch(
    seconds,
    (t) => ({
      ...(Object.keys(shown).length > 0 ? { services: services() } : {}),
      ...(t % 2 === 0 ? { sockets: { ...sockets(), edges: { ...edges(...host), sinceMs: 2_000 } } } : {}),
      kernel: kernel(),
      ...(t % 5 === 1
        ? Object.fromEntries(
            Object.entries(shown).map(([name, list]) => {
              const showing = insideSockets(
                {},
                { edges: t === 1 ? edges(...list.map(first)) : edges(...list) },
              );
              return [`inside:${name}`, inside(name, { sockets: showing })];
            }),
          )
        : {}),
      ...more,
    }),
    allModes(),
  );
}

/** The first look knows no flow. */
const first = (each: Edge): Edge => ({ ...each, sent: null, resent: null, opened: null, lateOpened: null });

const named = (looks: readonly Look[]) =>
  looks.map((look) => top(look)).find((finding) => finding !== undefined);
const causes = (looks: readonly Look[]): string[] => [
  ...new Set(looks.flatMap((look) => (top(look) ? [top(look)?.id as string] : []))),
];
const nothing = (looks: readonly Look[]) =>
  looks.flatMap(({ findings }) => findings.filter((f) => f.state === 'firing'));

const QUICK = { rttMs: 0.2, minRttMs: 0.1 };
const SLOW = { rttMs: 104, minRttMs: 100 };
const toStore = '10.0.0.5:5432';
const well = (peer: string) => edge(peer, { sent: 100, resent: 0, opened: 20, lateOpened: 0, ...QUICK });

describe('packet loss by edges', () => {
  it('is named at the container that all lossy connections share', () => {
    const lossy = edge(toStore, { sent: 100, resent: 6, opened: 20, lateOpened: 3, ...QUICK });
    const looks = run(20, [well('10.0.0.2:5000')], {
      front: [well('10.0.0.3:8001'), lossy],
      'shop-1': [lossy],
    });
    expect(causes(looks)).toEqual(['packet-loss']);
    const finding = named(looks);
    expect(finding?.subject).toEqual({ kind: 'workload', id: 'store' });
    expect(finding?.title).toBe('Packet loss at store: 6.4 % retransmitted');
    expect(looks.findIndex((look) => top(look)) + 1).toBeLessThanOrEqual(14);
  });

  it('on a loopback takes more, and handshakes that are lost as well', () => {
    const own = (resent: number, lateOpened: number) =>
      run(20, [edge('127.0.0.1:9000', { sent: 30, resent, opened: 10, lateOpened, ...QUICK })]);
    expect(nothing(own(1, 0))).toEqual([]);
    expect(nothing(own(4, 0))).toEqual([]);
    expect(causes(own(4, 2))).toEqual(['packet-loss']);
  });

  it('between this host and a peer that nobody knows is a connection', () => {
    const looks = run(20, [
      edge('203.0.113.9:443', { processes: ['curl'], sent: 40, resent: 4, rttMs: 90, minRttMs: 88 }),
      well('10.1.0.7:80'),
    ]);
    expect(causes(looks)).toEqual(['packet-loss']);
    expect(named(looks)?.subject).toEqual({ kind: 'connection', id: 'this host ↔ 203.0.113.9:443' });
    expect(named(looks)?.title).toBe('Packet loss between this host and 203.0.113.9:443: 10 % retransmitted');
  });

  describe('of what a peer sends whose own sockets nobody here reads', () => {
    const comes = (outOfOrder: number, more: Partial<Edge> = {}) =>
      edge('10.1.0.9:9001', {
        ...{ processes: ['gate'], sent: 8, resent: 0, received: 400, outOfOrder, near: true },
        ...QUICK,
        ...more,
      });

    it('is seen by the gaps in what arrives', () => {
      const looks = run(20, [comes(48)]);
      expect(causes(looks)).toEqual(['packet-loss']);
      const finding = named(looks);
      expect(finding?.title).toBe(
        'Packet loss between this host and 10.1.0.9:9001: 12 % arrives behind a gap',
      );
      expect(finding?.explanation[0]).toMatch(
        /^10\.1\.0\.9:9001 → this host \(gate\): \d+ of \d+ data segments come behind one that is missing/,
      );
      expect(looks.findIndex((look) => top(look)) + 1).toBeLessThanOrEqual(14);
    });

    it('takes more from far away', () => {
      const far = (outOfOrder: number) => {
        const { near: _, ...each } = comes(outOfOrder);
        return run(20, [each]);
      };
      expect(nothing(far(48))).toEqual([]);
      expect(causes(far(120))).toEqual(['packet-loss']);
      expect(named(far(120))?.severity).toBe('critical');
    });

    it('is not a few of very many, nor a single look', () => {
      expect(nothing(run(20, [comes(4)]))).toEqual([]);
      const once = watch(
        20,
        (t) => ({
          ...(t % 2 === 0
            ? { sockets: { ...sockets(), edges: { ...edges(comes(t === 10 ? 300 : 0)), sinceMs: 2_000 } } }
            : {}),
          kernel: kernel(),
        }),
        allModes(),
      );
      expect(nothing(once)).toEqual([]);
    });
  });

  it('is not a SYN that nobody answers, few segments, nor what a full listener drops', () => {
    const syn = { count: 9, retried: 9, mostRetries: 4, ageMs: 20_000 };
    expect(causes(run(20, [edge('10.9.9.9:80', { states: { 'SYN-SENT': 9 }, synSent: syn })]))).not.toContain(
      'packet-loss',
    );
    expect(causes(run(20, [edge('10.9.9.9:80', { sent: 1, resent: 1 })]))).toEqual([]);
    const late = edge(toStore, { sent: 40, resent: 0, opened: 20, lateOpened: 6, ...QUICK });
    let drops = 0;
    const full = watch(
      20,
      (t) => ({
        services: services(),
        'inside:front': inside('front', { sockets: insideSockets({}, { edges: edges(late) }) }),
        'inside:store': inside('store', {
          kernel: {
            means: '',
            counters: { ...kernel().counters, 'TcpExt.ListenOverflows': t === 1 ? 0 : ++drops },
          },
        }),
      }),
      allModes(),
    );
    expect(causes(full)).not.toContain('packet-loss');
  });

  it('is not one stall, and not what was lost twenty seconds ago', () => {
    const once = watch(
      30,
      (t) => ({
        sockets: {
          ...sockets(),
          edges: edges(edge('10.1.0.7:80', { sent: 30, resent: t === 4 ? 6 : 0, ...QUICK })),
        },
      }),
      allModes(),
    );
    expect(nothing(once)).toEqual([]);
  });
});

describe('a delay by edges', () => {
  it('within a machine is named from the first looks, at the end that is slow towards everybody', () => {
    const slow = edge(toStore, SLOW);
    const looks = run(20, [well('10.0.0.2:5000')], {
      front: [well('10.0.0.3:8001'), slow],
      'shop-1': [slow],
    });
    expect(causes(looks)).toEqual(['latency']);
    expect(named(looks)?.subject).toEqual({ kind: 'workload', id: 'store' });
    expect(named(looks)?.title).toBe(
      'Delay on connections to store: 100 ms (both ends are on one machine or wire)',
    );
    expect(looks.findIndex((look) => top(look)) + 1).toBeLessThanOrEqual(10);
  });

  it('on a loopback or to a neighbour is wrong, to the other side of the world is not', () => {
    expect(causes(run(12, [edge('127.0.0.1:6379', SLOW)]))).toEqual(['latency']);
    expect(causes(run(12, [edge('192.168.1.9:80', { ...SLOW, near: true })]))).toEqual(['latency']);
    expect(nothing(run(12, [edge('203.0.113.9:443', SLOW), edge('192.168.1.9:80', SLOW)]))).toEqual([]);
  });

  it('to a far peer is told by its own past', () => {
    const looks = watch(
      40,
      (t) => ({
        sockets: {
          ...sockets(),
          edges: edges(edge('203.0.113.9:443', t < 20 ? { rttMs: 22, minRttMs: 20 } : SLOW)),
        },
      }),
      allModes(),
    );
    expect(causes(looks.slice(0, 19))).toEqual([]);
    expect(named(looks)?.title).toBe(
      'Delay on connections between this host and 203.0.113.9:443: 100 ms (it took 20 ms)',
    );
  });

  it('in a queue is told from one on the wire', () => {
    const looks = run(12, [edge('127.0.0.1:6379', { rttMs: 900, minRttMs: 0.2 })]);
    expect(named(looks)?.evidence[0]?.value).toContain('a queue on the way');
  });
});
