import { describe, expect, it } from 'vitest';
import { NO_EDGES, UNKNOWN_EDGE } from '../../../source/probes/edges/sample.js';
import type { Edge, InsideSample } from '../../../source/probes/samples.js';
import { CalmContainers } from '../../../source/runtime/inside/calm.js';

const EDGE: Edge = {
  ...UNKNOWN_EDGE,
  ...{ peer: '10.0.0.3', port: 8_080, states: { ESTAB: 1 }, rttMs: 0.2, minRttMs: 0.1 },
};

function sample(edge: Partial<Edge> = {}, more: Partial<InsideSample['sockets']> = {}): InsideSample {
  const sockets = {
    ...{ v4: {}, v6: {}, total: {}, topPeers: {}, listeners: [], closeWait: [], means: 'netlink sock_diag' },
    edges: { ...NO_EDGES, list: [{ ...EDGE, ...edge }] },
    ...more,
  };
  return { name: 'web', pid: 7, sockets } as unknown as InsideSample;
}

/** A stage with one container, whose counters stand in `pulse`. */
function setUp() {
  const pulse = { InSegs: 0, RetransSegs: 0, AttemptFails: 0, EstabResets: 0, OutRsts: 0, CurrEstab: 4 };
  const calm = new CalmContainers(
    () => new Map(Object.entries(pulse).map(([name, value]) => [`Tcp.${name}`, value])),
  );
  let now = 0;
  const web = { name: 'web', pid: 7 };
  /** Time passes with so many segments a second; gives who is calm no more. */
  const pass = (seconds: number, perSecond: number): string[] => {
    const stirred: string[] = [];
    for (let i = 0; i < seconds; i++) {
      now += 1_000;
      pulse.InSegs += perSecond;
      stirred.push(...calm.look([web], now));
    }
    return stirred;
  };
  const settle = (): void => {
    for (let i = 0; i < 3; i++) calm.saw(sample());
  };
  return { calm, pulse, pass, web, settle };
}

describe('a container', () => {
  it('is calm after three looks in a row that found nothing unusual', () => {
    const { calm } = setUp();
    calm.saw(sample());
    calm.saw(sample());
    expect(calm.isCalm('web')).toBe(false);
    calm.saw(sample());
    expect(calm.isCalm('web')).toBe(true);
    calm.saw(sample({ resent: 2 }));
    calm.saw(sample());
    expect(calm.isCalm('web')).toBe(false);
  });

  it.each<[string, InsideSample]>([
    ['is sent again', sample({ resent: 1 })],
    ['opens late', sample({ lateOpened: 1 })],
    ['fails to open', sample({ failed: 1 })],
    ['waits for an answer', sample({ unanswered: { count: 1, longestMs: 1_500 } })],
    ['takes long', sample({ minRttMs: 50 })],
    ['stalls', sample({ stalled: 1 })],
    ['finds no window', sample({ zeroWindow: 1 })],
    ['sends its SYN again', sample({ synSent: { count: 1, retried: 1, mostRetries: 1, ageMs: 900 } })],
    [
      'waits to be accepted',
      sample({}, { listeners: [{ service: null, address: '::', port: 1, queued: 3, backlog: 5 }] }),
    ],
    ['cannot be read', { ...sample(), sockets: null }],
  ])('is not calm where anything %s', (_, unusual) => {
    const { calm } = setUp();
    for (let i = 0; i < 5; i++) calm.saw(unusual);
    expect(calm.isCalm('web')).toBe(false);
  });

  it('stays calm while its traffic goes on, and while it has none', () => {
    for (const perSecond of [200, 0]) {
      const { calm, settle, pass } = setUp();
      settle();
      expect(pass(60, perSecond)).toEqual([]);
      expect(calm.isCalm('web')).toBe(true);
    }
  });

  it.each(['RetransSegs', 'AttemptFails', 'EstabResets', 'OutRsts'] as const)(
    'is calm no more within two pulses after %s has moved',
    (name) => {
      const { calm, pulse, settle, pass } = setUp();
      settle();
      pass(10, 50);
      pulse[name]++;
      expect(pass(2, 50)).toEqual(['web']);
      expect(calm.isCalm('web')).toBe(false);
      expect(pass(10, 50)).toEqual([]);
    },
  );

  it('is calm no more when its traffic stops, or connections pile up', () => {
    const stops = setUp();
    stops.settle();
    stops.pass(10, 50);
    expect(stops.pass(3, 0)).toEqual(['web']);
    const piles = setUp();
    piles.settle();
    piles.pass(10, 50);
    piles.pulse.CurrEstab = 20;
    expect(piles.pass(2, 50)).toEqual(['web']);
  });

  it('is another one when it has another process, and forgotten when it goes', () => {
    const { calm, settle, web } = setUp();
    settle();
    expect(calm.look([{ ...web, pid: 8 }], 1_000)).toEqual(['web']);
    settle();
    expect(calm.look([], 2_000)).toEqual([]);
    expect(calm.isCalm('web')).toBe(false);
  });
});
